package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.Sandbox;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Crm;
import io.crmux.crm.Deadline;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Http;
import io.crmux.crm.Lane;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Trace;
import io.crmux.crm.Transport;
import io.crmux.crm.Verdict;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests that are signed as a whole, with the time, as they leave an account. */
class SignaturesTest {

    private static final String SIGNATURE = "x-signature";

    private final ManualLoop loop = new ManualLoop();
    private final List<String> signatures = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();

    /** Refuses the first call, names two seconds, and takes the next. */
    private final Transport transport = (request, timeout) -> {
        times.add(loop.millis());
        request.headers().stream()
                .filter(header -> header.name().equals(SIGNATURE))
                .forEach(header -> signatures.add(header.value()));
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set("retry-after", "2");
        return Future.succeededFuture(new Answer(times.size() == 1 ? 429 : 200, headers, Buffer.buffer("{}")));
    };

    private final Connector connector = new Connector() {

        private final Authentication signature = (request, settings, millis) -> request.header(
                SIGNATURE,
                request.method() + " " + request.path() + " " + request.query() + " " + request.body() + " " + millis);

        @Override
        public Descriptor descriptor() {
            Descriptor real = new Sandbox().descriptor();
            return new Descriptor(
                    real.slug(),
                    real.name(),
                    real.settings(),
                    signature,
                    real.limits(),
                    real.concurrent(),
                    real.tag(),
                    real.supports(),
                    real.fields(),
                    real.countries(),
                    real.docs());
        }

        @Override
        public Set<String> domains() {
            return Set.of("crm.example");
        }

        @Override
        public Verdict judge(Request request, Answer answer) {
            return Verdict.byStatus(answer, "");
        }

        @Override
        public Crm open(Settings settings, Http http) {
            throw new UnsupportedOperationException("calls are sent by hand");
        }
    };

    @Test
    void eachAttemptIsSignedAnewWithAllOfTheRequestAndThePresentTime() {
        Http http = ManualUpstream.open(loop, connector, new Settings(Map.of()), transport);
        Call call = new Call(Lane.VISITOR, Deadline.in(loop, 10_000), Operation.GET_TAGS, new Trace("t"));
        Future<Answer> answer = http.send(
                call,
                Request.post("https://crm.example", "/contacts/{id}")
                        .with("id", "7")
                        .query("q", "1")
                        .body("text/plain", Buffer.buffer("b"))
                        .asRepeatable());
        loop.advance(10_000);
        assertThat(answer.succeeded()).isTrue();
        assertThat(times).hasSize(2);
        assertThat(times.get(1) - times.get(0)).isGreaterThanOrEqualTo(2_000);
        assertThat(signatures)
                .containsExactly(
                        "POST /contacts/7 [Pair[name=q, value=1]] b " + times.get(0),
                        "POST /contacts/7 [Pair[name=q, value=1]] b " + times.get(1));
    }
}
