@NullMarked
package io.crmux.api;

import org.jspecify.annotations.NullMarked;
