package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.examples.DeviceOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Our side as a process that does what it is told, line by line, and sleeps between: {@code prepare NAME} answers
 * {@code ok SIZE MIXED}, the checksum; {@code run N} the seconds that N runs took; {@code limit} the seconds that the
 * hardware needs at least. A line that starts with {@code error} says what went wrong. The peers' scripts speak the same.
 */
public final class Worker {
    private static final Work NOTHING = () -> {
        throw new IllegalStateException("no case was prepared");
    };

    private final Map<String, Case> cases = Cases.all().stream().collect(Collectors.toMap(Case::name, c -> c));
    private final Device device;
    private final Backend backend;
    private final Limits limits;
    private @Nullable Case current;
    private Work work = NOTHING;

    private Worker(Device device, int threads, boolean emulated) {
        this.device = device;
        this.backend = Backends.of(device);
        this.limits = emulated ? _ -> Double.NaN : Limits.of(device, threads);
    }

    /** Starts it: the device and the number of threads. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        // Nothing but answers may stand on standard output.
        System.setOut(System.err);
        boolean emulated = args[0].startsWith(DeviceOption.EMULATED);
        var worker = new Worker(DeviceOption.open(args[0]), Integer.parseInt(args[1]), emulated);
        out.println("ready Cotangent on Java " + Runtime.version().feature());
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            try {
                out.println(worker.answer(line.split(" ")));
            } catch (RuntimeException | OutOfMemoryError e) {
                out.println("error " + String.valueOf(e).lines().findFirst().orElse(""));
            }
        }
    }

    private String answer(String[] words) {
        return switch (words[0]) {
            case "prepare" -> {
                current = Objects.requireNonNull(cases.get(words[1]), words[1]);
                work = NOTHING;
                System.gc();
                work = current.onDevice().apply(device);
                work.reset();
                Inputs.Checksum sum = Inputs.Checksum.of(work.outcome());
                yield "ok " + sum.size() + " " + sum.mixed();
            }
            case "run" -> String.valueOf(seconds(Integer.parseInt(words[1])));
            case "limit" -> String.valueOf(limits.seconds(Objects.requireNonNull(current)));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private double seconds(int runs) {
        work.reset();
        backend.synchronize();
        long start = System.nanoTime();
        for (int i = 0; i < runs; i++) force(work.run());
        backend.synchronize();
        return (System.nanoTime() - start) / 1e9;
    }

    /** Has a tensor computed, should that have been put off. */
    static void force(@Nullable Tensor t) {
        Objects.requireNonNull(t).strided();
    }

    static Tensor gradient(Tensor t) {
        return Objects.requireNonNull(t.grad());
    }
}
