package io.crmux.gateway.fields;

import io.crmux.crm.Descriptor.Countries;
import io.crmux.crm.FieldType;
import io.crmux.crm.Value;
import io.vertx.core.json.JsonArray;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Converts single values between what a site says and what a CRM has, by the type that the field map gives. */
final class Conversion {

    private static final List<String> YES = List.of("1", "true", "yes", "on");
    private static final List<String> NO = List.of("0", "false", "no", "off", "");

    private final Countries countries;

    Conversion(Countries countries) {
        this.countries = countries;
    }

    /** A value that does not fit its type. Expected, and so without a stack trace. */
    static final class Unfit extends Exception {

        private static final long serialVersionUID = 1L;
        private final String rule;

        Unfit(String rule) {
            super(rule, null, false, false);
            this.rule = rule;
        }

        String rule() {
            return rule;
        }
    }

    Value toCrm(@Nullable Object said, FieldType type) throws Unfit {
        if (said == null) {
            return Value.cleared();
        }
        return switch (type) {
            case TEXT -> Value.text(said instanceof JsonArray list ? String.join(", ", strings(list)) : scalar(said));
            case DATE -> cleared(said) ? Value.cleared() : new Value.Day(Dates.day(scalar(said)));
            case DATETIME -> cleared(said) ? Value.cleared() : new Value.Time(Dates.time(scalar(said)));
            case NUMBER -> cleared(said) ? Value.cleared() : new Value.Num(number(scalar(said)));
            case CHECKBOX -> new Value.Flag(flag(scalar(said)));
            case MULTISELECT -> new Value.Choices(said instanceof JsonArray list ? strings(list) : split(scalar(said)));
            case COUNTRY -> Value.text(country(scalar(said)));
            case STATE -> Value.text(state(scalar(said)));
        };
    }

    /**
     * What the CRM has, as JSON. A value that does not fit its type is shown as the text that it is, and one that the CRM has as a number or a choice is text where the map
     * says so.
     *
     * @param type null when nothing is known of it: then the value stays what the CRM says it is
     */
    Object toSite(Value value, @Nullable FieldType type) {
        if (type == FieldType.TEXT || type == FieldType.COUNTRY || type == FieldType.STATE) {
            return value.asText();
        }
        if (value instanceof Value.Num number) {
            return number.number();
        }
        if (value instanceof Value.Flag flag) {
            return flag.on();
        }
        if (value instanceof Value.Choices choices) {
            return choices.chosen();
        }
        String text = value.asText();
        if (type == null) {
            return text;
        }
        try {
            return switch (type) {
                case NUMBER -> number(text);
                case CHECKBOX -> flag(text);
                case MULTISELECT -> split(text);
                case DATE -> Dates.day(text).toString();
                case TEXT, DATETIME, COUNTRY, STATE -> text;
            };
        } catch (Unfit unfit) {
            return text;
        }
    }

    private static boolean cleared(Object said) {
        return said instanceof String text && text.isBlank();
    }

    private static String scalar(Object said) throws Unfit {
        if (said instanceof String || said instanceof Boolean) {
            return said.toString();
        }
        if (said instanceof Number number) {
            return new BigDecimal(number.toString()).toPlainString();
        }
        throw new Unfit("must be a string, a number or a boolean");
    }

    private static List<String> strings(JsonArray list) throws Unfit {
        List<String> strings = new ArrayList<>();
        for (Object each : list) {
            if (!(each instanceof String text)) {
                throw new Unfit("must be an array of strings");
            }
            strings.add(text);
        }
        return strings;
    }

    private static List<String> split(String text) {
        return Arrays.stream(text.split(","))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static BigDecimal number(String text) throws Unfit {
        try {
            return new BigDecimal(text.trim());
        } catch (NumberFormatException e) {
            throw new Unfit("must be a number, such as 12 or -3.5");
        }
    }

    private static boolean flag(String text) throws Unfit {
        String word = text.trim().toLowerCase(Locale.ROOT);
        if (YES.contains(word)) {
            return true;
        }
        if (NO.contains(word)) {
            return false;
        }
        throw new Unfit("must be true or false (or 1, 0, yes, no, on, off)");
    }

    /** What is no country that we know stays as it was said. */
    private String country(String said) {
        Optional<String> code = CountryNames.code(said);
        return code.map(known -> countries == Countries.CODE ? known : CountryNames.name(known))
                .orElse(said);
    }

    private String state(String said) {
        return countries == Countries.CODE ? States.code(said) : States.name(said);
    }
}
