package io.crmux.gateway;

import io.crmux.crm.Tag;

/**
 * A tag of the tag list.
 *
 * @param value its canonical value
 */
public record TagEntry(String value, Tag tag) {}
