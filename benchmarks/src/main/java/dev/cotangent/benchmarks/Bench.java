package dev.cotangent.benchmarks;

import dev.cotangent.CotangentException;
import dev.cotangent.benchmarks.operators.Operators;
import dev.cotangent.cli.ChildJvm;
import dev.cotangent.cli.DeviceOption;
import dev.cotangent.cli.Outputs;
import dev.cotangent.cli.Subcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cotangent bench}: measures the engine, compared with peers and with the limits of the hardware. */
@Command(
        name = "bench",
        description = {
            "Measures the engine, interleaved with peers that do the same work.",
            "Prints the median time of each case, the median ratio of the peer's time to ours, the minimal time on the"
                    + " hardware (a copy of as many bytes, or multiply-adds at the peak), and the bytes of Java's heap"
                    + " that a run of ours allocates."
        },
        mixinStandardHelpOptions = true)
public final class Bench implements Subcommand {
    private static final String PYTORCH = "pytorch";
    private static final String COMPILED = "pytorch-compile";
    private static final String NUMPY = "numpy";
    private static final List<String> PYTHONS = List.of(PYTORCH, COMPILED, NUMPY);
    private static final List<String> ENGINES = List.of("libtorch", "nd4j");
    private static final int ROUNDS = 9;
    private static final int QUICK_ROUNDS = 5;
    private static final int FEW_ROUNDS = 3;

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            description = "Threads of each side, or several numbers to measure (default: all processors).")
    private int[] threads = {Runtime.getRuntime().availableProcessors()};

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Option(
            names = "--peer",
            paramLabel = "PEER",
            description = "pytorch=PYTHON, a Python that has PyTorch; pytorch-compile=PYTHON, its functions compiled;"
                    + " numpy=PYTHON, for matrix products alone; or libtorch or nd4j, which a checkout downloads."
                    + " May be given several times.")
    private final List<String> peerOptions = new ArrayList<>();

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PREFIX",
            description = "Prefixes of the names of cases, such as mm or exp/3,tanh.")
    private final List<String> only = new ArrayList<>();

    @Option(names = "--rounds", description = "Measurements of each side (default 9, of operators 5).")
    private @Nullable Integer rounds;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Also writes the machine and the results to this file.")
    private @Nullable Path json;

    @Option(
            names = "--scopes",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether each run of ours that handles 32 KiB or more has its own Scope (default: yes).")
    private boolean scopes;

    @Option(
            names = "--java",
            paramLabel = "OPTION",
            description = "An option of the measured JVM, such as -XX:MaxVectorSize=32. May be given several times.")
    private final List<String> java = new ArrayList<>();

    @Option(
            names = "--operators",
            description = "Measures every public operation instead, at several sizes, forward and with backward.")
    private boolean operators;

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "N",
            description = "Only operators of these sizes, such as 1000 or 100000.")
    private final List<String> sizes = new ArrayList<>();

    @Option(names = "--check", description = "Only compares the results with the peers'.")
    private boolean check;

    @Option(
            names = "--cold-start",
            description = "Measures whole processes instead, which multiply two 512x512 matrices and compute a chain.")
    private boolean coldStart;

    @Option(
            names = "--first-seconds",
            description = "Measures steps of a small perceptron instead, in the first ten seconds of whole processes.")
    private boolean firstSeconds;

    @Option(names = "--jmh", description = "Measures only ours, by JMH.")
    private boolean jmh;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Python of each peer in Python, else an empty string. */
    private final Map<String, String> peers = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException, RunnerException {
        List<Case> cases = check();
        Outputs.checkFile(spec, "--json", json);
        if (jmh) {
            List<String> names = cases.stream().map(Case::name).toList();
            for (int n : threads) CaseBenchmark.run(names, device.name("cpu"), n);
            return 0;
        }
        if (!scopes) java.add("-D" + Case.WITHOUT_SCOPES + "=true");
        // The JIT warm-up in the background would not keep up with a new operation every second.
        if (operators) java.addFirst("-Dcotangent.vector=now");
        PrintWriter out = spec.commandLine().getOut();
        List<Result> results = new ArrayList<>();
        String engine = "";
        boolean succeeded = true;
        for (int n : threads) {
            if (coldStart || firstSeconds) {
                wholeProcesses(n, results, out);
                continue;
            }
            var run = new Run(cases, n, out);
            succeeded &= run.measure();
            results.addAll(run.results);
            engine = run.engine;
        }
        if (json != null) Files.writeString(json, Result.json(Machine.here(engine), results));
        return succeeded ? 0 : 1;
    }

    private List<Case> check() {
        if (rounds != null && rounds < 1 || Arrays.stream(threads).anyMatch(n -> n < 1)) {
            throw wrong("--rounds and --threads must be 1 at least");
        }
        for (String option : peerOptions) {
            String[] parts = option.split("=", 2);
            boolean python = PYTHONS.contains(parts[0]) && parts.length == 2 && !parts[1].isEmpty();
            if (!python && !ENGINES.contains(option)) {
                throw wrong("no peer '" + option + "': there are " + String.join("=PYTHON, ", PYTHONS) + "=PYTHON, "
                        + String.join(", ", ENGINES));
            }
            if (!python && Worker.peer(option).isEmpty()) {
                throw new CotangentException(option + " is not on the class path: './cotangent bench --peer " + option
                        + "' in a checkout builds it in");
            }
            if (peers.put(parts[0], python ? parts[1] : "") != null) throw wrong("two peers '" + parts[0] + "'");
        }
        if ((coldStart || firstSeconds) && !List.of(PYTORCH).containsAll(peers.keySet())) {
            throw wrong("whole processes are compared with PyTorch's alone");
        }
        if (!peers.isEmpty() && (jmh || device.name("cpu").startsWith(DeviceOption.EMULATED))) {
            throw wrong("there is no peer for JMH, and none on the emulated device");
        }
        if (peers.containsKey(NUMPY) && !device.name("cpu").equals("cpu")) {
            throw wrong("NumPy computes on the CPU alone");
        }
        List<Case> all = operators ? Operators.cases() : Cases.all();
        List<Case> cases = all.stream()
                .filter(c -> only.isEmpty() || only.stream().anyMatch(c.name()::startsWith))
                .filter(c -> sizes.isEmpty() || sizes.contains(c.name().split("/")[1]))
                .toList();
        if (cases.isEmpty()) {
            List<String> kinds = all.stream()
                    .map(c -> c.name().substring(0, c.name().indexOf('/')))
                    .distinct()
                    .toList();
            throw wrong("no case starts with '" + String.join(",", only) + "': there are " + String.join(", ", kinds));
        }
        return cases;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Measurement of all cases with one number of threads. */
    private final class Run {
        private final List<Case> cases;
        private final int threads;
        private final PrintWriter out;
        private final List<Result> results = new ArrayList<>();
        private final List<String> peerNames = List.copyOf(peers.keySet());
        private String engine = "";

        Run(List<Case> cases, int threads, PrintWriter out) {
            this.cases = cases;
            this.threads = threads;
            this.out = out;
        }

        /** Measures and prints the cases; returns whether all succeeded. */
        boolean measure() {
            Pace pace = operators ? Pace.QUICK : Pace.THOROUGH;
            int count = rounds != null ? rounds : operators ? QUICK_ROUNDS : ROUNDS;
            List<String> failures = new ArrayList<>();
            for (int next = 0; next < cases.size(); ) {
                // Restarts the processes after a failure that ended one or left a GPU unusable.
                try (var sides = new Comparison(device.name("cpu"), threads, peers, java, pace)) {
                    if (next == 0) title(sides);
                    while (next < cases.size()) {
                        Case c = cases.get(next++);
                        try {
                            if (check) {
                                sides.prepare(c);
                                continue;
                            }
                            Result result = sides.measure(c, count, !operators);
                            results.add(result);
                            out.println(result.line(peerNames));
                            out.flush();
                        } catch (CotangentException e) {
                            String failure = c.name() + ": " + e.getMessage();
                            failures.add(failure);
                            out.println(failure);
                            out.flush();
                            if (!sides.isAlive() || !device.name("cpu").equals("cpu")) break;
                        }
                    }
                }
            }
            summary(failures);
            return failures.isEmpty();
        }

        private void title(Comparison sides) {
            engine = sides.engine();
            out.println(sides.title() + ", " + device.name("cpu") + ", " + threads
                    + (threads == 1 ? " thread, " : " threads, ")
                    + Machine.here(engine).line());
            out.println(Result.header(peerNames));
            out.flush();
        }

        private void summary(List<String> failures) {
            List<Result> compared = Result.compared(results);
            if (operators) {
                out.println();
                if (!compared.isEmpty()) out.println("By ratio:\n" + Result.header(peerNames));
                for (Result r : compared) out.println(r.line(peerNames));
                for (String failure : failures) out.println(failure);
            }
            if (check) out.println(cases.size() - failures.size() + " of " + cases.size() + " cases agree");
            if (!compared.isEmpty()) out.println(Result.summary(results));
            out.println();
            out.flush();
        }
    }

    private interface Figures {
        Map<String, Double> of(List<String> command) throws IOException, InterruptedException;
    }

    /** Measures whole processes, interleaved: a cold start, or the first seconds of training. */
    private void wholeProcesses(int n, List<Result> results, PrintWriter out) throws IOException, InterruptedException {
        String deviceName = device.name("cpu");
        List<String> options = new ArrayList<>(ChildJvm.aotOptions());
        options.add("-Dcotangent.threads=" + n);
        options.addAll(java);
        Class<?> main = coldStart ? ColdStart.class : FirstSeconds.class;
        String script = coldStart ? ColdStart.PYTHON : FirstSeconds.PYTHON;
        Figures figures = coldStart ? ColdStart::micros : FirstSeconds::micros;
        List<String> ours = ChildJvm.command(options, main, deviceName);
        String python = peers.get(PYTORCH);
        List<String> theirs = python == null ? List.of() : List.of(python, "-c", script, deviceName, "" + n);
        int count = rounds != null ? rounds : coldStart ? ROUNDS : FEW_ROUNDS;
        List<Map<String, Double>> our = new ArrayList<>();
        List<Map<String, Double>> their = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            our.add(figures.of(ours));
            their.add(theirs.isEmpty() ? Map.of() : figures.of(theirs));
        }
        List<String> names = List.copyOf(peers.keySet());
        out.println(Result.header(names));
        for (String name : our.getFirst().keySet()) {
            double[] micros = new double[count];
            double[] peer = new double[count];
            double[] ratios = new double[count];
            for (int i = 0; i < count; i++) {
                micros[i] = our.get(i).getOrDefault(name, Double.NaN);
                peer[i] = their.get(i).getOrDefault(name, Double.NaN);
                ratios[i] = peer[i] / micros[i];
            }
            double ratio = Comparison.median(ratios);
            List<Result.Peer> compared =
                    Double.isNaN(ratio) ? List.of() : List.of(new Result.Peer(PYTORCH, Comparison.median(peer), ratio));
            var result = new Result(name, n, deviceName, Comparison.median(micros), compared, Double.NaN, Double.NaN);
            out.println(result.line(names));
            results.add(result);
        }
        out.flush();
    }
}
