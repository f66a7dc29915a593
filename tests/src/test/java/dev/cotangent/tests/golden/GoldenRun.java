package dev.cotangent.tests.golden;

import dev.cotangent.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Runs all golden data of a folder; what is absent there counts as nothing. */
public final class GoldenRun {
    private final Path folder;
    private final Calls calls;
    private final Report report = new Report();

    private GoldenRun(Path folder, Device device) {
        this.folder = folder;
        this.calls = new Calls(device);
    }

    /** Runs the data of a folder on a device. */
    static Report run(Path folder, Device device) throws IOException {
        if (!Files.isDirectory(folder)) throw new IOException("no folder of golden data: " + folder);
        GoldenRun run = new GoldenRun(folder, device);
        run.lines();
        run.operators();
        run.trainings();
        return run.report;
    }

    /**
     * Runs the data of a folder and writes a report: {@code GoldenRun FOLDER [REPORT [DEVICE]]}. Ends with status 1 where
     * anything failed.
     */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args.length > 1 ? args[1] : "golden-report.json");
        Report report = run(Path.of(args[0]), Device.parse(args.length > 2 ? args[2] : "cpu"));
        report.write(file);
        System.out.println(report.summary());
        System.out.print(report.failures());
        if (report.failed() > 0) System.exit(1);
    }

    private void lines() throws IOException {
        for (JsonNode r : Json.lines(folder.resolve("printing.jsonl"))) {
            report.of("printing").record(null, id(r), () -> PrintingRecords.run(r));
        }
        PromotionRecords promotion = new PromotionRecords(calls);
        for (JsonNode r : Json.lines(folder.resolve("promotion.jsonl"))) {
            report.of("promotion").record(null, id(r), () -> promotion.run(r));
        }
        ProgramRecords programs = new ProgramRecords(calls);
        for (JsonNode r : Json.lines(folder.resolve("programs.jsonl"))) {
            report.of("programs").record(null, id(r), () -> programs.run(r));
        }
    }

    private static String id(JsonNode r) {
        return Json.text(r, "id");
    }

    private void operators() throws IOException {
        Path ops = folder.resolve("ops");
        for (String name : names(ops)) new OperatorRecords(ops, name, calls).run(report.of("ops"), report.of("errors"));
        Path gradgrad = folder.resolve("gradgrad");
        for (String name : names(gradgrad)) {
            new OperatorRecords(gradgrad, name, calls).runDoubleBackward(report.of("gradgrad"));
        }
    }

    private void trainings() throws IOException {
        Path e2e = folder.resolve("e2e");
        for (String name : names(e2e)) new TrainingRecords(e2e, name, calls).run(report.of("e2e"));
    }

    /** The record files of a folder, without the list of them. */
    private static List<String> names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".json") && !f.equals("manifest.json"))
                    .map(f -> f.substring(0, f.length() - 5))
                    .sorted()
                    .toList();
        }
    }
}
