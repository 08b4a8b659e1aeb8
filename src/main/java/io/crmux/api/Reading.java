package io.crmux.api;

import io.crmux.crm.Field;
import io.crmux.gateway.Address;
import io.crmux.gateway.Fate;
import io.crmux.gateway.Freshness;
import io.crmux.gateway.InputProblem;
import io.crmux.gateway.KnownTags;
import io.crmux.gateway.Refusal;
import io.crmux.gateway.TagEntry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The routes that read. One for each event loop. */
final class Reading {

    private static final long LOOKUP_MILLIS = 2_000;
    private static final int MOST_CONTACTS = 1000;
    private static final int DEFAULT_CONTACTS = 100;

    private final KnownTags known = new KnownTags();

    void contactTags(Exchange exchange, Visit visit) {
        String cacheControl = exchange.header(HttpHeaders.CACHE_CONTROL);
        var contact = visit.contact();
        if (cacheControl == null && visit.connection().peekTags(contact, known)) {
            TagsReply.provenance(exchange.headers(), known);
            tags(exchange, known.id(), known.tags());
            return;
        }
        visit.connection()
                .getTags(contact, CacheControl.parse(cacheControl), exchange.trace())
                .onSuccess(read -> {
                    TagsReply.provenance(exchange.headers(), read);
                    tags(exchange, read.value().id(), read.value().tags());
                })
                .onFailure(exchange::fail);
    }

    private static void tags(Exchange exchange, @Nullable CharSequence id, List<String> tags) {
        String etag = TagsReply.etag(id, tags);
        exchange.headers().add(HttpHeaders.ETAG, etag);
        if (matches(exchange.header(HttpHeaders.IF_NONE_MATCH), etag)) {
            exchange.empty(304);
        } else {
            exchange.send(200, Exchange.JSON, TagsReply.body(id, tags));
        }
    }

