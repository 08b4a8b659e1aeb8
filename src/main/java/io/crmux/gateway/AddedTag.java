package io.crmux.gateway;

import org.jspecify.annotations.Nullable;

/**
 * What became of creating a tag.
 *
 * @param id the CRM's id of it; null where it has none
 * @param operation by which it is found among the staged writes; null where it was created
 */
public record AddedTag(
        @Nullable String id, String name, @Nullable String operation) {}
