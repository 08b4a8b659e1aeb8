package io.crmux.gateway;

/** A mirror that is ahead, where its CRM wants ids. */
class MirrorAheadTest extends MirrorAheadContract {

    MirrorAheadTest() {
        super(Bench.mirrored());
    }
}
