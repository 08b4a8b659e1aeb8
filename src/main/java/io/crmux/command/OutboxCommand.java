package io.crmux.command;

import picocli.CommandLine.Command;

/** Looks into the store, beside a running server or without one. */
@Command(
        name = "outbox",
        description = "Looks into the store, beside a running server or without one. Changes nothing.",
        subcommands = {OutboxStatCommand.class, OutboxExportCommand.class})
public final class OutboxCommand {}
