package io.crmux.gateway.contact;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.gateway.Address;
import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.NewChange;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContactsTest {

    private static final Address JANE = Address.parse("jane@example.com").orElseThrow();

    private final Contacts contacts = new Contacts(key -> null);

    private static Layer layer(long seq) {
        return new Layer(new Change(seq, new NewChange(new UUID(0, seq), "c", null, null, new ChangeBody.Delete(), 0)));
    }

    @Test
    void anAddressAndAnIdAreTwoUntilTheyAreLearnedToBeOne() {
        ContactState named = contacts.obtain(null, JANE);
        named.waiting().add(layer(2));
        ContactState numbered = contacts.obtain("42", null);
        numbered.waiting().add(layer(1));
        numbered.waiting().add(layer(3));
        ContactState joined = contacts.learn(JANE, "42");
        assertThat(joined).isSameAs(numbered).isSameAs(named.current()).isSameAs(contacts.byEmail(JANE.key()));
        assertThat(numbered.waiting()).extracting(Layer::seq).containsExactly(1L, 2L, 3L);
    }

    @Test
    void theQueuesOfTwoIdsAreNeverJoined() {
        ContactState before = contacts.obtain("42", JANE);
        before.waiting().add(layer(1));
        ContactState now = contacts.obtain("43", JANE);
        now.waiting().add(layer(2));
        assertThat(now).isNotSameAs(before);
        assertThat(before.id()).isEqualTo("42");
        assertThat(now.id()).isEqualTo("43");
        assertThat(contacts.byEmail(JANE.key())).isSameAs(now);
        assertThat(contacts.byId("42")).isSameAs(before);
        contacts.learn(JANE, "44");
        assertThat(now.id()).isEqualTo("43");
    }

    @Test
    void whatIsIdleIsForgotten() {
        ContactState state = contacts.obtain("42", JANE);
        contacts.release(state);
        assertThat(contacts.all()).isEmpty();
    }
}
