package io.crmux.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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
        return deferral(index) != Deferral.NONE
                && (accepted.contactId() != null || accepted.email() != null)
                && accepted.origin() == null
                && get(index).progress().equals(untouched);
    }

    @Override
    public boolean isCreation(int index) {
        return accepted(index).body() instanceof ChangeBody.Create;
    }

    @Override
    public @Nullable String contactId(int index) {
        return accepted(index).contactId();
    }

    @Override
    public @Nullable String email(int index) {
        return accepted(index).email();
    }

    @Override
    public boolean tellsAddress(int index) {
        return deferral(index) == Deferral.TELLS_ADDRESS;
    }

    private Deferral deferral(int index) {
        String address = accepted(index).email();
        byte[] before = (address == null ? "" : address).getBytes(StandardCharsets.UTF_8);
        byte[] body = ChangeBodies.encode(accepted(index).body()).getBytes(StandardCharsets.UTF_8);
        byte[] both = Arrays.copyOf(before, before.length + body.length);
        System.arraycopy(body, 0, both, before.length, body.length);
        return ChangeBodies.deferral(both, before.length, body.length, 0);
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
