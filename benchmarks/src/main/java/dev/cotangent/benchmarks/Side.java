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

/** One side of a comparison: a process that runs on request and sleeps otherwise (see {@link Worker}). */
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
            String greeting = readLine();
            if (!greeting.startsWith(READY)) throw new CotangentException(command.getFirst() + " replied: " + greeting);
            name = greeting.substring(READY.length());
        } catch (CotangentException e) {
            close();
            throw e;
        }
    }

    /** Starts an engine in its own JVM, with further options. */
    static Side engine(String name, String device, int threads, List<String> java) {
        List<String> options = new ArrayList<>(List.of("-Dcotangent.threads=" + threads));
        options.addAll(java);
        return new Side(ChildJvm.command(options, Worker.class, name, device, String.valueOf(threads)));
    }

    /** Starts a library in the given Python; the part of its name after a hyphen is a mode of its script. */
    static Side python(String peer, String python, String device, int threads) {
        String[] parts = peer.split("-", 2);
        try {
            Path folder = Files.createTempDirectory("cotangent");
            folder.toFile().deleteOnExit();
            copy(folder, "peer.py");
            copy(folder, "operands.txt");
            Path script = copy(folder, parts[0] + "_cases.py");
            // -B prevents Python from leaving its cache folder.
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

    /** Returns its name and version. */
    String name() {
        return name;
    }

    /** Returns whether its process is alive. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** Prepares a case; returns null if this side has no such case. */
    Inputs.@Nullable Checksum prepare(Case c) {
        String what = c.peer() == null ? "" : " " + c.peer().python();
        String[] words = request("prepare " + c.name() + what).split(" ");
        if (words[0].equals("absent")) return null;
        return Inputs.Checksum.parse(words[1], words[2]);
    }

    /** Runs the prepared case repeatedly and returns the seconds. */
    double run(int runs) {
        return Double.parseDouble(request("run " + runs));
    }

    /** Returns the mean bytes of Java's heap that a run allocates, for our side only. */
    double bytes(int runs) {
        return Double.parseDouble(request("bytes " + runs));
    }

    /** Returns the CPU backend's description of its threads and vectors, for our side only. */
    String engine() {
        return request("engine");
    }

    /** Returns the seconds that this side's compiler has worked so far. */
    double compiled() {
        return Double.parseDouble(request("compiled"));
    }

    /** Returns the minimal seconds of the prepared case on the hardware, for our side only. */
    double limit() {
        return Double.parseDouble(request("limit"));
    }

    private String request(String line) {
        to.println(line);
        String answer = readLine();
        if (answer.startsWith(FAILED)) throw new CotangentException(name + ": " + answer.substring(FAILED.length()));
        return answer;
    }

    private String readLine() {
        try {
            String line = from.readLine();
            if (line == null) throw new CotangentException("a measured process ended; its output is above");
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
