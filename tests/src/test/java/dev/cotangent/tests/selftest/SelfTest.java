package dev.cotangent.tests.selftest;

import dev.cotangent.CotangentException;
import dev.cotangent.cli.ChildJvm;
import dev.cotangent.cli.DeviceOption;
import dev.cotangent.cli.NotBuilt;
import dev.cotangent.cli.Outputs;
import dev.cotangent.cli.Subcommand;
import dev.cotangent.cuda.Cuda;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cotangent selftest}: the conformance suite and PyTorch's golden data, on this machine's device. */
@Command(name = NotBuilt.SELFTEST, description = NotBuilt.DESCRIPTION, mixinStandardHelpOptions = true)
public final class SelfTest implements Subcommand {
    private static final int MOST_JOBS = 6;
    private static final Duration GRACE = Duration.ofSeconds(10);

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Option(
            names = "--only",
            paramLabel = "PREFIX",
            description = "The beginning of names, such as conformance/matmul or golden/ops/add.")
    private String only = "";

    @Option(
            names = "--thorough",
            description = "All of it on the emulated device, too, where compiling takes hours (elsewhere always).")
    private boolean thorough;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Processes that share the work (default: by the device and the processors).")
    private int jobs;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes a report with all reasons there.")
    private @Nullable Path json;

    @Option(
            names = "--golden",
            paramLabel = "DIR",
            description = "The folder of recorded results (default: what comes with this program).")
    private @Nullable Path golden;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (jobs < 0) throw new ParameterException(spec.commandLine(), "--jobs must be 1 at least");
        Outputs.checkFile(spec, "--json", json);
        String place = device.name(Cuda.isAvailable() ? "cuda" : "cpu");
        Path data = folder();
        int shares = jobs > 0 ? jobs : jobsFor(place);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "The conformance suite and the golden data on %s, in %d process%s%n",
                place, shares, shares == 1 ? "" : "es");
        out.flush();
        try (Progress progress = new Progress(spec.commandLine().getErr())) {
            runAll(place, data, shares, progress);
            progress.failures().forEach(f -> out.printf("FAILED %s: %s%n", f.name(), Progress.shortened(f.reason())));
            if (json != null) Files.writeString(json, progress.json(place));
            if (progress.nothing()) {
                throw new ParameterException(spec.commandLine(), "nothing begins with '" + only + "'");
            }
            out.println(progress.summary());
            out.flush();
            return progress.failures().isEmpty() ? 0 : 1;
        }
    }

    private Path folder() {
        if (golden != null) {
            if (Files.isDirectory(golden)) return golden;
            throw new ParameterException(spec.commandLine(), "no folder " + golden);
        }
        Path home = Path.of(System.getProperty("cotangent.home", "."));
        for (String place : List.of("golden", "tests/src/test/resources/golden")) {
            if (Files.isDirectory(home.resolve(place))) return home.resolve(place);
        }
        throw new CotangentException("there is no golden data in " + home + ": name its folder with --golden");
    }

    /**
     * Returns the number of processes: one on the CPU, where the engine itself uses all threads; several on a GPU,
     * which waits for kernels to be compiled.
     */
    private static int jobsFor(String place) {
        int processors = Runtime.getRuntime().availableProcessors();
        return place.equals("cpu") ? Math.max(1, processors / 2) : Math.clamp(processors, 1, MOST_JOBS);
    }

    private void runAll(String place, Path data, int shares, Progress progress)
            throws IOException, InterruptedException {
        try (ExecutorService pool = Executors.newFixedThreadPool(shares)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < shares; i++) {
                int share = i;
                all.add(pool.submit(() -> {
                    runShare(place, data, share, shares, progress);
                    return null;
                }));
            }
            for (Future<?> f : all) f.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CotangentException cause) throw cause;
            if (e.getCause() instanceof IOException cause) throw cause;
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Runs one share to its end, in a new process after each that broke down. */
    private void runShare(String place, Path data, int share, int shares, Progress progress)
            throws IOException, InterruptedException {
        int done = 0;
        while (true) {
            List<String> command = ChildJvm.command(
                    // Freed at once, so that the emulator finds uses after free.
                    place.startsWith(DeviceOption.EMULATED) ? List.of("-Dcotangent.cuda.caching=off") : List.of(),
                    Share.class,
                    place,
                    data.toString(),
                    only,
                    String.valueOf(thorough),
                    String.valueOf(share),
                    String.valueOf(shares),
                    String.valueOf(done));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int before = done;
            String current = null;
            try (BufferedReader lines = process.inputReader()) {
                for (String line; (line = lines.readLine()) != null; ) {
                    String[] words = line.split(" ", 2);
                    String rest = words.length > 1 ? words[1] : "";
                    switch (words[0]) {
                        case "begin" -> current = rest;
                        case "failed" -> progress.failed(rest);
                        case "skipped" -> progress.skipped(rest);
                        case "end" -> {
                            progress.passed(Integer.parseInt(rest));
                            current = null;
                            done++;
                        }
                        case "trouble" -> throw new CotangentException(rest);
                        default -> throw new IOException("not understood: " + line);
                    }
                }
            } finally {
                // Whoever stops here stops the process, too.
                if (!process.waitFor(GRACE)) process.destroyForcibly();
            }
            int status = process.waitFor();
            if (status == 0) return;
            if (current != null) {
                progress.failed(current + "\tthe process ended with status " + status);
                done++;
            }
            if (done == before) throw new CotangentException("a process ended with status " + status + " at its start");
        }
    }
}
