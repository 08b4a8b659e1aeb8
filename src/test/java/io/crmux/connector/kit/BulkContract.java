package io.crmux.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Batch;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.BulkTagging;
import io.crmux.crm.BulkUpdate;
import io.crmux.crm.Contact;
import io.crmux.crm.JobState;
import io.crmux.crm.Jobs;
import io.crmux.crm.Outcome;
import io.crmux.crm.Tag;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a connector says that it does for many at once, held against the calls that it makes: it may claim neither too much nor too little. */
abstract class BulkContract extends QuantitiesContract {

    private static final int FEW = 10;
    private static final int MOST_POLLS = 600;

    @Test
    void oneTagForManyContactsIsFewerCallsWhereItTakesManyBatchesAndOnlyThere() {
        int most = crm.traits().batchesPerCall();
        int count = Math.min(most > 1 ? most : FEW, many());
        Tag tag = creatable(tagName());
        List<Contact> contacts = Stream.generate(this::added).limit(count).toList();
        List<Batch> batches =
                contacts.stream().map(contact -> tagging(contact, tag)).toList();
        if (count > 1 && count == most) {
            assertThat(crm.together(batches)).containsExactlyElementsOf(batches);
        }
        int before = http.sent();
        List<Outcome> outcomes = crm.deliver(call(), batches).await();
        assertThat(outcomes).extracting(Outcome::batch).containsExactlyElementsOf(batches);
        assertThat(outcomes).hasOnlyElementsOfTypes(Outcome.Done.class, Outcome.Accepted.class);
        Set<String> ids = contacts.stream().map(Contact::requireId).collect(Collectors.toSet());
        jobs(outcomes).forEach(job -> carriedOut(job, ids));
        int calls = http.sent() - before;
        if (most > 1) {
            assertThat(calls).isLessThan(count);
        } else {
            assertThat(calls).isGreaterThanOrEqualTo(count);
        }
        for (int i : List.of(0, count / 2, count - 1)) {
            assertThat(tagsOf(contacts.get(i))).containsExactly(value(tag));
        }
    }

    private static Batch tagging(Contact contact, Tag tag) {
        return new Batch(SERIAL.incrementAndGet(), contact, false, false, Map.of(), Set.of(), Set.of(tag), List.of());
    }

    private static Stream<String> jobs(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(Outcome.Accepted.class::isInstance)
                .map(outcome -> ((Outcome.Accepted) outcome).job())
                .flatMap(Stream::ofNullable)
                .distinct();
    }

    private void carriedOut(String job, Set<String> ids) {
        assertThat(crm).isInstanceOf(Jobs.class);
        for (int i = 0; i < MOST_POLLS; i++) {
            JobState state = ((Jobs) crm).poll(call(), job).await();
            if (state instanceof JobState.Reached reached && reached.ids().containsAll(ids)) {
                return;
            }
            if (!(state instanceof JobState.Running || state instanceof JobState.Reached)) {
                assertThat(state).isEqualTo(new JobState.Ended(List.of()));
                return;
            }
            vertx.timer(100, TimeUnit.MILLISECONDS).await();
        }
        throw new AssertionError("the job does not end");
    }

    @Test
    void whoTagsOrUpdatesManyInACallIsGivenMany() {
        if (crm instanceof BulkTagging || crm instanceof BulkUpdate) {
            assertThat(crm.traits().batchesPerCall()).isGreaterThan(1);
        }
    }

    @Test
    void manyAddressesAreFewerCallsWhereItLooksManyUpAndOnlyThere() {
        List<String> emails =
                IntStream.range(0, FEW).mapToObj(i -> added().requireEmail()).toList();
        int before = http.sent();
        if (crm instanceof BulkLookUp bulk) {
            assertThat(bulk.mostAddresses()).isGreaterThanOrEqualTo(FEW);
            assertThat(bulk.getContactIds(call(), emails).await()).containsOnlyKeys(emails);
            assertThat(http.sent() - before).isLessThan(FEW);
        } else {
            Future.all(emails.stream()
                            .map(email -> crm.getContactId(call(), email))
                            .toList())
                    .await();
            assertThat(http.sent() - before).isGreaterThanOrEqualTo(FEW);
        }
    }
}
