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
    private static final Address JOAN = Address.parse("Joan@example.com").orElseThrow();

    private final Contacts contacts = new Contacts(key -> null);

    private static Layer layer(long seq) {
        return new Layer(new Change(seq, new NewChange(new UUID(0, seq), "c", null, null, new ChangeBody.Delete(), 0)));
    }

    @Test
    void anAddressAndAnIdAreTwoUntilTheyAreLearnedToBeOne() {
        ContactState named = contacts.obtain(null, JANE);
        named.await(layer(2));
        ContactState numbered = contacts.obtain("42", null);
        numbered.await(layer(1));
        numbered.await(layer(3));
        ContactState joined = contacts.learn(JANE, "42");
        assertThat(joined).isSameAs(numbered).isSameAs(named.current()).isSameAs(contacts.byEmail(JANE.key()));
        assertThat(numbered.waiting()).extracting(Layer::seq).containsExactly(1L, 2L, 3L);
    }

    @Test
    void theQueuesOfTwoIdsAreNeverJoined() {
        ContactState before = contacts.obtain("42", JANE);
        before.await(layer(1));
        ContactState now = contacts.obtain("43", JANE);
        now.await(layer(2));
        assertThat(now).isNotSameAs(before);
        assertThat(before.id()).isEqualTo("42");
        assertThat(now.id()).isEqualTo("43");
        assertThat(contacts.byEmail(JANE.key())).isSameAs(now);
        assertThat(contacts.byId("42")).isSameAs(before);
        contacts.learn(JANE, "44");
        assertThat(now.id()).isEqualTo("43");
    }

    @Test
    void whatHappenedToEitherIsKeptWhenTheyAreJoined() {
        ContactState named = contacts.obtain(null, JANE);
        named.await(layer(2));
        named.aloneUpTo(2);
        named.hiddenUntil(7);
        named.urgentUpTo(2);
        ContactState numbered = contacts.obtain("42", null);
        numbered.await(layer(1));
        numbered.aloneUpTo(1);
        contacts.learn(JANE, "42");
        assertThat(numbered.aloneUpTo()).isEqualTo(2);
        assertThat(numbered.hiddenUntil()).isEqualTo(7);
        assertThat(numbered.isLookedUpFirst()).isTrue();
        assertThat(numbered.isUrgent()).isTrue();
        assertThat(numbered.formerId()).isNull();
    }

    @Test
    void aDeletionThatWaitsIsKnownWhenTheyAreJoined() {
        contacts.obtain(null, JANE).await(layer(1));
        ContactState numbered = contacts.obtain("42", null);
        contacts.learn(JANE, "42");
        assertThat(numbered.isDeletionPending()).isTrue();
        numbered.deliver(numbered.waiting().get(0), 1);
        assertThat(numbered.isDeletionPending()).isFalse();
    }

    @Test
    void whatGoesBeforeAnUrgentChangeIsUrgentAndWhatComesAfterItIsNot() {
        ContactState state = contacts.obtain("42", JANE);
        Layer before = layer(1);
        Layer urgent = layer(2);
        state.await(before);
        state.await(urgent);
        state.await(layer(3));
        assertThat(state.isUrgent()).isFalse();
        state.urgentUpTo(2);
        assertThat(state.isUrgent()).isTrue();
        state.deliver(before, 1);
        assertThat(state.isUrgent()).isTrue();
        state.deliver(urgent, 1);
        assertThat(state.isUrgent()).isFalse();
    }

    @Test
    void itIsFoundUnderEachOfItsAddresses() {
        ContactState state = contacts.obtain("42", JANE);
        state.await(layer(1));
        contacts.obtain("42", JOAN);
        assertThat(contacts.byEmail(JANE.key())).isSameAs(state);
        assertThat(contacts.byEmail(JOAN.key())).isSameAs(state);
        assertThat(state.address()).isEqualTo(JOAN).hasFieldOrPropertyWithValue("written", "Joan@example.com");
    }

    @Test
    void whatIsIdleIsForgotten() {
        ContactState state = contacts.obtain("42", JANE);
        contacts.obtain("42", JOAN);
        contacts.release(state);
        assertThat(contacts.all()).isEmpty();
    }
}
