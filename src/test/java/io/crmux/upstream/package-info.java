@NullMarked
package io.crmux.upstream;

import org.jspecify.annotations.NullMarked;
