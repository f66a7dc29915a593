package dev.cotangent.benchmarks;

import dev.cotangent.CotangentException;
import dev.cotangent.examples.ChildJvm;
import dev.cotangent.examples.DeviceOption;
import dev.cotangent.examples.Subcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cotangent bench}: how fast we are, beside a peer and beside what the hardware allows. */
@Command(
        name = "bench",
        description = {
            "Measures the engine, and a peer with the same work in turns.",
            "Prints the median time of each case, the median ratio of the peer's time to ours, and the time that the"
                + " hardware needs at least: a copy of as many bytes, or multiply-adds at the peak; and the bytes of"
                + " Java's heap that a run of ours allocates."
        },
        mixinStandardHelpOptions = true)
public final class Bench implements Subcommand {
    private static final double ROUND = 0.05;
    /** While a compiler works for more than this part of the time, runs still get faster. */
    private static final double COMPILING = 0.02;

    /** So many seconds without that are enough, and so many enough in any case. */
    private static final double SETTLED = 1.5;

    private static final double LONGEST_WARM_UP = 20;
    private static final int MOST_RUNS = 10_000_000;
    private static final int PAUSE_MILLIS = 20;
    private static final String PYTORCH = "pytorch";
    private static final String NUMPY = "numpy";
    private static final List<String> PEERS = List.of("libtorch", "nd4j");

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            description = "Threads of each side, or several numbers to go through (default: all processors).")
    private int[] threads = {Runtime.getRuntime().availableProcessors()};

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Option(
            names = "--peer",
            paramLabel = "PEER",
            description = "pytorch=PYTHON, a Python that has PyTorch; numpy=PYTHON, for matrix products alone;"
                    + " or libtorch or nd4j, which a checkout downloads.")
    private @Nullable String peer;

    @Option(names = "--only", paramLabel = "PREFIX", description = "Cases whose names start so, such as mm or exp/3.")
    private String only = "";

    @Option(names = "--rounds", defaultValue = "9", description = "Measurements of each side (default 9).")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the results there, too.")
    private @Nullable Path json;

    @Option(
            names = "--scopes",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether a run of ours that handles 32 KiB or more has a Scope of its own (default: it has).")
    private boolean scopes;

    @Option(
            names = "--cold-start",
            description = "Whole processes instead, that start, multiply two matrices of 512x512, and compute a chain.")
    private boolean coldStart;

    @Option(names = "--jmh", description = "Ours alone, by JMH.")
    private boolean jmh;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException, RunnerException {
        List<String> names = check();
        if (jmh) {
            for (int n : threads) CaseBenchmark.run(names, device.name("cpu"), n);
            return 0;
        }
        PrintWriter out = spec.commandLine().getOut();
        List<Result> results = new ArrayList<>();
        boolean good = true;
        for (int n : threads) {
            if (coldStart) coldStart(n, results, out);
            else good &= measure(names, n, results, out);
        }
        if (json != null) Files.writeString(json, Result.json(results));
        return good ? 0 : 1;
    }

    private List<String> check() {
        var command = spec.commandLine();
        if (rounds < 1 || Arrays.stream(threads).anyMatch(n -> n < 1)) {
            throw new ParameterException(command, "--rounds and --threads must be 1 at least");
        }
        if (peer != null && python(PYTORCH) == null && python(NUMPY) == null && !PEERS.contains(peer)) {
            throw new ParameterException(
                    command,
                    "no peer '" + peer + "': there are pytorch=PYTHON, numpy=PYTHON, " + String.join(", ", PEERS));
        }
        if (peer != null && PEERS.contains(peer) && Worker.peer(peer).isEmpty()) {
            throw new CotangentException(peer + " is not on the class path: './cotangent bench --peer " + peer
                    + "' in a checkout builds it in");
        }
        if (coldStart && peer != null && python(PYTORCH) == null) {
            throw new ParameterException(command, "a cold start is compared with PyTorch alone");
        }
        if (peer != null && (jmh || device.name("cpu").startsWith(DeviceOption.EMULATED))) {
            throw new ParameterException(command, "there is no peer for JMH, and none on the emulated device");
        }
        if (python(NUMPY) != null && !device.name("cpu").equals("cpu")) {
            throw new ParameterException(command, "NumPy computes on the CPU alone");
        }
        List<String> names = Cases.all().stream()
                .map(Case::name)
                .filter(c -> c.startsWith(only))
                .toList();
        if (names.isEmpty()) {
            List<String> kinds = Cases.all().stream()
                    .map(c -> c.name().substring(0, c.name().indexOf('/')))
                    .distinct()
                    .toList();
            throw new ParameterException(
                    command, "no case starts with '" + only + "': there are " + String.join(", ", kinds));
        }
        return names;
    }

    /** The Python of the peer if that is the library; else null. */
    private @Nullable String python(String library) {
        String before = library + "=";
        if (peer == null || !peer.startsWith(before) || peer.equals(before)) return null;
        return peer.substring(before.length());
    }

    private Side open(String peer, String place, int n) {
        for (String library : List.of(PYTORCH, NUMPY)) {
            String python = python(library);
            if (python != null) return Side.python(library, python, place, n);
        }
        return Side.engine(peer, place, n, true);
    }

    private boolean measure(List<String> names, int n, List<Result> results, PrintWriter out) {
        String place = device.name("cpu");
        List<Result> here = new ArrayList<>();
        boolean good = true;
        for (int next = 0; next < names.size(); ) {
            // Anew after a failure, which may have left a process or a GPU unusable.
            try (Side us = Side.engine(OurEngine.NAME, place, n, scopes);
                    Side them = peer == null ? null : open(peer, place, n)) {
                if (next == 0) title(us, them, n, out);
                while (next < names.size()) {
                    String name = names.get(next++);
                    try {
                        Result result = measure(name, place, n, us, them);
                        here.add(result);
                        out.println(result.line());
                        out.flush();
                    } catch (CotangentException e) {
                        good = false;
                        out.println(name + ": " + e.getMessage());
                        break;
                    }
                }
            }
        }
        summary(here, out);
        results.addAll(here);
        return good;
    }

    private void title(Side us, @Nullable Side them, int n, PrintWriter out) {
        String peers = them == null ? "" : " against " + them.name();
        String threadsText = n + (n == 1 ? " thread" : " threads");
        out.println(us.name() + peers + ", " + device.name("cpu") + ", " + threadsText + ", " + processor());
        out.println(Result.header());
        out.flush();
    }

    private static void summary(List<Result> here, PrintWriter out) {
        List<Result> compared =
                here.stream().filter(r -> !Double.isNaN(r.ratio())).toList();
        if (!compared.isEmpty()) {
            double mean = Result.geometricMean(compared);
            out.printf(Locale.ROOT, "geometric mean of %d ratios: %.2f%n", compared.size(), mean);
        }
        out.println();
        out.flush();
    }

    /** The time of whole processes that start, compute a little and end. */
    private void coldStart(int n, List<Result> results, PrintWriter out) throws IOException, InterruptedException {
        String place = device.name("cpu");
        List<String> options = new ArrayList<>(ChildJvm.remembered());
        options.add("-Dcotangent.threads=" + n);
        List<String> ours = ChildJvm.command(options, ColdStart.class, place);
        String python = python(PYTORCH);
        List<String> theirs = python == null ? List.of() : List.of(python, "-c", ColdStart.PYTHON, place, "" + n);
        double[] our = new double[rounds];
        double[] their = new double[rounds];
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            our[i] = ColdStart.micros(ours);
            their[i] = theirs.isEmpty() ? Double.NaN : ColdStart.micros(theirs);
            ratios[i] = their[i] / our[i];
        }
        var result =
                new Result("cold_start", n, place, median(our), median(their), median(ratios), Double.NaN, Double.NaN);
        out.println(Result.header());
        out.println(result.line());
        out.flush();
        results.add(result);
    }

    private Result measure(String name, String place, int n, Side us, @Nullable Side peer) {
        Inputs.Checksum ours = Objects.requireNonNull(us.prepare(name));
        Inputs.Checksum theirs = peer == null ? null : peer.prepare(name);
        if (theirs != null && !ours.agrees(theirs)) {
            throw new CotangentException("the results differ: " + ours + ", the peer's " + theirs);
        }
        Side them = theirs == null ? null : peer;
        int ourRuns = warmUp(us);
        int theirRuns = them == null ? 0 : warmUp(them);
        double[] our = new double[rounds];
        double[] their = new double[rounds];
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            our[i] = 1e6 * rested(us, ourRuns) / ourRuns;
            their[i] = them == null ? Double.NaN : 1e6 * rested(them, theirRuns) / theirRuns;
            ratios[i] = their[i] / our[i];
        }
        double bytes = us.bytes(ourRuns);
        return new Result(name, n, place, median(our), median(their), median(ratios), 1e6 * us.limit(), bytes);
    }

    /** Lets it run until there is nothing left to compile, and says how many runs make a round. */
    private static int warmUp(Side side) {
        int runs = 1;
        double spent = 0;
        double idle = 0;
        double compiled = side.compiled();
        while (true) {
            double last = side.run(runs);
            spent += last;
            // What is being compiled is counted at its end, so that a short silence says nothing.
            double now = side.compiled();
            idle = now - compiled < COMPILING * last ? idle + last : 0;
            compiled = now;
            boolean full = last >= ROUND / 2 || runs == MOST_RUNS;
            if (full && (idle > SETTLED || spent > LONGEST_WARM_UP)) return runs;
            runs = Math.clamp(Math.round(runs * Math.min(ROUND / last, 10)), 1, MOST_RUNS);
        }
    }

    /** After a pause in which the threads of the other side go to sleep. */
    private static double rested(Side side, int runs) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return side.run(runs);
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(l -> l.startsWith("model name"))
                    .findFirst()
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
