package io.crmux.crm;

import io.vertx.core.json.JsonObject;

/**
 * Something that a contact did.
 *
 * @param name the kind of event
 * @param properties what is known of it; not to be changed
 */
public record Event(String name, JsonObject properties) {}
