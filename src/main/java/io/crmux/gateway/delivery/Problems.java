package io.crmux.gateway.delivery;

import io.crmux.crm.CrmException;
import io.vertx.core.json.JsonObject;

/** Why a change is dead, as it is stored and answered: {@code type}, {@code detail}, and, where the CRM has answered, {@code crm} with its status and words. */
final class Problems {

    private Problems() {}

    static JsonObject of(String type, String detail) {
        return new JsonObject().put("type", type).put("detail", detail);
    }

    static JsonObject of(String type, String detail, CrmException failure) {
        JsonObject problem = of(type, detail);
        JsonObject crm = failure.crmsOwn();
        return crm.isEmpty() ? problem : problem.put("crm", crm);
    }
}
