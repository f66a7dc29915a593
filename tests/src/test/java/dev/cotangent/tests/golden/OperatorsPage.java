package dev.cotangent.tests.golden;

import dev.cotangent.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Writes the page that says by which method each operator of PyTorch's database is called here. */
final class OperatorsPage {
    static final Path FILE = Path.of("../docs/reference/operators.md");

    private static final String HEAD = """
        # Operators

        PyTorch's names, of every operator of its own database, and ours. Made from the code and the golden data by
        `OperatorsPage`, and held against both by a test; `mvn -B -ntp verify -pl tests -am -Dtest=OperatorsPageTest
        -Dsurefire.failIfNoSpecifiedTests=false -Dpages.write=true` writes it anew.

        In-place forms end in `_`, as in PyTorch. [Operators that are not offered](not-offered.md) are listed with the reason.
        """;

    /** What Python writes as an operator or a property, in Java. */
    private static final Map<String, String> FORMS = Map.ofEntries(
            Map.entry("__getitem__", "`x.get(index)`"),
            Map.entry("__radd__", "`x.add(y)`"),
            Map.entry("__rand__", "`x.bitwiseAnd(y)`"),
            Map.entry("__rdiv__", "`x.rdiv(y)`"),
            Map.entry("__rmatmul__", "`y.matmul(x)`"),
            Map.entry("__rmod__", "`x.rremainder(y)`"),
            Map.entry("__rmul__", "`x.mul(y)`"),
            Map.entry("__ror__", "`x.bitwiseOr(y)`"),
            Map.entry("__rpow__", "`x.rpow(y)`"),
            Map.entry("__rsub__", "`x.rsub(y)`"),
            Map.entry("__rxor__", "`x.bitwiseXor(y)`"));

    private static final List<String> PROPERTIES = List.of("T", "H", "mT", "mH");

    private OperatorsPage() {}

    /** Returns the page. */
    static String text() throws IOException {
        Binder binder = new Binder(Device.cpu());
        Map<String, TreeSet<String>> modules = new TreeMap<>();
        for (String folder : List.of("ops", "complex")) {
            for (JsonNode entry : Json.read(GoldenTest.own().resolve(folder).resolve("manifest.json"))) {
                String op = entry.get("op").asString();
                int dot = op.lastIndexOf('.');
                modules.computeIfAbsent(dot < 0 ? "" : op.substring(0, dot), k -> new TreeSet<>())
                        .add(op);
            }
        }
        StringBuilder page = new StringBuilder(HEAD);
        modules.forEach((module, ops) -> {
            String name = module.isEmpty() ? "torch" : "torch." + module;
            page.append("\n## ").append(name).append("\n\n| PyTorch | Cotangent |\n| --- | --- |\n");
            for (String op : ops) {
                String owner = FORMS.containsKey(op) || PROPERTIES.contains(op) ? "Tensor." : "torch.";
                page.append("| `")
                        .append(owner)
                        .append(op)
                        .append("` | ")
                        .append(ours(op, binder))
                        .append(" |\n");
            }
        });
        return page.toString();
    }

    private static String ours(String op, Binder binder) {
        String form = FORMS.get(op);
        if (form != null) return form;
        if (Calls.cast(op) != null) return "`x.to(" + Calls.cast(op).name() + ")`";
        List<String> names = new ArrayList<>(Names.methods(op));
        if (op.equals("fill") || op.equals("zero_")) names.add(op.endsWith("_") ? op : op + "_");
        String found = binder.shown(names);
        return found == null ? "not yet" : "`" + found + "`";
    }

    /** Writes the page. */
    static void write() throws IOException {
        Files.writeString(FILE, text());
    }
}
