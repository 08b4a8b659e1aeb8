package io.crmux.connector.kit;

import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.Lane;
import io.crmux.crm.Operation;
import io.crmux.crm.Settings;
import io.crmux.crm.Trace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Opens a connector for a test. */
public final class Bench {

    private Bench() {}

    public static Crm open(Vertx vertx, Connector connector, Map<String, String> values) {
        Settings settings = new Settings(values);
        return connector.open(settings, new TestHttp(vertx, connector, settings));
    }

    /** A call that has all the time in the world. */
    public static Call call() {
        return new Call(Lane.VISITOR, new Deadline(Long.MAX_VALUE), Operation.GET_TAGS, new Trace("kit"));
    }

    /**
     * Delivers batches as the gateway does: as many as the connector can make use of are handed over, those that it delivers together are delivered, and the others are
     * handed over again.
     *
     * @return how many were delivered together, each time
     */
    public static List<Integer> deliverAll(Crm crm, List<Batch> batches) {
        List<Integer> deliveries = new ArrayList<>();
        List<Batch> due = new ArrayList<>(batches);
        while (!due.isEmpty()) {
            List<Batch> first = due.subList(0, Math.min(due.size(), crm.traits().batchesPerCall()));
            List<Batch> together = List.copyOf(first.size() < 2 ? first : crm.together(first));
            crm.deliver(call(), together).await();
            deliveries.add(together.size());
            due.removeAll(together);
        }
        return deliveries;
    }

    /** Where a connector would send its first request, without sending it. */
    public static String hostOf(Connector connector, Map<String, String> values) {
        StringBuilder host = new StringBuilder();
        Crm crm = connector.open(new Settings(values), (call, request) -> {
            host.replace(0, host.length(), request.base());
            return Future.failedFuture(CrmException.unavailable("not sent", null));
        });
        crm.connect(call());
        return host.toString();
    }
}
