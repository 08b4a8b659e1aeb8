package io.crmux.gateway.delivery;

import io.crmux.crm.CrmException;
import io.vertx.core.json.JsonObject;

/** Why a change is dead, as it is stored and answered: {@code type}, {@code detail}, and {@code crm} with the CRM's own status and words. */
final class Problems {

    private Problems() {}

    static JsonObject of(String type, String detail) {
        return new JsonObject().put("type", type).put("detail", detail);
    }

    static JsonObject of(String type, String detail, CrmException failure) {
        JsonObject crm = new JsonObject();
        if (failure.crmStatus() != null) {
            crm.put("status", failure.crmStatus());
        }
        return of(type, detail).put("crm", crm.put("message", failure.words()));
    }
}
