package io.crmux.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts environment variables and files in the place of their names. */
final class Values {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)}");
    private static final String FILE = "file:";

    private final Map<String, String> environment;
    private final Path folder;

    /** @param folder what relative paths of {@code file:} begin at */
    Values(Map<String, String> environment, Path folder) {
        this.environment = environment;
        this.folder = folder;
    }

    /** A value that is not there. */
    static final class Missing extends Exception {

        private static final long serialVersionUID = 1L;

        Missing(String message) {
            super(message, null, false, false);
        }

        String words() {
            return String.valueOf(getMessage());
        }
    }

    /** A variable in braces is replaced, also within a text; with a second dollar sign in front it stays; after {@code file:} comes a path. */
    String of(String written) throws Missing {
        return written.startsWith(FILE) ? content(written.substring(FILE.length())) : replaced(written);
    }

    private String replaced(String written) throws Missing {
        Matcher variable = VARIABLE.matcher(written);
        StringBuilder value = new StringBuilder();
        while (variable.find()) {
            String name = variable.group(1);
            String replacement = "${";
            if (name != null) {
                replacement = environment.getOrDefault(name, "");
                if (replacement.isEmpty()) {
                    throw new Missing("the environment variable " + name + " is not set");
                }
            }
            variable.appendReplacement(value, Matcher.quoteReplacement(replacement));
        }
        return variable.appendTail(value).toString();
    }

    /** The content of a file. */
    String content(String path) throws Missing {
        try {
            return Files.readString(folder.resolve(path)).strip();
        } catch (IOException e) {
            throw new Missing("the file " + path + " cannot be read");
        }
    }
}
