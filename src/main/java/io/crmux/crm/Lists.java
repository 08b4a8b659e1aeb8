package io.crmux.crm;

import io.vertx.core.Future;
import java.util.List;

/** A CRM that has mailing lists beside tags. */
public interface Lists {

    /** All lists of the account, paged to the very end. */
    Future<List<MailingList>> syncLists(Call call);

    /** A mailing list: the CRM's id and its name. */
    record MailingList(String id, String name) {}
}
