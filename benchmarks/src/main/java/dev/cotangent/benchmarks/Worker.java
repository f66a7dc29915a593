package dev.cotangent.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.cotangent.backend.Backends;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Process of an engine, which answers requests line by line. {@code prepare NAME}, for a peer possibly followed by the
 * expression, answers {@code ok SIZE MIXED}, the checksum, or {@code absent} if the engine has no such case;
 * {@code run N} the seconds of N runs; {@code bytes N} the bytes of Java's heap that a run allocates; {@code limit} the
 * minimal seconds on the hardware; {@code engine} the description of our CPU backend; {@code compiled} the seconds that
 * the compiler has worked so far. A line that starts with {@code error} describes a failure. The peers' scripts implement
 * the same protocol.
 */
final class Worker {
    private final Engine engine;
    private Engine.@Nullable Prepared prepared;

    private Worker(Engine engine) {
        this.engine = engine;
    }

    /** Returns a peer on the class path, if it was built. */
    static Optional<Engine> peer(String name) {
        return ServiceLoader.load(Engine.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(e -> e.name().equals(name))
                .findFirst();
    }

    /** Starts the process; arguments are the engine, the device and the number of threads. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        // The standard output is for answers only.
        System.setOut(System.err);
        Engine engine =
                args[0].equals(OurEngine.NAME) ? new OurEngine() : peer(args[0]).orElseThrow();
        out.println("ready " + engine.open(args[1], Integer.parseInt(args[2])));
        var worker = new Worker(engine);
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
                prepared = null;
                System.gc();
                Engine.Prepared fresh = engine.prepare(words[1]);
                if (fresh == null) yield "absent";
                prepared = fresh;
                fresh.reset();
                Inputs.Checksum sum = fresh.checksum();
                yield "ok " + sum.size() + " " + sum.mixed();
            }
            case "run" -> String.valueOf(seconds(Objects.requireNonNull(prepared), Integer.parseInt(words[1])));
            case "bytes" -> String.valueOf(bytes(Objects.requireNonNull(prepared), Integer.parseInt(words[1])));
            case "compiled" -> String.valueOf(compiled());
            case "engine" -> Backends.probe("cpu").message();
            case "limit" -> String.valueOf(Objects.requireNonNull(prepared).limit());
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static double bytes(Engine.Prepared prepared, int runs) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        prepared.reset();
        long before = threads.getTotalThreadAllocatedBytes();
        prepared.run(runs);
        return (double) (threads.getTotalThreadAllocatedBytes() - before) / runs;
    }

    private static double compiled() {
        return ManagementFactory.getCompilationMXBean().getTotalCompilationTime() / 1e3;
    }

    private static double seconds(Engine.Prepared prepared, int runs) {
        prepared.reset();
        long start = System.nanoTime();
        prepared.run(runs);
        return (System.nanoTime() - start) / 1e9;
    }
}
