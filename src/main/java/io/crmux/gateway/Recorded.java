package io.crmux.gateway;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * A write that is kept to be looked at: dead or staged.
 *
 * @param changes what it says, in the site's own words, each with one member that names its kind: {@code tags} with {@code apply} and {@code remove},
 *     {@code create} and {@code update} with {@code fields} and {@code map_meta_fields}, {@code event} with {@code name} and {@code properties},
 *     {@code delete}, {@code add_tag} with {@code name}
 */
public record Recorded(Fate fate, List<JsonObject> changes) {}
