package io.crmux.store;

/**
 * The numbers of states in the file. They never change: a new state takes a new number. All of them take one byte (0 and 1 would take none), so that a
 * row does not grow when its change is settled: rows that grow split pages, and a full store has none.
 */
final class States {

    private States() {}

    static int number(ChangeState state) {
        return switch (state) {
            case QUEUED, DELIVERING -> 2;
            case ACCEPTED -> 3;
            case DELIVERED -> 4;
            case DEAD -> 5;
            case DISCARDED -> 6;
            case STAGED -> 7;
        };
    }

    static ChangeState state(int number) {
        return switch (number) {
            case 2 -> ChangeState.QUEUED;
            case 3 -> ChangeState.ACCEPTED;
            case 4 -> ChangeState.DELIVERED;
            case 5 -> ChangeState.DEAD;
            case 6 -> ChangeState.DISCARDED;
            case 7 -> ChangeState.STAGED;
            default -> throw new StoreException("a change is stored in an unknown state: " + number, null);
        };
    }
}
