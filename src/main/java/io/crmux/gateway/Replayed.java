package io.crmux.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the replay of a dead letter.
 *
 * @param operation the new write; null when nothing was left to be written
 * @param skipped tags and keys of fields that were left out, because a later change was accepted on them; also {@code delete} and the names of events,
 *     where the contact was added again or deleted since
 */
public record Replayed(@Nullable String operation, List<String> skipped) {}
