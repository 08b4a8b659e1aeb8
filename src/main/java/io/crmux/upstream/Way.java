package io.crmux.upstream;

import io.crmux.crm.Settings;
import io.crmux.crm.Transport;

/**
 * How one connection's requests leave. Two connections may share an account and yet go through different proxies.
 *
 * @param connection its name
 */
record Way(String connection, Settings settings, Hosts hosts, Transport transport) {}
