package io.crmux.command;

/** Says which version this is. */
final class VersionCommand implements Command {

    @Override
    public String name() {
        return "version";
    }

    @Override
    public String description() {
        return "Says which version this is.";
    }

    @Override
    public int run(Invocation invocation) {
        invocation.out().println("crmux " + Version.get());
        return 0;
    }
}
