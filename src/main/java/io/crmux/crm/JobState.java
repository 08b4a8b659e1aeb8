package io.crmux.crm;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How far a job of the CRM is. */
public sealed interface JobState {

    /** It is queued or under way. */
    record Running() implements JobState {}

    /**
     * It is over.
     *
     * @param refused the contacts whose part in it the CRM has not done, and why
     */
    record Ended(List<Refused> refused) implements JobState {

        public Ended {
            refused = List.copyOf(refused);
        }

        /** Why a contact's part was not done; empty when it was. */
        public Optional<CrmException> failure(Contact contact) {
            return refused.stream()
                    .filter(one -> one.contact().isSame(contact))
                    .findFirst()
                    .map(Refused::failure);
        }
    }

    /**
     * Nothing tells of the job itself, but these contacts have what it was to give them. The others may get it yet; who has not when its time is up, is sent
     * alone.
     *
     * @param ids of contacts, of the job or not
     */
    record Reached(Set<String> ids) implements JobState {

        public Reached {
            ids = Set.copyOf(ids);
        }
    }

    /** The whole of it has failed. */
    record Failed(CrmException failure) implements JobState {}

    /** A contact, by id or by address, whose part in a job was not done. */
    record Refused(Contact contact, CrmException failure) {}
}
