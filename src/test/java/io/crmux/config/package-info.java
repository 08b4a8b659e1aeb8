@NullMarked
package io.crmux.config;

import org.jspecify.annotations.NullMarked;
