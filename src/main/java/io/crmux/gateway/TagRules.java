package io.crmux.gateway;

import io.crmux.crm.Lane;
import io.crmux.crm.Tag;
import io.crmux.crm.Trace;
import io.crmux.crm.Traits.Creation;
import io.crmux.gateway.tags.Resolution;
import io.crmux.gateway.tags.TagBook;
import io.crmux.gateway.tags.TagLists;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a site may say of tags. Touched only on the connection's loop. */
final class TagRules {

    private final TagLists tagLists;
    private final Creation creation;

    TagRules(TagLists tagLists, Creation creation) {
        this.tagLists = tagLists;
        this.creation = creation;
    }

    /** Whether a write may say this. With no list to be had, the write is accepted and judged at delivery. */
    Future<Void> check(List<String> apply, List<String> remove, Trace trace) {
        if (allKnown(apply) && allKnown(remove)) {
            return judgeTags(apply, remove);
        }
        boolean creatable = creation != Creation.NONE;
        if (creatable && tagLists.isKnown()) {
            return judgeTags(apply, remove);
        }
        if (creation == Creation.BY_APPLYING) {
            tagLists.recent(Lane.BULK, trace);
            return Future.succeededFuture();
        }
        return tagLists.recent(Lane.VISITOR, trace)
                .compose(
                        book -> judgeTags(apply, remove),
                        failure -> tagLists.isKnown() ? judgeTags(apply, remove) : Future.succeededFuture());
    }

    /** The tag that a site asks for. Fails with {@link Refusal.Reason#TAG_AMBIGUOUS} or {@link Refusal.Reason#TAG_UNKNOWN}. */
    Future<Tag> resolve(String word, Trace trace) {
        return tagLists.book().resolve(word) instanceof Resolution.Known known
                ? Future.succeededFuture(known.tag())
                : tagLists.recent(Lane.VISITOR, trace).compose(book -> resolve(word, book));
    }

    private static Future<Tag> resolve(String word, TagBook book) {
        Resolution resolution = book.resolve(word);
        if (resolution instanceof Resolution.Known known) {
            return Future.succeededFuture(known.tag());
        }
        return Future.failedFuture(resolution instanceof Resolution.Ambiguous ? ambiguous(word) : unknown(word, book));
    }

    private boolean allKnown(List<String> words) {
        TagBook book = tagLists.book();
        for (String word : words) {
            if (!(book.resolve(word) instanceof Resolution.Known)) {
                return false;
            }
        }
        return true;
    }

    private Future<Void> judgeTags(List<String> apply, List<String> remove) {
        Refusal refusal = firstRefusal(apply);
        if (refusal == null) {
            refusal = firstRefusal(remove);
        }
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        return apply.isEmpty() || remove.isEmpty() ? Future.succeededFuture() : contradiction(apply, remove);
    }

    private @Nullable Refusal firstRefusal(List<String> words) {
        for (String word : words) {
            Refusal refusal = refusal(word);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private @Nullable Refusal refusal(String word) {
        TagBook book = tagLists.book();
        Resolution resolution = book.resolve(word);
        if (resolution instanceof Resolution.Ambiguous) {
            return ambiguous(word);
        }
        if (resolution instanceof Resolution.Known known && !known.tag().writable()) {
            return Refusal.of(Refusal.Reason.TAG_READ_ONLY, "the tag " + word + " cannot be applied or removed");
        }
        if (resolution instanceof Resolution.Unknown && creation == Creation.NONE) {
            return unknown(word, book);
        }
        return null;
    }

    private static Refusal ambiguous(String word) {
        return Refusal.of(Refusal.Reason.TAG_AMBIGUOUS, "several tags have the name " + word + ": use an id");
    }

    private static Refusal unknown(String word, TagBook book) {
        return Refusal.of(
                Refusal.Reason.TAG_UNKNOWN,
                "there is no tag " + word + "; the nearest are " + String.join(", ", book.nearest(word)));
    }

    /** Two different words may mean one tag: only the tag list tells. */
    private Future<Void> contradiction(List<String> apply, List<String> remove) {
        TagBook book = tagLists.book();
        List<String> removed = remove.stream().map(book::key).toList();
        return apply.stream()
                .filter(word -> removed.contains(book.key(word)))
                .findFirst()
                .<Future<Void>>map(word -> Future.failedFuture(new Refusal(
                        Refusal.Reason.INVALID,
                        "the tag " + word + " is to be applied and removed",
                        List.of(new InputProblem("/apply", word + " is in remove, too")),
                        null)))
                .orElseGet(Future::succeededFuture);
    }
}
