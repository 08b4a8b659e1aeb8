package io.crmux.gateway.contact;

import io.crmux.Interleavings;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** The loops of all connections number tags and read them by their numbers, while there is room for one and for more. */
@Param(name = "tag", gen = IntGen.class, conf = "1:3")
public class TagCodesLincheckTest {

    private final TagCodes codes = new TagCodes(1);

    @Operation
    public int number(@Param(name = "tag") int tag) {
        return codes.of("tag" + tag);
    }

    @Operation
    public String read(@Param(name = "tag") int tag) {
        return codes.text((short) codes.of("tag" + tag));
    }

    @Test
    void aNumberIsOneTags() {
        Interleavings.checkEach(getClass());
    }
}
