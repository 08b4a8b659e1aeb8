package io.crmux.store;

import java.nio.file.Path;

/**
 * Sees to it that accepting stops before the disk is full: on a full disk nothing at all can be written, not even that changes are delivered, which
 * would make room. Asked once a transaction.
 */
final class Disk {

    /** Twice as much as the log grows between two checkpoints. */
    static final long RESERVE = 64L << 20;

    private final Platform platform;
    private final Path file;
    private boolean known;
    private boolean room;

    Disk(Platform platform, Path file) {
        this.platform = platform;
        this.file = file;
    }

    boolean hasRoom() {
        if (!known) {
            room = platform.bytesLeft(file) >= RESERVE;
            known = true;
        }
        return room;
    }

    /** The next answer is a new one. */
    void forget() {
        known = false;
    }
}
