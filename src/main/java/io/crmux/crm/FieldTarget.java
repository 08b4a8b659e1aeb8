package io.crmux.crm;

/**
 * Where a site's key goes in the CRM.
 *
 * @param field the CRM's own field id
 * @param type how the value is converted
 */
public record FieldTarget(String field, FieldType type) {

    public static FieldTarget text(String field) {
        return new FieldTarget(field, FieldType.TEXT);
    }
}
