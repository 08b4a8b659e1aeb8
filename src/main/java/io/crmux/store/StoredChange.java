package io.crmux.store;

/** A change with how far it has come. */
public record StoredChange(Change change, Progress progress) {}
