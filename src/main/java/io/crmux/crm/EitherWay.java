package io.crmux.crm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several ways to sign; the settings that are given say which. */
record EitherWay(List<Authentication> choices) implements Authentication {

    @Override
    public @Nullable TokenSource tokens(Settings settings) {
        return chosen(settings).tokens(settings);
    }

    @Override
    public Request sign(Request request, Settings settings, long millis) {
        return chosen(settings).sign(request, settings, millis);
    }

    @Override
    public String words() {
        return String.join("; or ", choices.stream().map(Authentication::words).toList());
    }

    /** The first where none is whole, since that says what it lacks. */
    private Authentication chosen(Settings settings) {
        return choices.stream()
                .filter(way -> way.needs().stream()
                        .allMatch(name -> settings.find(name).isPresent()))
                .findFirst()
                .orElse(choices.get(0));
    }
}
