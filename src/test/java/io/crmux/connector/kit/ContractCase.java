package io.crmux.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.Added;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.Operation;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** What all cases of the contract need: an opened connector, and contacts and tags that no other case has. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ContractCase {

    private static final String NO_ID = "999999999";
    static final AtomicInteger SERIAL = new AtomicInteger();

    protected final Vertx vertx = Vertx.vertx();
    final String run = Long.toString(System.nanoTime(), 36);

    @SuppressWarnings("NullAway.Init")
    Crm crm;

    /** The way out of {@link #crm}. */
    @SuppressWarnings("NullAway.Init")
    TestHttp http;

    /** The connector that is judged. */
    protected abstract Connector connector();

    /** The settings of an account to judge it with. */
    protected abstract Map<String, String> settings();

    /** Settings with credentials that the CRM rejects; empty where it asks for none. */
    protected abstract Map<String, String> wrongSettings();

    /** Characters that a tag's name may not have here. */
    protected String forbiddenInTags() {
        return "";
    }

    /** An id of the CRM's own form that no contact has. */
    protected String unknownId() {
        return NO_ID;
    }

    /** A number that fields for numbers take. */
    protected BigDecimal number() {
        return new BigDecimal("12.5");
    }

    /** What other accounts of the CRM have, and this one has not, as its settings are. */
    protected Set<Operation> lacking() {
        return Set.of();
    }

    /** What "a great many" is: less where a real CRM would take too long, or where the same was judged before. */
    protected int many() {
        return 1_050;
    }

    @BeforeAll
    void openCrm() {
        Settings values = new Settings(settings());
        http = new TestHttp(vertx, connector(), values);
        crm = connector().open(values, http);
    }

    @AfterAll
    void closeVertx() {
        vertx.close().await();
    }

    protected final Crm open(Map<String, String> values) {
        return Bench.open(vertx, connector(), values);
    }

    protected static Call call() {
        return Bench.call();
    }

    final String address() {
        return "kit-" + run + "-" + SERIAL.incrementAndGet() + "@example.com";
    }

    final String tagName() {
        return "kit " + run + " " + SERIAL.incrementAndGet();
    }

    final Contact added(String email) {
        Added added = crm.addContact(call(), Map.of(email(), Value.text(email))).await();
        return new Contact(added.id(), email);
    }

    final Contact added() {
        return added(address());
    }

    final Tag creatable(String name) {
        return crm.traits().creation() == Traits.Creation.BY_CALL
                ? ((TagCreation) crm).addTag(call(), name).await()
                : Tag.named(name);
    }

    /** The canonical value, which reads answer with. */
    final String value(Tag tag) {
        return crm.traits().canonical() == Traits.Canonical.ID ? tag.requireId() : tag.name();
    }

    final Set<String> tagsOf(Contact contact) {
        Set<String> values = new LinkedHashSet<>();
        crm.getTags(call(), contact).await().forEach(tag -> values.add(value(tag)));
        return values;
    }

    /** The CRM's own field that a site's key goes to by default. */
    final String field(String key) {
        FieldTarget target = connector().descriptor().fields().get(key);
        assertThat(target).as("where %s goes", key).isNotNull();
        return target == null ? key : target.field();
    }

    final String email() {
        return field("user_email");
    }

    final String firstName() {
        return field("first_name");
    }

    final boolean supports(Operation operation) {
        return connector().descriptor().supports().contains(operation)
                && !lacking().contains(operation);
    }

    static void failsWith(Kind kind, Future<?> future) {
        assertThatThrownBy(future::await)
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }
}
