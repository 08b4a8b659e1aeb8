package io.crmux.gateway.fields;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** States and provinces of the United States and Canada, by postal code and name. Others stay as they were said. */
final class States {

    private static final String TABLE =
            "AL=Alabama,AK=Alaska,AZ=Arizona,AR=Arkansas,CA=California,CO=Colorado,CT=Connecticut,DE=Delaware,"
                    + "DC=District of Columbia,FL=Florida,GA=Georgia,HI=Hawaii,ID=Idaho,IL=Illinois,IN=Indiana,IA=Iowa,"
                    + "KS=Kansas,KY=Kentucky,LA=Louisiana,ME=Maine,MD=Maryland,MA=Massachusetts,MI=Michigan,MN=Minnesota,"
                    + "MS=Mississippi,MO=Missouri,MT=Montana,NE=Nebraska,NV=Nevada,NH=New Hampshire,NJ=New Jersey,"
                    + "NM=New Mexico,NY=New York,NC=North Carolina,ND=North Dakota,OH=Ohio,OK=Oklahoma,OR=Oregon,"
                    + "PA=Pennsylvania,RI=Rhode Island,SC=South Carolina,SD=South Dakota,TN=Tennessee,TX=Texas,UT=Utah,"
                    + "VT=Vermont,VA=Virginia,WA=Washington,WV=West Virginia,WI=Wisconsin,WY=Wyoming,"
                    + "AB=Alberta,BC=British Columbia,MB=Manitoba,NB=New Brunswick,NL=Newfoundland and Labrador,"
                    + "NT=Northwest Territories,NS=Nova Scotia,NU=Nunavut,ON=Ontario,PE=Prince Edward Island,QC=Quebec,"
                    + "SK=Saskatchewan,YT=Yukon";

    private static final Map<String, String> CODES = new HashMap<>();
    private static final Map<String, String> NAMES = new HashMap<>();

    static {
        for (String pair : TABLE.split(",")) {
            int equals = pair.indexOf('=');
            String code = pair.substring(0, equals);
            String name = pair.substring(equals + 1);
            CODES.put(name.toLowerCase(Locale.ROOT), code);
            NAMES.put(code.toLowerCase(Locale.ROOT), name);
        }
    }

    private States() {}

    static String code(String said) {
        return CODES.getOrDefault(said.trim().toLowerCase(Locale.ROOT), said);
    }

    static String name(String said) {
        return NAMES.getOrDefault(said.trim().toLowerCase(Locale.ROOT), said);
    }
}
