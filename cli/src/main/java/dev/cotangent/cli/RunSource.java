package dev.cotangent.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code cotangent run}: compiles and runs a source file, and others that it uses from its folder, in one process or, as
 * PyTorch's {@code torchrun}, in several that form a process group.
 */
@Command(
        name = "run",
        description = "Compiles and runs a Java source file with the libraries: cotangent run App.java",
        mixinStandardHelpOptions = true)
final class RunSource implements Callable<Integer> {
    private static final String TOKEN = "COTANGENT_TOKEN";
    private static final int TOKEN_BYTES = 16;
    private static final int DEFAULT_PORT = 29500;
    /** How long the other processes may take to end by themselves after one has failed. */
    private static final long GRACE_SECONDS = 10;

    @Option(
            names = {"-n", "--nproc-per-node"},
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Starts N processes of a group, with RANK, LOCAL_RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT and"
                            + " COTANGENT_TOKEN in the environment.")
    private int processes;

    @Option(
            names = "--nnodes",
            paramLabel = "N",
            defaultValue = "1",
            description = "The number of machines on which this command is started; needs COTANGENT_TOKEN.")
    private int nodes;

    @Option(names = "--node-rank", paramLabel = "I", defaultValue = "0", description = "The number of this machine.")
    private int node;

    @Option(
            names = "--master-addr",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "The address of machine 0.")
    private String masterAddress = "127.0.0.1";

    @Option(
            names = "--master-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "The port of rank 0: a free one, or 29500 of several machines.")
    private int masterPort;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE.java [ARGUMENT]",
            hideParamSyntax = true,
            description = "The file with main, and its arguments.")
    private List<String> words = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    RunSource() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Needs.module("jdk.compiler", "run");
        Path file = Path.of(words.getFirst());
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new ParameterException(spec.commandLine(), "cannot read " + file);
        }
        List<String> arguments = new ArrayList<>(words);
        List<String> options = new ArrayList<>();
        // Java interprets other names as class names.
        if (!file.toString().endsWith(".java")) options.addAll(List.of("--source", "25"));
        if (processes == 0 && nodes == 1) {
            return new ProcessBuilder(ChildJvm.command(options, arguments))
                    .inheritIO()
                    .start()
                    .waitFor();
        }
        check();
        return group(options, arguments);
    }

    private void check() {
        if (processes < 1 || nodes < 1 || node < 0 || node >= nodes) {
            throw new ParameterException(
                    spec.commandLine(),
                    "-n is at least 1, and --node-rank is from 0 and below --nnodes; got -n " + processes + " --nnodes "
                            + nodes + " --node-rank " + node);
        }
        if (nodes > 1 && System.getenv(TOKEN) == null) {
            throw new ParameterException(
                    spec.commandLine(), "several machines need a token, the same on each: set " + TOKEN);
        }
    }

    private int group(List<String> options, List<String> arguments) throws IOException, InterruptedException {
        int port = masterPort != 0 ? masterPort : nodes > 1 ? DEFAULT_PORT : freePort();
        String token = System.getenv(TOKEN);
        if (token == null) {
            byte[] random = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(random);
            token = HexFormat.of().formatHex(random);
        }
        // The processes divide the cores.
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / processes);
        List<String> all = new ArrayList<>(List.of("-Dcotangent.threads=" + threads));
        all.addAll(options);
        List<Process> started = new ArrayList<>();
        Thread killer = new Thread(() -> started.forEach(Process::destroyForcibly));
        Runtime.getRuntime().addShutdownHook(killer);
        for (int i = 0; i < processes; i++) {
            ProcessBuilder builder = new ProcessBuilder(ChildJvm.command(all, arguments)).inheritIO();
            builder.environment()
                    .putAll(Map.of(
                            "RANK",
                            String.valueOf(node * processes + i),
                            "LOCAL_RANK",
                            String.valueOf(i),
                            "WORLD_SIZE",
                            String.valueOf(nodes * processes),
                            "MASTER_ADDR",
                            masterAddress,
                            "MASTER_PORT",
                            String.valueOf(port),
                            TOKEN,
                            token));
            started.add(builder.start());
        }
        int status = await(started);
        Runtime.getRuntime().removeShutdownHook(killer);
        return status;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits for all processes; after one has failed, the others have little time left. Returns the first failure. */
    private int await(List<Process> started) throws InterruptedException {
        int status = 0;
        long end = Long.MAX_VALUE;
        List<Process> running = new ArrayList<>(started);
        while (!running.isEmpty()) {
            for (Process p : List.copyOf(running)) {
                if (!p.waitFor(20, TimeUnit.MILLISECONDS)) continue;
                running.remove(p);
                if (p.exitValue() == 0 || status != 0) continue;
                status = p.exitValue();
                end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS);
                spec.commandLine()
                        .getErr()
                        .println("cotangent: rank " + (node * processes + started.indexOf(p)) + " ended with status "
                                + status);
            }
            if (end != Long.MAX_VALUE && System.nanoTime() > end) running.forEach(Process::destroyForcibly);
        }
        return status;
    }
}
