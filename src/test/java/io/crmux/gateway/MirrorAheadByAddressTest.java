package io.crmux.gateway;

/** A mirror that is ahead, where its CRM goes by addresses. */
class MirrorAheadByAddressTest extends MirrorAheadContract {

    MirrorAheadByAddressTest() {
        super(Bench.mirroredToAddresses());
    }
}
