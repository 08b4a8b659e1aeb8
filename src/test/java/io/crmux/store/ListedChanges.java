package io.crmux.store;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Changes as a store tells them that has them in memory. */
public record ListedChanges(List<StoredChange> changes) implements StoredChanges {

    @Override
    public int size() {
        return changes.size();
    }

    @Override
    public boolean isDeferred(int index) {
        NewChange accepted = accepted(index);
        Progress untouched = new Progress(seq(index), ChangeState.QUEUED, 0, accepted.accepted(), null, null, false);
        return accepted.body() instanceof ChangeBody.Tags
                && accepted.contactId() != null
                && accepted.origin() == null
                && get(index).progress().equals(untouched);
    }

    @Override
    public String contactId(int index) {
        return Objects.requireNonNull(accepted(index).contactId());
    }

    @Override
    public @Nullable String email(int index) {
        return accepted(index).email();
    }

    private NewChange accepted(int index) {
        return get(index).change().accepted();
    }

    @Override
    public StoredChange get(int index) {
        return changes.get(index);
    }

    @Override
    public long lastSeq() {
        return seq(size() - 1);
    }

    private long seq(int index) {
        return get(index).change().seq();
    }
}
