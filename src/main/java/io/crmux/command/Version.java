package io.crmux.command;

/** Which version of crmux this is. */
public final class Version {

    private Version() {}

    /** As the build wrote it into the jar's manifest. */
    public static String get() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
