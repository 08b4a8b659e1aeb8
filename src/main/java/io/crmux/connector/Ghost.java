package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.Batch;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.BulkTagging;
import io.crmux.crm.Call;
import io.crmux.crm.CombinedChange;
import io.crmux.crm.Connector;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deletion;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Field;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.crm.Hmac;
import io.crmux.crm.Http;
import io.crmux.crm.Loaded;
import io.crmux.crm.Operation;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Request;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.crmux.crm.Verdict;
import io.crmux.crm.Webhooks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ghost, Admin API v5: members are contacts, labels are tags. What is said of its wire was seen on Ghost 5.130.6 unless marked otherwise.
 *
 * <p>Of one member labels can only be replaced as a whole, so that applying and removing read it first: that is safe, since a contact has one batch
 * under way, and one call then takes fields and labels together. Many members get a label in one call.
 */
public final class Ghost implements Connector {

    private static final int PAGE = 100;
    private static final long TOKEN_SECONDS = 300;
    /** One call's addresses: a few kilobytes of address line. */
    private static final int MOST_ADDRESSES = 50;

    private static final int BATCHES = 100;
    private static final String MEMBERS = "/members/";
    private static final String MEMBER = "/members/{id}/";

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "ghost",
            "Ghost",
            List.of(
                    Setting.required("url", Setting.Type.URL, "the address of the site"),
                    Setting.secret("key", "the Admin API key of a custom integration, id:secret"),
                    WebhookSecret.setting("the secret that webhooks are made with")),
            Authentication.described("a token of five minutes that key signs (JWT, HS256)", Ghost::sign),
            List.of(),
            10,
            "a label's name; applying an unknown one creates it",
            EnumSet.complementOf(EnumSet.of(Operation.SYNC_LISTS, Operation.TRACK_EVENT)),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("first_name"),
                    "last_name", FieldTarget.text("last_name"),
                    "description", FieldTarget.text("note")),
            Descriptor.Countries.NAME,
            "https://ghost.org/docs/admin-api/");

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /** A token of its own for each request: it is a keyed hash, and costs less than keeping one would. */
    private static Request sign(Request request, Settings settings, long millis) {
        String[] key = settings.text("key").split(":", 2);
        if (key.length != 2 || !key[1].matches("([0-9a-fA-F]{2})+")) {
            throw CrmException.of(
                    CrmException.Kind.UNAUTHORIZED, "the key must be id:secret, the secret in hexadecimal", null);
        }
        long seconds = millis / 1000;
        String header = part(new JsonObject()
                .put("alg", "HS256")
                .put("typ", "JWT")
                .put("kid", key[0])
                .toBuffer()
                .getBytes());
        String claims = part(new JsonObject()
                .put("iat", seconds)
                .put("exp", seconds + TOKEN_SECONDS)
                .put("aud", "/admin/")
                .toBuffer()
                .getBytes());
        String token = header + "." + claims;
        return request.header(
                        "authorization",
                        "Ghost " + token + "." + part(Hmac.sha256(HexFormat.of().parseHex(key[1]), token)))
                .header("accept-version", "v5.0");
    }

    private static String part(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public Verdict judge(Request request, Answer answer) {
        if (answer.status() < 300) {
            return Verdict.byStatus(answer, "");
        }
        JsonObject error = error(answer);
        String context = error.getString("context") == null ? "" : error.getString("context");
        String message = context.isEmpty() ? error.getString("message", "") : context;
        if (answer.status() == 400 && "INVALID_JWT".equals(error.getString("code"))) {
            return Verdict.failed(CrmException.of(CrmException.Kind.UNAUTHORIZED, "the key is not accepted", 400));
        }
        if ((answer.status() == 422 && context.contains("already exists"))
                || "Label already exists".equals(error.getString("message"))) {
            return Verdict.failed(CrmException.of(CrmException.Kind.DUPLICATE, message, 422));
        }
        return Verdict.byStatus(answer, message);
    }

    /** A proxy in front of Ghost answers HTML when Ghost is not there. */
    private static JsonObject error(Answer answer) {
        try {
            JsonArray errors = answer.json().getJsonArray("errors");
            return errors == null || errors.isEmpty() ? new JsonObject() : errors.getJsonObject(0);
        } catch (CrmException | ClassCastException notOfGhost) {
            return new JsonObject();
        }
    }

    @Override
    public Crm open(Settings settings, Http http) {
        String base = settings.url("url") + "/ghost/api/admin";
        return new Opened(base, new GhostLabels(base, http), WebhookSecret.of(settings), http);
    }

    private record Opened(String base, GhostLabels labels, WebhookSecret secret, Http http)
            implements CombinedChange, BulkLookUp, BulkTagging, TagCreation, Deletion, Webhooks {

        private static final Traits TRAITS = new Traits(
                Traits.Canonical.NAME,
                true,
                Traits.Creation.BY_APPLYING,
                Traits.Add.REFUSES,
                Traits.Address.ID,
                Duration.ZERO,
                BATCHES);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        // ---- reads

        /** Not {@code /site/}, which answers without a key. */
        @Override
        public Future<Account> connect(Call call) {
            return send(call, get(MEMBERS).query("limit", "1"))
                    .map(json -> new Account(base.replaceFirst("/ghost/.*", "")));
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return labels(call, 1, new ArrayList<>());
        }

        private Future<List<Tag>> labels(Call call, int page, List<Tag> found) {
            return labels.page(call, page).compose(json -> {
                objects(json, "labels").map(GhostLabels::tag).forEach(found::add);
                Integer next = GhostLabels.next(json);
                return next == null ? Future.succeededFuture(found) : labels(call, next, found);
            });
        }

        /** The fields of a member are fixed: there is no call that tells them. */
        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            String group = "Standard fields";
            return Future.succeededFuture(List.of(
                    Field.of("email", "Email", FieldType.TEXT, group),
                    Field.of("first_name", "First name", FieldType.TEXT, group),
                    Field.of("last_name", "Last name", FieldType.TEXT, group),
                    Field.of("note", "Note", FieldType.TEXT, group),
                    Field.of("subscribed", "Subscribed", FieldType.CHECKBOX, group)));
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return getContactIds(call, List.of(email)).map(found -> Optional.ofNullable(found.get(email)));
        }

        @Override
        public int mostAddresses() {
            return MOST_ADDRESSES;
        }

        /**
         * The exact filter minds the case on SQLite, and Ghost takes addresses that differ in case for two: so everything that contains one of the
         * addresses is asked for, which does not mind the case, and compared here.
         */
        @Override
        public Future<Map<String, Contact>> getContactIds(Call call, List<String> emails) {
            String filter =
                    emails.stream().map(email -> "email:~" + quoted(email)).collect(Collectors.joining(","));
            return lookUp(call, filter, emails, 1, new LinkedHashMap<>());
        }

        private Future<Map<String, Contact>> lookUp(
                Call call, String filter, List<String> emails, int page, Map<String, Contact> found) {
            Request request = get(MEMBERS)
                    .query("filter", filter)
                    .query("fields", "id,email")
                    .query("limit", Integer.toString(PAGE))
                    .query("page", Integer.toString(page));
            return send(call, request).compose(json -> {
                objects(json, "members")
                        .map(member -> new Contact(member.getString("id"), member.getString("email")))
                        .forEach(contact -> emails.stream()
                                .filter(email -> email.equalsIgnoreCase(contact.requireEmail()))
                                .forEach(email -> found.putIfAbsent(email, contact)));
                Integer next = GhostLabels.next(json);
                return next == null || found.size() == emails.size()
                        ? Future.succeededFuture(found)
                        : lookUp(call, filter, emails, next, found);
            });
        }

        private static String quoted(String text) {
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return member(call, contact, true).map(Opened::labelsOf);
        }

        private static Set<Tag> labelsOf(JsonObject member) {
            if (!(member.getValue("labels") instanceof JsonArray)) {
                throw CrmException.unavailable("the member came without its labels", 200);
            }
            Set<Tag> tags = new LinkedHashSet<>();
            objects(member, "labels").map(GhostLabels::tag).forEach(tags::add);
            return tags;
        }

        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return member(call, contact, false).map(member -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                put(fields, "email", member.getString("email"));
                put(fields, "note", member.getString("note"));
                name(fields, member.getString("name"));
                if (member.getBoolean("subscribed") != null) {
                    fields.put("subscribed", new Value.Flag(member.getBoolean("subscribed")));
                }
                return new Loaded(new Contact(member.getString("id"), member.getString("email")), fields);
            });
        }

        private static void put(Map<String, Value> fields, String field, @Nullable String text) {
            if (text != null && !text.isEmpty()) {
                fields.put(field, Value.text(text));
            }
        }

        /** Ghost has one name: what stands before the first blank is taken for the first name. */
        private static void name(Map<String, Value> fields, @Nullable String name) {
            if (name != null) {
                int blank = name.indexOf(' ');
                put(fields, "first_name", blank < 0 ? name : name.substring(0, blank));
                put(fields, "last_name", blank < 0 ? null : name.substring(blank + 1));
            }
        }

        private Future<JsonObject> member(Call call, Contact contact, boolean withLabels) {
            Request request = get(MEMBER).with("id", contact.requireId());
            return send(call, withLabels ? request.query("include", "labels") : request)
                    .map(json -> objects(json, "members")
                            .findFirst()
                            .orElseThrow(() -> CrmException.unavailable("the answer has no member", 200)));
        }

        /** A filter takes a label by its slug, which only the list of labels tells. */
        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            if (cursor != null && !cursor.matches("\\d{1,9}")) {
                return Members.foreignCursor();
            }
            String page = cursor == null ? "1" : cursor;
            return slug(call, tag)
                    .compose(slug -> send(
                            call,
                            get(MEMBERS)
                                    .query("filter", "label:" + slug)
                                    .query("fields", "id")
                                    .query("order", "id asc")
                                    .query("limit", Integer.toString(Math.min(PAGE, limit)))
                                    .query("page", page)))
                    .map(json -> {
                        Integer next = GhostLabels.next(json);
                        return new Page<>(
                                objects(json, "members")
                                        .map(member -> member.getString("id"))
                                        .toList(),
                                next == null ? null : next.toString());
                    });
        }

        private Future<String> slug(Call call, Tag tag) {
            return labels.named(call, tag.name())
                    .map(found -> found.orElseThrow(() ->
                                    CrmException.of(CrmException.Kind.INVALID, "there is no label " + tag.name(), null))
                            .getString("slug"));
        }

        // ---- writes

        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            JsonObject member = wire(fields, new JsonObject());
            return send(call, Request.post(base, MEMBERS).json(members(member)))
                    .map(json -> new Added(
                            objects(json, "members").findFirst().orElseThrow().getString("id"), Added.How.CREATED));
        }

        @Override
        public int mostContacts() {
            return GhostLabels.MOST_MEMBERS;
        }

        @Override
        public Future<Set<String>> applyTag(Call call, Tag tag, List<String> ids) {
            return labels.apply(call, tag, ids);
        }

        @Override
        public Future<Set<String>> removeTag(Call call, Tag tag, List<String> ids) {
            return labels.remove(call, tag, ids);
        }

        /** Label by label where that takes fewer calls; else each member with all of its labels and fields at once. */
        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            boolean byLabel = GhostLabels.areFewerCalls(
                    batches.stream().filter(Opened::isOfTagsAlone).toList());
            return Grouping.deliver(
                    batches,
                    batch -> byLabel && isOfTagsAlone(batch),
                    together -> CombinedChange.super.deliver(call, together),
                    alone -> Grouping.each(alone, batch -> CombinedChange.super.deliver(call, batch)));
        }

        private static boolean isOfTagsAlone(Batch batch) {
            return Grouping.isPlain(batch) && batch.fields().isEmpty();
        }

        /** One call for all of it, after the member was read. */
        @Override
        public Future<Contact> change(
                Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
            boolean needsMember = !remove.isEmpty() || !apply.isEmpty() || isHalfAName(fields);
            Future<JsonObject> before =
                    needsMember ? member(call, contact, true) : Future.succeededFuture(new JsonObject());
            return before.compose(member -> {
                        JsonObject changed = wire(fields, member);
                        if (!remove.isEmpty() || !apply.isEmpty()) {
                            changed.put("labels", labels(labelsOf(member), remove, apply));
                        }
                        return send(
                                call,
                                Request.put(base, MEMBER)
                                        .with("id", contact.requireId())
                                        .json(members(changed)));
                    })
                    .map(contact);
        }

        private static JsonArray labels(Set<Tag> had, Set<Tag> remove, Set<Tag> apply) {
            Map<String, String> names = new LinkedHashMap<>();
            had.forEach(tag -> names.put(fold(tag), tag.name()));
            remove.forEach(tag -> names.remove(fold(tag)));
            apply.forEach(tag -> names.putIfAbsent(fold(tag), tag.name()));
            JsonArray labels = new JsonArray();
            names.values().forEach(name -> labels.add(new JsonObject().put("name", name)));
            return labels;
        }

        private static String fold(Tag tag) {
            return tag.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Future<Tag> addTag(Call call, String name) {
            return labels.add(call, name);
        }

        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            return http.send(call, Request.delete(base, MEMBER).with("id", contact.requireId()))
                    .mapEmpty();
        }

        @Override
        public List<Changed> read(Notice notice) {
            return GhostWebhooks.read(notice, secret);
        }

        // ---- mapping

        private static boolean isHalfAName(Map<String, Value> fields) {
            return fields.containsKey("first_name") != fields.containsKey("last_name");
        }

        /** @param member as it is, for the half of the name that does not change */
        private static JsonObject wire(Map<String, Value> fields, JsonObject member) {
            JsonObject wire = new JsonObject();
            fields.forEach((field, value) -> {
                if (value instanceof Value.Flag flag) {
                    wire.put(field, flag.on());
                } else if (!field.equals("first_name") && !field.equals("last_name")) {
                    wire.put(field, value instanceof Value.Cleared ? null : value.asText());
                }
            });
            if (fields.containsKey("first_name") || fields.containsKey("last_name")) {
                Map<String, Value> name = new LinkedHashMap<>();
                name(name, member.getString("name"));
                name.putAll(fields);
                wire.put("name", (text(name, "first_name") + " " + text(name, "last_name")).trim());
            }
            return wire;
        }

        private static String text(Map<String, Value> fields, String field) {
            Value value = fields.get(field);
            return value == null ? "" : value.asText();
        }

        private static JsonObject members(JsonObject member) {
            return new JsonObject().put("members", new JsonArray().add(member));
        }

        private Request get(String template) {
            return Request.get(base, template);
        }

        private Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Answer::json);
        }

        private static Stream<JsonObject> objects(JsonObject json, String key) {
            JsonArray array = json.getJsonArray(key);
            if (array == null) {
                throw CrmException.unavailable("the answer has no " + key, 200);
            }
            return array.stream().map(JsonObject.class::cast);
        }
    }
}
