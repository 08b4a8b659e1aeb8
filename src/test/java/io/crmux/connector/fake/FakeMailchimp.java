package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Mailchimp's wire: the calls of the Marketing API 3.0 that crmux makes, on one audience. Stateful; one thread calls it. */
public final class FakeMailchimp extends FakeCrm {

    public static final String KEY = "0123456789abcdef0123456789abcdef-us21";
    public static final String LIST = "abc123def4";

    private static final String HOME = "/3.0/lists/" + LIST;
    private static final int MOST_IN_MEMBER = 50;
    private static final int MOST_TOGETHER = 500;

    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, Integer> tags = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, String> spelling = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Set<String> refused = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private boolean ignoringTags;

    private static final class Member {
        String email;
        String status;
        final JsonObject merges = new JsonObject();
        final Set<String> tags = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

        Member(String email, String status) {
            this.email = email;
            this.status = status;
        }
    }

    public FakeMailchimp(Vertx vertx) {
        super(vertx);
    }

    @Override
    public synchronized String add(String email, String... withTags) {
        Member member = new Member(email, "subscribed");
        members.put(hash(email), member);
        Stream.of(withTags).forEach(tag -> member.tags.add(named(tag)));
        return hash(email);
    }

    /** What became of a contact, as the CRM would tell; null when there is none. */
    public synchronized @Nullable JsonObject member(String email) {
        Member member = members.get(hash(email));
        return member == null ? null : json(member);
    }

    /** Unsubscribes a contact, or whatever else may become of it behind a site's back. */
    public synchronized void status(String email, String status) {
        Member member = members.get(hash(email));
        if (member != null) {
            member.status = status;
        }
    }

    /** From now on the call for many members takes no change of this one. */
    public synchronized void refuse(String email) {
        refused.add(email);
    }

    /** From now on the call for many members gives no tags. */
    public synchronized void ignoreTags() {
        ignoringTags = true;
    }

    private String named(String tag) {
        tags.computeIfAbsent(tag, absent -> tags.size() + 1);
        return spelling.computeIfAbsent(tag, absent -> tag);
    }

