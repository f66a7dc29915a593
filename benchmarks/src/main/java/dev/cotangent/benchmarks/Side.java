package dev.cotangent.benchmarks;

import dev.cotangent.CotangentException;
import dev.cotangent.cli.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of those compared: a process that works when told to and sleeps otherwise (see {@link Worker}). */
final class Side implements AutoCloseable {
    private static final String READY = "ready ";
    private static final String FAILED = "error ";

    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;
    private final String name;

    private Side(List<String> command) {
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new CotangentException("cannot start " + command.getFirst() + ": " + e.getMessage(), e);
        }
        to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        from = process.inputReader(StandardCharsets.UTF_8);
        try {
            String greeting = line();
            if (!greeting.startsWith(READY)) throw new CotangentException(command.getFirst() + " said: " + greeting);
            name = greeting.substring(READY.length());
        } catch (CotangentException e) {
            close();
            throw e;
        }
    }

    /** Starts an engine in a JVM of its own, with further options. */
    static Side engine(String name, String device, int threads, List<String> java) {
        List<String> options = new ArrayList<>(List.of("-Dcotangent.threads=" + threads));
        options.addAll(java);
        return new Side(ChildJvm.command(options, Worker.class, name, device, String.valueOf(threads)));
    }

    /** Starts a library in that Python; what follows the first hyphen of its name is a mode of its script. */
    static Side python(String peer, String python, String device, int threads) {
        String[] parts = peer.split("-", 2);
        try {
            Path folder = Files.createTempDirectory("cotangent");
            folder.toFile().deleteOnExit();
            copy(folder, "peer.py");
            copy(folder, "operands.txt");
            Path script = copy(folder, parts[0] + "_cases.py");
            // Without -B Python would leave a folder of its own there.
            List<String> command =
                    new ArrayList<>(List.of(python, "-B", "-u", script.toString(), device, String.valueOf(threads)));
            if (parts.length > 1) command.add(parts[1]);
            return new Side(command);
        } catch (IOException e) {
            throw new CotangentException("the scripts for " + python + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Copies a script, which is deleted when this process ends. */
    private static Path copy(Path folder, String script) throws IOException {
        try (InputStream from = Objects.requireNonNull(Side.class.getResourceAsStream(script))) {
            Path to = folder.resolve(script);
            Files.copy(from, to);
            to.toFile().deleteOnExit();
            return to;
        }
    }

    /** What it calls itself, with its version. */
    String name() {
        return name;
    }

    /** Returns whether its process has not ended. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** Makes a case ready; null where this side has no such case. */
    Inputs.@Nullable Checksum prepare(Case c) {
        String what = c.peer() == null ? "" : " " + c.peer().python();
        String[] words = ask("prepare " + c.name() + what).split(" ");
        if (words[0].equals("absent")) return null;
        return Inputs.Checksum.parse(words[1], words[2]);
    }

    /** Seconds that so many runs of what was prepared took. */
    double run(int runs) {
        return Double.parseDouble(ask("run " + runs));
    }

    /** Bytes of Java's heap that a run allocates, the mean of so many; of our own side. */
    double bytes(int runs) {
        return Double.parseDouble(ask("bytes " + runs));
    }

    /** Returns what the CPU's backend says of its threads and vectors; of our own side. */
    String engine() {
        return ask("engine");
    }

    /** Seconds that this side's compiler has worked so far. */
    double compiled() {
        return Double.parseDouble(ask("compiled"));
    }

    /** Seconds that the hardware needs at least for what was prepared; of our own side. */
    double limit() {
        return Double.parseDouble(ask("limit"));
    }

    private String ask(String request) {
        to.println(request);
        String answer = line();
        if (answer.startsWith(FAILED)) throw new CotangentException(name + ": " + answer.substring(FAILED.length()));
        return answer;
    }

    private String line() {
        try {
            String line = from.readLine();
            if (line == null) throw new CotangentException("a process to be measured ended: what it said stands above");
            return line;
        } catch (IOException e) {
            throw new CotangentException("a process to be measured cannot be read: " + e.getMessage(), e);
        }
    }

    /** Ends the process. */
    @Override
    public void close() {
        to.close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
