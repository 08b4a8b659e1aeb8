package io.crmux.crm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of one batch. */
public sealed interface Outcome {

    Batch batch();

    /**
     * The CRM has it.
     *
     * @param contact with its id, which may be a new one
     * @param added what became of the creation; null when the batch created nothing
     */
    record Done(Batch batch, Contact contact, @Nullable Added added) implements Outcome {}

    /**
     * The CRM has queued it.
     *
     * @param job to be polled; null where there is nothing to poll
     * @param settles after which time it is done, where nothing can be polled
     */
    record Accepted(
            Batch batch, @Nullable String job, @Nullable Duration settles) implements Outcome {}

    /**
     * It was not delivered, or only in part.
     *
     * @param reached the contact, when it was created before the failure, or has another id since: a repetition must not create it again
     * @param done how far the batch came
     */
    record Failed(
            Batch batch, CrmException failure, @Nullable Contact reached, Steps done) implements Outcome {

        /** Nothing of it was delivered, as far as is known. */
        public Failed(Batch batch, CrmException failure) {
            this(batch, failure, null, Steps.NONE);
        }
    }
}
