package dev.cotangent.tests.golden;

import dev.cotangent.Device;
import dev.cotangent.tests.selftest.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Runs all golden data of a folder; absent files count as empty. */
public final class GoldenRun {
    private static final String PRINTING = "printing";
    private static final String RANDOM = "random";

    private final Path folder;
    private final List<Part> parts = new ArrayList<>();

    private GoldenRun(Path folder) {
        this.folder = folder;
    }

    /** Some of the records. */
    public static final class Part {
        private final String name;
        private final Work work;

        private Part(String name, Work work) {
            this.name = name;
            this.work = work;
        }

        /**
         * Returns the file's name without its extension, and the record's id if it is a single one: {@code ops/add}.
         */
        public String name() {
            return name;
        }

        /** Runs those of them whose ids are chosen. */
        public Outcome run(Device device, Predicate<String> chosen) {
            Report report = new Report(chosen);
            work.run(report, new Calls(device));
            return report.outcome();
        }
    }

    private interface Work {
        void run(Report report, Calls calls);
    }

    /** Returns all records of a folder in a fixed order. */
    public static List<Part> parts(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) throw new IOException("no folder of golden data: " + folder);
        GoldenRun run = new GoldenRun(folder);
        run.lines(PRINTING, calls -> PrintingRecords::run);
        run.lines("promotion", calls -> new PromotionRecords(calls)::run);
        run.lines("programs", calls -> new ProgramRecords(calls)::run);
        run.operators();
        run.trainings();
        run.more();
        return run.parts;
    }

    /** Runs the data of a folder on a device. */
    static Report run(Path folder, Device device) throws IOException {
        return run(folder, List.of(device), id -> true);
    }

    /** Runs the records of a folder whose ids are chosen, each on one of the devices, a thread for each device. */
    static Report run(Path folder, List<Device> devices, Predicate<String> chosen) throws IOException {
        Report report = new Report(chosen);
        Queue<Part> several = new ConcurrentLinkedQueue<>();
        Queue<Part> alone = new ConcurrentLinkedQueue<>();
        // How tensors are printed is said for all threads at once.
        for (Part part : parts(folder)) (part.name.startsWith(PRINTING) ? alone : several).add(part);
        workOn(alone, report, devices.getFirst());
        List<Thread> threads = devices.stream()
                .skip(1)
                .map(d -> Thread.ofPlatform().start(() -> workOn(several, report, d)))
                .toList();
        workOn(several, report, devices.getFirst());
        try {
            for (Thread t : threads) t.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return report;
    }

    private static void workOn(Queue<Part> parts, Report report, Device device) {
        Calls calls = new Calls(device);
        for (Part next = parts.poll(); next != null; next = parts.poll()) next.work.run(report, calls);
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

    private void lines(String kind, Records check) {
        String name = kind + ".jsonl";
        try {
            for (JsonNode r : Json.lines(folder.resolve(name))) {
                String id = Json.text(r, "id");
                parts.add(new Part(
                        kind + "/" + id,
                        (report, calls) -> report.of(kind)
                                .record(null, id, () -> check.on(calls).run(r))));
            }
        } catch (IOException | RuntimeException e) {
            parts.add(new Part(kind, (report, _) -> unreadable(report, kind, name, e)));
        }
    }

    /** Records a file that cannot be read as one failed record; the others are run. */
    private static void unreadable(Report report, String kind, String name, Exception e) {
        report.of(kind).record(null, name, () -> "cannot be read: " + e);
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
            part(
                    "ops",
                    name,
                    (report, calls) ->
                            new OperatorRecords(ops, name, calls).run(report.of("ops"), report.of("errors")));
        }
        Path gradgrad = folder.resolve("gradgrad");
        for (String name : names(gradgrad)) {
            part(
                    "gradgrad",
                    name,
                    (report, calls) ->
                            new OperatorRecords(gradgrad, name, calls).runDoubleBackward(report.of("gradgrad")));
        }
    }

    private void trainings() throws IOException {
        Path e2e = folder.resolve("e2e");
        for (String name : names(e2e)) {
            part("e2e", name, (report, calls) -> new TrainingRecords(e2e, name, calls).run(report.of("e2e")));
        }
    }

    private void more() throws IOException {
        Path complex = folder.resolve("complex");
        for (String name : names(complex)) {
            part(
                    "complex",
                    name,
                    (report, calls) ->
                            new OperatorRecords(complex, name, calls).run(report.of("complex"), report.of("complex")));
        }
        Path modules = folder.resolve("nn/modules");
        for (String name : names(modules)) {
            part("nn", name, (report, calls) -> new ModuleRecords(modules, name, calls).run(report.of("nn")));
        }
        Path optim = folder.resolve("nn/optim");
        if (Files.exists(optim.resolve("optimizers.json"))) {
            part("optim", "optimizers", (report, calls) -> new OptimizerRecords(optim, calls).run(report.of("optim")));
        }
        if (Files.exists(optim.resolve("schedulers.json"))) {
            part("optim", "schedulers", (report, calls) -> new SchedulerRecords(optim, calls).run(report.of("optim")));
        }
        if (Files.exists(folder.resolve("files/expected.json"))) {
            part(
                    "files",
                    "files",
                    (report, calls) -> new FileRecords(folder.resolve("files"), calls).run(report.of("files")));
        }
        if (Files.exists(folder.resolve("random.jsonl"))) {
            part(
                    RANDOM,
                    RANDOM,
                    (report, calls) -> new RandomRecords(folder.resolve("random.jsonl"), calls).run(report.of(RANDOM)));
        }
    }

    private interface FileWork {
        void run(Report report, Calls calls) throws IOException;
    }

    private void part(String kind, String file, FileWork work) {
        String name = kind + "/" + file;
        parts.add(new Part(name, (report, calls) -> {
            try {
                work.run(report, calls);
            } catch (IOException | RuntimeException e) {
                unreadable(report, kind, name, e);
            }
        }));
    }

    /** Returns the record files of a folder, without the list of them. */
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
