package io.crmux.gateway.fields;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;

/** Countries by their ISO 3166-1 codes and English names, as the JDK knows them. */
final class CountryNames {

    private static final Map<String, String> CODES = new HashMap<>();

    static {
        for (String code : Locale.getISOCountries()) {
            CODES.put(fold(code), code);
            CODES.put(fold(name(code)), code);
            try {
                CODES.put(fold(locale(code).getISO3Country()), code);
            } catch (MissingResourceException noThirdLetter) {
                // a code without an alpha-3 form is found by the other two
            }
        }
        CODES.put("united states of america", "US");
        CODES.put("uk", "GB");
    }

    private CountryNames() {}

    /** The alpha-2 code of a country by code or English name; empty when it is none that is known. */
    static Optional<String> code(String said) {
        return Optional.ofNullable(CODES.get(fold(said)));
    }

    /** The English name of a country by its alpha-2 code. */
    static String name(String code) {
        return locale(code).getDisplayCountry(Locale.ENGLISH);
    }

    private static Locale locale(String code) {
        return new Locale.Builder().setRegion(code).build();
    }

    private static String fold(String said) {
        return said.trim().toLowerCase(Locale.ROOT);
    }
}
