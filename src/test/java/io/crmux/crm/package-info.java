@NullMarked
package io.crmux.crm;

import org.jspecify.annotations.NullMarked;
