package io.crmux.gateway;

/** A mirror that is behind, where its CRM wants ids. */
class MirrorBehindTest extends MirrorBehindContract {

    MirrorBehindTest() {
        super(Bench.mirrored());
    }
}
