package io.crmux.crm;

/**
 * Whose credentials they are, as far as the CRM tells.
 *
 * @param name what a person would recognise: the account's name, address or user
 */
public record Account(String name) {}
