package dev.cotangent.tests.golden;

import dev.cotangent.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Runs all golden data of a folder; what is absent there counts as nothing. */
public final class GoldenRun {
    private final Path folder;
    private final Report report;
    private final Queue<Work> work = new ConcurrentLinkedQueue<>();

    private GoldenRun(Path folder, Predicate<String> chosen) {
        this.folder = folder;
        this.report = new Report(chosen);
    }

    /** Runs the data of a folder on a device. */
    static Report run(Path folder, Device device) throws IOException {
        return run(folder, List.of(device), id -> true);
    }

    /** Runs the records of a folder whose ids are chosen, each on one of the devices, a thread for each device. */
    static Report run(Path folder, List<Device> devices, Predicate<String> chosen) throws IOException {
        if (!Files.isDirectory(folder)) throw new IOException("no folder of golden data: " + folder);
        GoldenRun run = new GoldenRun(folder, chosen);
        // How tensors are printed is said for all threads at once.
        run.lines("printing", calls -> PrintingRecords::run);
        run.workOn(devices.getFirst());
        run.lines("promotion", calls -> new PromotionRecords(calls)::run);
        run.lines("programs", calls -> new ProgramRecords(calls)::run);
        run.operators();
        run.trainings();
        List<Thread> threads = devices.stream()
                .skip(1)
                .map(d -> Thread.ofPlatform().start(() -> run.workOn(d)))
                .toList();
        run.workOn(devices.getFirst());
        try {
            for (Thread t : threads) t.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return run.report;
    }

    /** Some records, on whatever device comes next. */
    private interface Work {
        void run(Calls calls);
    }

    private void workOn(Device device) {
        Calls calls = new Calls(device);
        for (Work next = work.poll(); next != null; next = work.poll()) next.run(calls);
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

    private interface Reading {
        void run() throws IOException;
    }

    /** A file that cannot be read is one failed record; the others are run all the same. */
    private void file(String kind, String name, Reading reading) {
        try {
            reading.run();
        } catch (IOException | RuntimeException e) {
            report.of(kind).record(null, name, () -> "cannot be read: " + e);
        }
    }

    private void lines(String kind, Records check) {
        String name = kind + ".jsonl";
        file(kind, name, () -> {
            for (JsonNode r : Json.lines(folder.resolve(name))) {
                work.add(calls -> report.of(kind)
                        .record(null, Json.text(r, "id"), () -> check.on(calls).run(r)));
            }
        });
    }

    private interface Records {
        RecordCheck on(Calls calls);
    }

    private interface RecordCheck {
        @Nullable
        String run(JsonNode record);
    }

    private void operators() throws IOException {
        Path ops = folder.resolve("ops");
        for (String name : names(ops)) {
            work.add(calls -> file(
                    "ops",
                    "ops/" + name,
                    () -> new OperatorRecords(ops, name, calls).run(report.of("ops"), report.of("errors"))));
        }
        Path gradgrad = folder.resolve("gradgrad");
        for (String name : names(gradgrad)) {
            work.add(calls -> file(
                    "gradgrad",
                    "gradgrad/" + name,
                    () -> new OperatorRecords(gradgrad, name, calls).runDoubleBackward(report.of("gradgrad"))));
        }
    }

    private void trainings() throws IOException {
        Path e2e = folder.resolve("e2e");
        for (String name : names(e2e)) {
            work.add(calls ->
                    file("e2e", "e2e/" + name, () -> new TrainingRecords(e2e, name, calls).run(report.of("e2e"))));
        }
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
