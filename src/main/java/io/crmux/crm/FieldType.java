package io.crmux.crm;

import java.util.Locale;

/** How a field's value is to be understood and converted. */
public enum FieldType {
    TEXT,
    /** A day, without a time. */
    DATE,
    /** A point in time. */
    DATETIME,
    NUMBER,
    CHECKBOX,
    MULTISELECT,
    /** A country, by name or ISO 3166-1 code; which of them a CRM takes, its descriptor says. */
    COUNTRY,
    /** A state or province, by name or code. */
    STATE;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The name in lower case, as in the configuration and the API. */
    @Override
    public String toString() {
        return word;
    }
}
