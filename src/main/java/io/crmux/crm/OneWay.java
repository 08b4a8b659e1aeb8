package io.crmux.crm;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One way to sign, with all that is known of it. */
record OneWay(
        String words, List<String> needs, Function<Settings, @Nullable TokenSource> source, Authentication signing)
        implements Authentication {

    @Override
    public @Nullable TokenSource tokens(Settings settings) {
        return source.apply(settings);
    }

    @Override
    public Request sign(Request request, Settings settings, long millis) {
        return signing.sign(request, settings, millis);
    }
}
