package io.crmux.command;

import io.crmux.crm.Connector;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Operation;
import io.crmux.crm.Setting;
import java.util.List;
import java.util.stream.Collectors;

/** The page of the documentation that says what each connector is: written from what they say of themselves, so that it cannot be wrong. */
final class Catalogue {

    private static final List<Operation> OPTIONAL =
            List.of(Operation.ADD_TAG, Operation.SYNC_LISTS, Operation.TRACK_EVENT, Operation.DELETE_CONTACT);

    private final StringBuilder page = new StringBuilder();

    private Catalogue() {}

    /** @param connectors by slug */
    static String page(List<Connector> connectors) {
        Catalogue catalogue = new Catalogue();
        List<ConnectorFacts> facts = connectors.stream().map(ConnectorFacts::of).toList();
        catalogue.overview(facts);
        facts.forEach(catalogue::section);
        return catalogue.page.toString();
    }

    private void overview(List<ConnectorFacts> all) {
        line("# Catalogue of connectors");
        line("");
        line(
                "Made from the connectors themselves by `CatalogueTest`, and not to be edited. `crmux connectors` prints the same.");
        line("");
        line("| CRM | slug | " + join(OPTIONAL.stream().map(Operation::toString).toList()) + " | webhooks |");
        line("| --- | --- |" + " --- |".repeat(OPTIONAL.size() + 1));
        all.forEach(facts -> {
            Descriptor descriptor = facts.descriptor();
            List<String> has = OPTIONAL.stream()
                    .map(operation -> descriptor.supports().contains(operation) ? "yes" : "no")
                    .toList();
            String webhooks = facts.all().getOrDefault("webhooks", "none").equals("none") ? "no" : "yes";
            line("| " + descriptor.name() + " | `" + descriptor.slug() + "` | " + join(has) + " | " + webhooks + " |");
        });
    }

    private static String join(List<String> cells) {
        return String.join(" | ", cells);
    }

    private void section(ConnectorFacts facts) {
        Descriptor descriptor = facts.descriptor();
        line("");
        line("## " + descriptor.name());
        line("");
        line("`crm: " + descriptor.slug() + "`, described by its vendor at <" + descriptor.docs() + ">.");
        line("");
        line("| setting | | |");
        line("| --- | --- | --- |");
        descriptor
                .settings()
                .forEach(setting ->
                        line("| `" + setting.name() + "` | " + kind(setting) + " | " + cell(setting.about()) + " |"));
        line("");
        line("| | |");
        line("| --- | --- |");
        facts.all().forEach((name, words) -> line("| " + name + " | " + cell(words) + " |"));
        line("| fields by default | "
                + facts.fields().entrySet().stream()
                        .map(field -> "`" + field.getKey() + "` → `" + field.getValue() + "`")
                        .collect(Collectors.joining(", "))
                + " |");
    }

    private static String kind(Setting setting) {
        String kind = ConnectorFacts.words(setting);
        String choices = setting.choices().isEmpty() ? "" : "; " + String.join(" or ", setting.choices());
        return kind.substring(kind.indexOf('(') + 1, kind.length() - 1) + choices;
    }

    private static String cell(String words) {
        return words.replace("|", "\\|").replace("<", "&lt;");
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
