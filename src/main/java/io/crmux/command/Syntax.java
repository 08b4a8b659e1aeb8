package io.crmux.command;

import io.crmux.config.Nearest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.MissingOptionException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.jspecify.annotations.Nullable;

/** What a command takes: options, the one for help among them, and at most one kind of parameter without an option. */
final class Syntax {

    static final String HELP = "help";

    private final Options options = new Options();

    private @Nullable Parameter parameter;
    private String footer = "";

    /** What is given without an option. */
    record Parameter(String name, int least, int most, String description) {

        /** As it stands in a line that says how a command is called. */
        String usage() {
            String repeated = most > 1 ? name + "..." : name;
            return least == 0 ? "[" + repeated + "]" : repeated;
        }
    }

    Syntax() {
        options.addOption(Option.builder("h").longOpt(HELP).desc("Shows this.").get());
    }

    /** Takes an option with a value, such as {@code --config=FILE}. */
    Syntax option(String name, String value, String description) {
        options.addOption(option(name, description).hasArg().argName(value).get());
        return this;
    }

    /** Takes an option with a value that must be given. */
    Syntax required(String name, String value, String description) {
        options.addOption(
                option(name, description).hasArg().argName(value).required().get());
        return this;
    }

    /** Takes an option without a value. */
    Syntax flag(String name, String description) {
        options.addOption(option(name, description).get());
        return this;
    }

    private static Option.Builder option(String name, String description) {
        return Option.builder().longOpt(name).desc(description);
    }

    /** Takes parameters: at least and at most so many of them. */
    Syntax parameter(String name, int least, int most, String description) {
        parameter = new Parameter(name, least, most, description);
        return this;
    }

    /** What the help says last, in lines that are not wrapped. */
    Syntax footer(String lines) {
        footer = lines;
        return this;
    }

    /** Empty where there is none. */
    String footer() {
        return footer;
    }

    Options options() {
        return options;
    }

    @Nullable
    Parameter parameter() {
        return parameter;
    }

    /**
     * Reads what a command was given.
     *
     * @throws MisuseException when it is not what the command takes
     */
    CommandLine parse(String... arguments) {
        CommandLine parsed = parsed(arguments);
        Set<String> seen = new HashSet<>();
        for (Option option : parsed.getOptions()) {
            if (!seen.add(option.getLongOpt())) {
                throw new MisuseException("--" + option.getLongOpt() + " is given twice");
            }
        }
        List<String> given = parsed.getArgList();
        int most = parameter == null ? 0 : parameter.most();
        if (given.size() > most) {
            throw new MisuseException("nothing is known to do with " + given.get(most));
        }
        if (parameter != null && given.size() < parameter.least()) {
            throw new MisuseException(parameter.name() + " is missing");
        }
        return parsed;
    }

    /** Quotes were the shell's: those that are left belong to the value. A part of an option's name could become ambiguous with the next version. */
    private CommandLine parsed(String... arguments) {
        try {
            return DefaultParser.builder()
                    .setAllowPartialMatching(false)
                    .setStripLeadingAndTrailingQuotes(false)
                    .get()
                    .parse(options, arguments);
        } catch (UnrecognizedOptionException unknown) {
            throw new MisuseException(unknown(unknown.getOption()));
        } catch (MissingArgumentException missing) {
            throw new MisuseException("--" + missing.getOption().getLongOpt() + " needs a value: "
                    + missing.getOption().getArgName());
        } catch (MissingOptionException missing) {
            throw new MisuseException("--" + missing.getMissingOptions().get(0) + " is missing");
        } catch (ParseException failure) {
            throw new MisuseException(failure.toString());
        }
    }

    private String unknown(String token) {
        String name = token.replaceFirst("=.*", "");
        List<String> known =
                options.getOptions().stream().map(it -> "--" + it.getLongOpt()).toList();
        return known.contains(name)
                ? name + " takes no value"
                : "unknown option " + name + ": " + Nearest.guess(name, known);
    }
}
