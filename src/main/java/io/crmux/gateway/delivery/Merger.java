package io.crmux.gateway.delivery;

import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.tags.TagBook;
import io.crmux.store.ChangeBody;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says which of a contact's waiting changes go together. They are taken in order of acceptance until one contradicts a tag that is already in the
 * batch: that one and all after it wait for the next, so that a tag that was removed and applied again triggers its automation.
 */
final class Merger {

    private Merger() {}

    /**
     * The next batch's changes; empty when none waits.
     *
     * @param waiting in order of acceptance
     * @param aloneUpTo changes up to this number go one by one
     */
    static List<Layer> next(List<Layer> waiting, TagBook book, long aloneUpTo) {
        List<Layer> together = new ArrayList<>();
        Set<String> applied = new HashSet<>();
        Set<String> removed = new HashSet<>();
        for (Layer layer : waiting) {
            boolean alone = layer.body() instanceof ChangeBody.Delete || layer.seq() <= aloneUpTo;
            if (!together.isEmpty() && (alone || contradicts(layer, applied, removed, book))) {
                break;
            }
            together.add(layer);
            if (alone) {
                break;
            }
            note(layer, applied, removed, book);
        }
        return together;
    }

    private static boolean contradicts(Layer layer, Set<String> applied, Set<String> removed, TagBook book) {
        return layer.body() instanceof ChangeBody.Tags tags
                && (tags.apply().stream().map(book::key).anyMatch(removed::contains)
                        || tags.remove().stream().map(book::key).anyMatch(applied::contains));
    }

    private static void note(Layer layer, Set<String> applied, Set<String> removed, TagBook book) {
        if (layer.body() instanceof ChangeBody.Tags tags) {
            tags.apply().forEach(tag -> applied.add(book.key(tag)));
            tags.remove().forEach(tag -> removed.add(book.key(tag)));
        }
    }
}
