package dev.cotangent.tests.golden;

import dev.cotangent.tests.selftest.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What came of all records, by kind. */
final class Report {
    /** The kinds of records; of those from {@code nn} on nothing is offered yet. */
    static final List<String> KINDS = List.of(
            "printing",
            "promotion",
            "programs",
            "ops",
            "errors",
            "gradgrad",
            "e2e",
            "nn",
            "optim",
            "files",
            "random",
            "complex");

    private final Map<String, Tally> tallies = new LinkedHashMap<>();

    /** Creates a report of the records whose ids match. */
    Report(Predicate<String> chosen) {
        KINDS.forEach(k -> tallies.put(k, new Tally(chosen)));
    }

    /** Returns the tally of a kind of records. */
    Tally of(String kind) {
        Tally t = tallies.get(kind);
        if (t == null) throw new IllegalArgumentException(kind);
        return t;
    }

    /** Returns how many operators have nothing but passed samples. */
    long wholeOperators() {
        return of("ops").operators().values().stream()
                .filter(Tally.Counts::whole)
                .count();
    }

    /** Returns how many records failed. */
    int failed() {
        return tallies.values().stream().mapToInt(t -> t.counts().failed()).sum();
    }

    /** Returns all outcomes, with the kind before the ids. */
    Outcome outcome() {
        int passed =
                tallies.values().stream().mapToInt(t -> t.counts().passed()).sum();
        return new Outcome(passed, remarks(Tally::failures), remarks(Tally::unsupported));
    }

    private List<Outcome.Remark> remarks(Function<Tally, List<Tally.Remark>> which) {
        return tallies.entrySet().stream()
                .flatMap(t -> which.apply(t.getValue()).stream()
                        .map(r -> new Outcome.Remark("golden/" + t.getKey() + "/" + r.id(), r.reason())))
                .toList();
    }

    /** Returns the counts and the ids of failed records. */
    String toJson() {
        JsonMapper mapper = JsonMapper.shared();
        ObjectNode root = mapper.createObjectNode();
        tallies.forEach((kind, tally) -> {
            ObjectNode node = root.putObject(kind);
            counts(node, tally.counts());
            ArrayNode failures = node.putArray("failures");
            tally.failures().forEach(f -> failures.add(f.id()));
            if (kind.equals("ops") || kind.equals("gradgrad")) {
                ObjectNode operators = node.putObject("operators");
                tally.operators().forEach((name, counts) -> counts(operators.putObject(name), counts));
            }
        });
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static void counts(ObjectNode node, Tally.Counts counts) {
        node.put("passed", counts.passed());
        node.put("failed", counts.failed());
        node.put("unsupported", counts.unsupported());
    }

    /** Returns one line for each kind. */
    String summary() {
        StringBuilder out = new StringBuilder();
        tallies.forEach((kind, t) -> out.append(String.format(
                "%-10s %5d passed %5d failed %5d unsupported%n",
                kind, t.counts().passed(), t.counts().failed(), t.counts().unsupported())));
        return out.append(wholeOperators())
                .append(" operators with nothing unsupported")
                .toString();
    }

    /** Returns a line for each failed record: kind, id, reason. */
    String failures() {
        StringBuilder out = new StringBuilder();
        tallies.forEach((kind, t) -> t.failures().forEach(f -> line(out, "failed", kind, f)));
        return out.toString();
    }

    /** Returns a line for each failed or unsupported record: kind, id, reason. */
    String details() {
        StringBuilder out = new StringBuilder(failures());
        tallies.forEach((kind, t) -> t.unsupported().forEach(u -> line(out, "unsupported", kind, u)));
        return out.toString();
    }

    private static void line(StringBuilder out, String what, String kind, Tally.Remark r) {
        String reason = r.reason().replace("\n", "\\n");
        out.append(what).append(' ').append(kind).append(' ').append(r.id()).append(": ");
        out.append(reason.length() > 400 ? reason.substring(0, 400) + "..." : reason)
                .append('\n');
    }

    /**
     * Writes the numbers as JSON, and the reasons as text: {@code golden-details.txt} for {@code golden-report.json}.
     */
    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, toJson() + "\n");
        String name = file.getFileName().toString().replace("report", "details").replace(".json", "");
        Files.writeString(file.resolveSibling(name + ".txt"), details());
    }
}
