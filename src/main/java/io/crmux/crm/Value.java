package io.crmux.crm;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** The value of a field, typed. A connector writes it in the CRM's own format, and reads it back from there. */
public sealed interface Value {

    /** Plain text: the value of most fields. */
    record Text(String text) implements Value {
        @Override
        public String asText() {
            return text;
        }
    }

    /** A number, exact. */
    record Num(BigDecimal number) implements Value {
        @Override
        public String asText() {
            return number.toPlainString();
        }
    }

    /** Yes or no. */
    record Flag(boolean on) implements Value {
        @Override
        public String asText() {
            return Boolean.toString(on);
        }
    }

    /** Some of the options of a choice. */
    record Choices(List<String> chosen) implements Value {
        public Choices {
            chosen = List.copyOf(chosen);
        }

        @Override
        public String asText() {
            return String.join(", ", chosen);
        }
    }

    /** A day. */
    record Day(LocalDate day) implements Value {
        @Override
        public String asText() {
            return day.toString();
        }
    }

    /** A point in time. */
    record Time(Instant instant) implements Value {
        @Override
        public String asText() {
            return instant.toString();
        }
    }

    /** No value: the field is to be emptied. */
    record Cleared() implements Value {
        @Override
        public String asText() {
            return "";
        }
    }

    /** The value in words: what goes on the wire where the CRM takes any text. Days and times are ISO 8601. */
    String asText();

    static Value text(String text) {
        return new Text(text);
    }

    static Value cleared() {
        return new Cleared();
    }
}
