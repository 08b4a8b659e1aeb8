package io.crmux.store;

import org.jspecify.annotations.Nullable;

/**
 * Which changes are meant; null means all.
 *
 * @param connection of this one
 * @param state in this state
 * @param whose accepted by one of these ids and addresses
 */
public record ViewFilter(
        @Nullable String connection,
        @Nullable ChangeState state,
        @Nullable Identity whose) {}