    /** Weak comparison, as RFC 9110 wants it here. */
    private static boolean matches(@Nullable String ifNoneMatch, String etag) {
        if (ifNoneMatch == null) {
            return false;
        }
        for (String candidate : ifNoneMatch.split(",")) {
            String tag = candidate.trim();
            if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
                return true;
            }
        }
        return false;
    }

    void contactId(Exchange exchange, Visit visit) {
        visit.connection()
                .getContactId(
                        visit.contact(),
                        CacheControl.parse(exchange.header(HttpHeaders.CACHE_CONTROL)),
                        exchange.trace())
                .onSuccess(read -> {
                    TagsReply.provenance(exchange.headers(), read);
                    String etag = TagsReply.etag(read.value().id(), List.of());
                    exchange.headers().add(HttpHeaders.ETAG, etag);
                    if (matches(exchange.header(HttpHeaders.IF_NONE_MATCH), etag)) {
                        exchange.empty(304);
                    } else {
                        exchange.json(
                                200, new JsonObject().put("id", read.value().id()));
                    }
                })
                .onFailure(exchange::fail);
    }

    void contact(Exchange exchange, Visit visit) {
        Query query = query(exchange, visit);
        visit.connection()
                .loadContact(visit.contact(), query.flag("map_meta_fields", true), exchange.trace())
                .onSuccess(contact -> exchange.json(
                        200, new JsonObject().put("id", contact.id()).put("fields", new JsonObject(contact.fields()))))
                .onFailure(exchange::fail);
    }

    void contacts(Exchange exchange, Visit visit) {
        Query query = query(exchange, visit);
        String tag = query.one("tag")
                .filter(given -> !given.isBlank())
                .orElseThrow(
                        () -> Problem.malformed("the query must have a tag").failure());
        int limit = query.number("limit", 1, MOST_CONTACTS, DEFAULT_CONTACTS);
        Optional<String> cursor = query.one("cursor");
        if (Accept.prefersLines(exchange.header(HttpHeaders.ACCEPT))) {
            new ContactLines(exchange, visit.connection(), tag).begin(cursor.orElse(null));
            return;
        }
        visit.connection()
                .loadContacts(tag, limit, cursor.orElse(null), false, exchange.trace())
                .onSuccess(page -> {
                    JsonObject json = new JsonObject().put("contacts", new JsonArray(new ArrayList<>(page.items())));
                    exchange.json(200, page.cursor() == null ? json : json.put("cursor", page.cursor()));
                })
                .onFailure(exchange::fail);
    }

    void tags(Exchange exchange, Visit visit) {
        visit.connection()
                .syncTags(freshness(exchange), exchange.trace())
                .onSuccess(read -> {
                    TagsReply.provenance(exchange.headers(), read);
                    JsonArray tags = new JsonArray();
                    read.value().forEach(entry -> tags.add(json(entry)));
                    exchange.json(200, new JsonObject().put("tags", tags));
                })
                .onFailure(exchange::fail);
    }

    private static JsonObject json(TagEntry entry) {
        return new JsonObject()
                .put("value", entry.value())
                .put("id", entry.tag().id())
                .put("name", entry.tag().name())
                .put("category", entry.tag().category())
                .put("writable", entry.tag().writable());
    }

    void fields(Exchange exchange, Visit visit) {
        visit.connection()
                .syncCrmFields(freshness(exchange), exchange.trace())
                .onSuccess(read -> {
                    TagsReply.provenance(exchange.headers(), read);
                    JsonArray fields = new JsonArray();
                    read.value().forEach(field -> fields.add(json(field)));
                    exchange.json(200, new JsonObject().put("fields", fields));
                })
                .onFailure(exchange::fail);
    }

    private static JsonObject json(Field field) {
        return new JsonObject()
                .put("id", field.id())
                .put("name", field.name())
                .put("type", field.type().toString())
                .put("group", field.group())
                .put("options", new JsonArray(new ArrayList<>(field.options())))
                .put("writable", field.writable());
    }

    void lists(Exchange exchange, Visit visit) {
        visit.connection()
                .syncLists(exchange.trace())
                .onSuccess(lists -> {
                    JsonArray json = new JsonArray();
                    lists.forEach(list ->
                            json.add(new JsonObject().put("id", list.id()).put("name", list.name())));
                    exchange.json(200, new JsonObject().put("lists", json));
                })
                .onFailure(exchange::fail);
    }

    void lookup(Exchange exchange, Visit visit) {
        long wait = Preferences.of(exchange).waitMillis(LOOKUP_MILLIS);
        exchange.json()
                .map(body -> addresses(TagWords.emails(body)))
                .compose(addresses -> visit.connection().lookup(addresses, wait, exchange.trace()))
                .onSuccess(rows -> exchange.send(200, Exchange.JSON, TagsReply.body(rows)))
                .onFailure(exchange::fail);
    }

    private static List<Address> addresses(List<String> emails) {
        List<Address> addresses = new ArrayList<>(emails.size());
        List<InputProblem> problems = new ArrayList<>();
        for (int i = 0; i < emails.size(); i++) {
            Optional<Address> address = Address.parse(emails.get(i));
            if (address.isPresent()) {
                addresses.add(address.get());
            } else {
                problems.add(new InputProblem("/emails/" + i, "must be " + Address.RULE));
            }
        }
        if (!problems.isEmpty()) {
            throw new Refusal(Refusal.Reason.INVALID, "some addresses are none", problems, null);
        }
        return addresses;
    }

    void operation(Exchange exchange, Visit visit) {
        visit.connection()
                .operation(visit.route().argument())
                .onSuccess(fate -> exchange.json(200, json(fate)))
                .onFailure(exchange::fail);
    }

    /** A fate as it is answered. */
    static JsonObject json(Fate fate) {
        return new JsonObject()
                .put("operation", fate.operation())
                .put("state", fate.state().toString())
                .put("contact", fate.contact())
                .put("accepted", Instant.ofEpochMilli(fate.accepted()).toString())
                .put("since", Instant.ofEpochMilli(fate.since()).toString())
                .put("attempts", fate.attempts())
                .put("waiting_for", fate.waitingFor())
                .put("problem", fate.problem());
    }

    private static Freshness freshness(Exchange exchange) {
        return CacheControl.parse(exchange.header(HttpHeaders.CACHE_CONTROL));
    }

    private static Query query(Exchange exchange, Visit visit) {
        return new Query(exchange.request().query(), visit.route().resource().query());
    }
}
