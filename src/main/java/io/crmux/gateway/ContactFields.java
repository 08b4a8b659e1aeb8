package io.crmux.gateway;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A contact's fields as a site is to see them.
 *
 * @param id null while the contact's creation is pending
 * @param fields a value is a string, a number, a boolean or a list of strings
 */
public record ContactFields(@Nullable String id, Map<String, Object> fields) {}
