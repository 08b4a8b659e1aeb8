package io.crmux.store;

import java.util.List;

/**
 * Changes that take the place of dead ones.
 *
 * @param anew to be accepted
 * @param discarded how the dead ones end
 * @param whose the contacts of all of them
 * @param lookedUpTo the number of the last change that was known when it was decided what to leave out
 */
public record Replay(List<NewChange> anew, List<Progress> discarded, Identity whose, long lookedUpTo) {

    public Replay {
        anew = List.copyOf(anew);
        discarded = List.copyOf(discarded);
    }
}
