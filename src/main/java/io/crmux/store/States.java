package io.crmux.store;

/** The numbers of states in the file. They never change: a new state takes a new number. */
final class States {

    private States() {}

    static int number(ChangeState state) {
        return switch (state) {
            case QUEUED, DELIVERING -> 0;
            case ACCEPTED -> 2;
            case DELIVERED -> 3;
            case DEAD -> 4;
            case DISCARDED -> 5;
            case STAGED -> 6;
        };
    }

    static ChangeState state(int number) {
        return switch (number) {
            case 0 -> ChangeState.QUEUED;
            case 2 -> ChangeState.ACCEPTED;
            case 3 -> ChangeState.DELIVERED;
            case 4 -> ChangeState.DEAD;
            case 5 -> ChangeState.DISCARDED;
            case 6 -> ChangeState.STAGED;
            default -> throw new StoreException("a change is stored in an unknown state: " + number, null);
        };
    }
}
