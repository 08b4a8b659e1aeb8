package io.crmux.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A contact's tags as a site is to see them.
 *
 * @param id null while the contact's creation is pending
 * @param tags canonical values, in the CRM's order, what was applied since behind it
 */
public record ContactTags(@Nullable String id, List<String> tags) {}
