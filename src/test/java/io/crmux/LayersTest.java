package io.crmux;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.crmux.crm.Crm;

/** The arrows between the packages, and the words that no class is named with. */
@AnalyzeClasses(packages = "io.crmux", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {

    private static ArchRule onlyOurs(String of, String... mayUse) {
        String[] allowed = new String[mayUse.length + 1];
        allowed[0] = "io.crmux." + of + "..";
        for (int i = 0; i < mayUse.length; i++) {
            allowed[i + 1] = "io.crmux." + mayUse[i] + "..";
        }
        return classes()
                .that()
                .resideInAPackage("io.crmux." + of + "..")
                .should()
                .onlyDependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "reside in what " + of + " may use",
                        used -> !used.getPackageName().startsWith("io.crmux")
                                || java.util.Arrays.stream(allowed)
                                        .map(pattern -> pattern.substring(0, pattern.length() - 2))
                                        .anyMatch(used.getPackageName()::startsWith)));
    }

    @ArchTest
    static final ArchRule crmKnowsNobody = onlyOurs("crm");

    @ArchTest
    static final ArchRule telemetry = onlyOurs("telemetry", "crm");

    @ArchTest
    static final ArchRule upstream = onlyOurs("upstream", "crm", "telemetry");

    @ArchTest
    static final ArchRule store = onlyOurs("store", "crm", "telemetry");

    @ArchTest
    static final ArchRule connectors = onlyOurs("connector", "crm");

    @ArchTest
    static final ArchRule gateway = onlyOurs("gateway", "store", "crm", "telemetry");

    @ArchTest
    static final ArchRule api = onlyOurs("api", "gateway", "crm", "telemetry", "store");

    @ArchTest
    static final ArchRule apiUsesOfTheStoreOnlyItsWords = noClasses()
            .that()
            .resideInAPackage("io.crmux.api..")
            .should()
            .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "are of the store, its words apart",
                    used -> used.getPackageName().equals("io.crmux.store")
                            && !used.getSimpleName().equals("ChangeState")));

    @ArchTest
    static final ArchRule theHeartIsFreeOfHttpAndStorage = noClasses()
            .that()
            .resideInAPackage("io.crmux.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.core.http..", "io.vertx.ext.web..", "java.sql..", "org.sqlite..");

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("io.crmux.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesSayWhatThingsAre = noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Impl");

    @ArchTest
    static final ArchRule timeIsInjected = noClasses()
            .that()
            .resideInAnyPackage("io.crmux.gateway..", "io.crmux.upstream..", "io.crmux.connector..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now");

    /** Operations are called on the connection's loop, and their answers come on the account's. */
    @ArchTest
    static final ArchRule whatAConnectorRemembersIsSeenOnBothLoops = fields().that()
            .areDeclaredInClassesThat()
            .areAssignableTo(Crm.class)
            .should()
            .beFinal()
            .orShould()
            .haveModifier(JavaModifier.VOLATILE);

    @ArchTest
    static final ArchRule nobodyWaitsOnALoop = noClasses()
            .that()
            .resideInAnyPackage("io.crmux.gateway..", "io.crmux.upstream..", "io.crmux.connector..", "io.crmux.api..")
            .should()
            .callMethod(io.vertx.core.Future.class, "await")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);
}