    private static String hash(String email) {
        try {
            byte[] lower = email.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(lower));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected synchronized Reply handle(Received call) {
        String proof = Base64.getEncoder().encodeToString(("crmux:" + KEY).getBytes(StandardCharsets.UTF_8));
        if (!call.headers().contains("authorization: Basic " + proof)) {
            return problem(
                    401,
                    "API Key Invalid",
                    "Your API key may be invalid, or you've attempted to access the wrong datacenter.");
        }
        if (call.path().equals("/3.0/lists")) {
            return page(call, "lists", List.of(new JsonObject().put("id", LIST).put("name", "Friends")));
        }
        if (!call.path().startsWith(HOME)) {
            return notFound();
        }
        String[] path = call.path().substring(HOME.length()).split("/");
        return switch (path.length) {
            case 1 ->
                call.method().equals("POST")
                        ? members(call.json())
                        : Reply.json(200, new JsonObject().put("id", LIST).put("name", "Friends"));
            case 2 -> collection(call, path[1]);
            case 3 -> path[1].equals("segments") ? segment(call.json(), path[2]) : member(call, path[2]);
            default -> path[1].equals("segments") ? segmentMembers(call, path[2]) : ofMember(call, path[2], path[3]);
        };
    }

    private Reply collection(Received call, String name) {
        return switch (name) {
            case "tag-search" -> tagSearch(call);
            case "segments" -> addTag(call.json().getString("name"));
            default ->
                page(
                        call,
                        "merge_fields",
                        List.of(
                                merge(1, "FNAME", "First Name", "text"),
                                merge(2, "LNAME", "Last Name", "text"),
                                merge(3, "ADDRESS", "Address", "address"),
                                merge(4, "PHONE", "Phone Number", "phone"),
                                merge(5, "BIRTHDAY", "Birthday", "birthday"),
                                merge(6, "JOINED", "Joined", "date"),
                                merge(7, "POINTS", "Points", "number")));
        };
    }

    private static JsonObject merge(int id, String tag, String name, String type) {
        return new JsonObject()
                .put("merge_id", id)
                .put("tag", tag)
                .put("name", name)
                .put("type", type)
                .put("required", false);
    }

    private Reply tagSearch(Received call) {
        String part =
                call.query("name").isEmpty() ? "" : call.query("name").get(0).toLowerCase(Locale.ROOT);
        JsonArray found = new JsonArray();
        spelling.values().stream()
                .filter(tag -> tag.toLowerCase(Locale.ROOT).contains(part))
                .forEach(tag -> found.add(tag(tag)));
        return Reply.json(200, new JsonObject().put("tags", found).put("total_items", found.size()));
    }

    private JsonObject tag(String name) {
        return new JsonObject().put("id", tags.get(name)).put("name", name);
    }

    private Reply addTag(String name) {
        named(name);
        return Reply.json(
                200,
                new JsonObject().put("id", tags.get(name)).put("name", name).put("type", "static"));
    }

    /** Adds or updates many. Without a status nobody is added, and nobody's status changes. */
    private Reply members(JsonObject json) {
        JsonArray wanted = json.getJsonArray("members");
        if (wanted.size() > MOST_TOGETHER) {
            return problem(400, "Invalid Resource", "At most 500 members may be sent.");
        }
        JsonArray updated = new JsonArray();
        JsonArray errors = new JsonArray();
        wanted.forEach(each -> {
            JsonObject one = (JsonObject) each;
            String email = one.getString("email_address");
            Member member = members.get(hash(email));
            if (member == null || refused.contains(email)) {
                errors.add(new JsonObject()
                        .put("email_address", email)
                        .put("error", member == null ? "Please provide a status." : "This member cannot be changed.")
                        .put("error_code", "ERROR_GENERIC")
                        .put("field", ""));
                return;
            }
            member.status = one.getString("status", member.status);
            saved(member, one);
            if (!ignoringTags) {
                one.getJsonArray("tags", new JsonArray()).forEach(tag -> member.tags.add(named((String) tag)));
            }
            updated.add(json(member));
        });
        return Reply.json(
                200,
                new JsonObject()
                        .put("new_members", new JsonArray())
                        .put("updated_members", updated)
                        .put("errors", errors)
                        .put("total_created", 0)
                        .put("total_updated", updated.size())
                        .put("error_count", errors.size()));
    }

    /** Takes a tag from many. Who has it not, and who is nobody, is told in the same words. */
    private Reply segment(JsonObject json, String id) {
        JsonArray wanted = json.getJsonArray("members_to_remove");
        String tag = spelling.values().stream()
                .filter(name -> id.equals(String.valueOf(tags.get(name))))
                .findFirst()
                .orElse(null);
        if (tag == null) {
            return notFound();
        }
        if (wanted.size() > MOST_TOGETHER) {
            return problem(400, "Invalid Resource", "At most 500 members may be sent.");
        }
        JsonArray removed = new JsonArray();
        JsonArray others = new JsonArray();
        wanted.forEach(email -> {
            Member member = members.get(hash((String) email));
            if (member != null && member.tags.remove(tag)) {
                removed.add(json(member));
            } else {
                others.add(email);
            }
        });
        JsonArray errors = new JsonArray();
        if (!others.isEmpty()) {
            errors.add(new JsonObject().put("email_addresses", others).put("error", "Not in this segment"));
        }
        return Reply.json(
                200,
                new JsonObject()
                        .put("members_added", new JsonArray())
                        .put("members_removed", removed)
                        .put("errors", errors)
                        .put("total_added", 0)
                        .put("total_removed", removed.size())
                        .put("error_count", errors.size()));
    }

    private Reply member(Received call, String id) {
        Member member = members.get(id);
        if (call.method().equals("PUT")) {
            return put(call.json(), id, member);
        }
        if (member == null) {
            return notFound();
        }
        switch (call.method()) {
            case "DELETE" -> {
                member.status = "archived";
                return Reply.empty(204);
            }
            case "PATCH" -> {
                String email = call.json().getString("email_address", member.email);
                if (!hash(email).equals(id) && members.containsKey(hash(email))) {
                    return problem(400, "Member Exists", email + " is already a list member.");
                }
                members.remove(id);
                member.email = email;
                members.put(hash(email), member);
                return saved(member, call.json());
            }
            default -> {
                return Reply.json(200, json(member));
            }
        }
    }

    private Reply put(JsonObject json, String id, @Nullable Member known) {
        String email = json.getString("email_address", "");
        if (!email.contains("@")) {
            return problem(400, "Invalid Resource", "Please provide a valid email address.");
        }
        Member member = known == null ? new Member(email, json.getString("status_if_new")) : known;
        members.put(id, member);
        member.status = json.getString("status", member.status);
        return saved(member, json);
    }

    private Reply saved(Member member, JsonObject json) {
        json.getJsonObject("merge_fields", new JsonObject())
                .forEach(field -> member.merges.put(field.getKey(), field.getValue()));
        return Reply.json(200, json(member));
    }

    private JsonObject json(Member member) {
        JsonArray some = new JsonArray();
        member.tags.stream().limit(MOST_IN_MEMBER).forEach(tag -> some.add(tag(tag)));
        JsonObject merges = new JsonObject()
                .put("FNAME", "")
                .put("LNAME", "")
                .put("ADDRESS", "")
                .put("PHONE", "");
        return new JsonObject()
                .put("id", hash(member.email))
                .put("email_address", member.email)
                .put("status", member.status)
                .put("merge_fields", merges.mergeIn(asRead(member.merges)))
                .put("tags_count", member.tags.size())
                .put("tags", some)
                .put("list_id", LIST);
    }

    /** A date is written one way and read another. */
    private static JsonObject asRead(JsonObject merges) {
        JsonObject read = merges.copy();
        if (merges.getValue("JOINED") instanceof String date && !date.isEmpty()) {
            read.put("JOINED", date.replaceAll("(..)/(..)/(....)", "$3-$1-$2"));
        }
        return read;
    }

    private Reply ofMember(Received call, String id, String what) {
        Member member = members.get(id);
        if (member == null) {
            return notFound();
        }
        if (what.equals("tags") && call.method().equals("GET")) {
            return page(call, "tags", member.tags.stream().map(this::tag).toList());
        }
        if (what.equals("tags")) {
            call.json().getJsonArray("tags").forEach(each -> {
                JsonObject change = (JsonObject) each;
                if (change.getString("status").equals("active")) {
                    member.tags.add(named(change.getString("name")));
                } else {
                    member.tags.remove(change.getString("name"));
                }
            });
        }
        return Reply.empty(204);
    }

    private Reply segmentMembers(Received call, String id) {
        List<JsonObject> having = new ArrayList<>();
        members.values().stream()
                .filter(member -> !member.status.equals("archived"))
                .filter(member -> member.tags.stream().anyMatch(tag -> id.equals(String.valueOf(tags.get(tag)))))
                .forEach(member -> having.add(new JsonObject().put("id", hash(member.email))));
        return page(call, "members", having);
    }

    /** The vendor's pages have 10 rows unless more is asked for. */
    private static Reply page(Received call, String key, List<JsonObject> rows) {
        int offset = Math.min(rows.size(), number(call, "offset", 0));
        int count = Math.min(1_000, number(call, "count", 10));
        return Reply.json(
                200,
                new JsonObject()
                        .put(key, new JsonArray(rows.subList(offset, Math.min(rows.size(), offset + count))))
                        .put("total_items", rows.size()));
    }

    private static int number(Received call, String name, int otherwise) {
        return call.query(name).isEmpty()
                ? otherwise
                : Integer.parseInt(call.query(name).get(0));
    }

    private static Reply notFound() {
        return problem(404, "Resource Not Found", "The requested resource could not be found.");
    }

    private static Reply problem(int status, String title, String detail) {
        JsonObject problem = new JsonObject()
                .put("type", "https://mailchimp.com/developer/marketing/docs/errors/")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("instance", "1c7c2d3e-0000-0000-0000-000000000000");
        return new Reply(status, "application/problem+json", problem.encode(), List.of());
    }
}
