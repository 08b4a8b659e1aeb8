package io.crmux.crm;

import io.vertx.core.Future;

/** A CRM in which a tag can be created by a call of its own. */
public interface TagCreation {

    /**
     * Creates a tag.
     *
     * @return the tag with its id; fails with {@link CrmException.Kind#DUPLICATE} when there is one of that name
     */
    Future<Tag> addTag(Call call, String name);
}
