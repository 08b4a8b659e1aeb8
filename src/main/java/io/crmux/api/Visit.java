package io.crmux.api;

import io.crmux.gateway.Connection;
import io.crmux.gateway.ContactRef;
import io.vertx.core.http.HttpMethod;

/** A request whose way is clear: its route, the connection that it is for, and where answers' links begin. */
record Visit(Route route, HttpMethod method, Connection connection, String basePath) {

    boolean reads() {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    ContactRef contact() {
        return Contacts.ref(route.argument());
    }

    /** The address at which an operation's fate can be asked for. */
    String location(String operation) {
        return basePath + "v1/" + connection.name() + "/operations/" + operation;
    }
}
