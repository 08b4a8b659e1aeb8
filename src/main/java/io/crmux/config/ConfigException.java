package io.crmux.config;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;
    private final transient List<Mistake> mistakes;

    public ConfigException(List<Mistake> mistakes) {
        super(mistakes.stream()
                .sorted(Comparator.comparingInt(Mistake::line))
                .map(Mistake::toString)
                .collect(Collectors.joining(System.lineSeparator())));
        this.mistakes =
                mistakes.stream().sorted(Comparator.comparingInt(Mistake::line)).toList();
    }

    /** In the order of the file. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
