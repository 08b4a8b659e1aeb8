package io.crmux.gateway.delivery;

import io.crmux.gateway.contact.ContactState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Contacts by the time at which they are due, and by turn where that is the same: a binary heap. Each contact knows its place in it, so that any one is
 * taken out without a search, and a place takes no more than a reference: a hundred thousand contacts may wait.
 */
final class DueHeap {

    private final List<ContactState> heap = new ArrayList<>();

    /** The one that is due first; null when there is none. */
    @Nullable
    ContactState first() {
        return heap.isEmpty() ? null : heap.get(0);
    }

    /** Adds a contact that is not in it. Its time and turn must stay as they are until it is removed. */
    void add(ContactState contact) {
        heap.add(contact);
        rise(contact, heap.size() - 1);
    }

    /** Removes a contact that is in it. */
    void remove(ContactState contact) {
        ContactState last = heap.remove(heap.size() - 1);
        if (last != contact) {
            sink(last, contact.duePlace());
            rise(last, last.duePlace());
        }
    }

    private void rise(ContactState contact, int from) {
        int place = from;
        while (place > 0 && isBefore(contact, heap.get((place - 1) / 2))) {
            put(heap.get((place - 1) / 2), place);
            place = (place - 1) / 2;
        }
        put(contact, place);
    }

    private void sink(ContactState contact, int from) {
        int place = from;
        int child = earlierChild(place);
        while (child < heap.size() && isBefore(heap.get(child), contact)) {
            put(heap.get(child), place);
            place = child;
            child = earlierChild(place);
        }
        put(contact, place);
    }

    /** Beyond the end when there is none. */
    private int earlierChild(int place) {
        int left = 2 * place + 1;
        int right = left + 1;
        return right < heap.size() && isBefore(heap.get(right), heap.get(left)) ? right : left;
    }

    private void put(ContactState contact, int place) {
        heap.set(place, contact);
        contact.duePlace(place);
    }

    private static boolean isBefore(ContactState one, ContactState other) {
        return one.dueAt() == other.dueAt() ? one.dueTurn() < other.dueTurn() : one.dueAt() < other.dueAt();
    }
}
