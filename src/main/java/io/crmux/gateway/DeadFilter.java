package io.crmux.gateway;

import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant.
 *
 * @param contact of this contact alone; null for all
 * @param type whose problem has this type; null for all
 */
public record DeadFilter(
        @Nullable ContactRef contact, @Nullable String type) {}
