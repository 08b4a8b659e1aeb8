package io.crmux.gateway;

/** A mirror that is behind, where its CRM goes by addresses. */
class MirrorBehindByAddressTest extends MirrorBehindContract {

    MirrorBehindByAddressTest() {
        super(Bench.mirroredToAddresses());
    }
}
