package io.crmux.config;

import io.crmux.crm.Authentication;
import java.util.List;
import java.util.stream.Collectors;

/** Where a CRM lets its credentials be of one kind or another, the settings of one kind must be given whole, and no other's. */
final class LogInChoice {

    private final Section section;

    LogInChoice(Section section) {
        this.section = section;
    }

    /** @param ways one where there is no choice: what it needs is required like any other setting */
    void check(List<Authentication> ways) {
        if (ways.size() < 2) {
            return;
        }
        List<Authentication> begun = ways.stream().filter(this::isBegun).toList();
        if (begun.isEmpty()) {
            section.mistake(
                    ways.get(0).needs().get(0),
                    "one of these must be given: "
                            + ways.stream().map(way -> words(way.needs())).collect(Collectors.joining("; or ")));
            return;
        }
        Authentication meant = begun.stream().filter(this::isWhole).findFirst().orElse(begun.get(0));
        meant.needs().stream()
                .filter(name -> !section.has(name))
                .forEach(name -> section.mistake(name, "is required beside " + words(given(meant))));
        begun.stream()
                .filter(way -> way != meant)
                .flatMap(way -> given(way).stream())
                .filter(name -> !meant.needs().contains(name))
                .forEach(name -> section.mistake(
                        name, "must not be given beside " + words(given(meant)) + ": one kind of credentials is used"));
    }

    private boolean isBegun(Authentication way) {
        return !given(way).isEmpty();
    }

    private boolean isWhole(Authentication way) {
        return given(way).size() == way.needs().size();
    }

    private List<String> given(Authentication way) {
        return way.needs().stream().filter(section::has).toList();
    }

    private static String words(List<String> names) {
        return String.join(" and ", names);
    }
}
