package io.crmux.crm;

/** Where what requests are signed with comes from, when the settings alone do not make a signature: it is valid for a while, and then got anew. */
public sealed interface TokenSource permits OAuth, LogIn {}
