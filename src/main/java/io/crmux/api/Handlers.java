package io.crmux.api;

/** What a route does, when the key, the right and the connection are in order. */
record Handlers(
        Reading reading, Writing writing, RecordedWrites recorded, Administration administration, Budgets budgets) {

    void handle(Exchange exchange, Visit visit) {
        switch (visit.route().resource()) {
            case CONNECT -> {
                if (visit.reads()) {
                    administration.connected(exchange, visit);
                } else {
                    administration.connect(exchange, visit);
                }
            }
            case TAGS -> {
                if (visit.reads()) {
                    reading.tags(exchange, visit);
                } else {
                    writing.addTag(exchange, visit);
                }
            }
            case FIELDS -> reading.fields(exchange, visit);
            case LISTS -> reading.lists(exchange, visit);
            case CONTACTS -> {
                if (visit.reads()) {
                    reading.contacts(exchange, visit);
                } else {
                    writing.addContact(exchange, visit);
                }
            }
            case CONTACT -> {
                if (visit.reads()) {
                    reading.contact(exchange, visit);
                } else {
                    writing.contact(exchange, visit);
                }
            }
            case CONTACT_ID -> reading.contactId(exchange, visit);
            case CONTACT_TAGS -> {
                if (visit.reads()) {
                    reading.contactTags(exchange, visit);
                } else {
                    writing.contactTags(exchange, visit);
                }
            }
            case CONTACT_EVENTS -> writing.event(exchange, visit);
            case LOOKUP -> reading.lookup(exchange, visit);
            case OPERATIONS -> recorded.staged(exchange, visit);
            case OPERATION -> reading.operation(exchange, visit);
            case DEAD_LETTERS -> recorded.dead(exchange, visit);
            case DEAD_LETTERS_REPLAY -> recorded.replayAll(exchange, visit);
            case DEAD_LETTER -> recorded.deadLetter(exchange, visit);
            case DEAD_LETTER_REPLAY -> recorded.replay(exchange, visit);
            case BUDGET -> budgets.answer(exchange, visit);
            case CONTACT_CACHE, CACHE -> administration.purge(exchange, visit);
        }
    }
}
