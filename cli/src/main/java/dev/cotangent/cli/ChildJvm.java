package dev.cotangent.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands of child JVMs, with this JVM's class path and the options that the engine needs. */
public final class ChildJvm {
    /**
     * Options that the engine needs. Results are large and short-lived, so the heap starts large, which pays the first
     * touch of each page only once. Micro-kernels are compiled after a tenth of the usual calls, since they are a hundred
     * times slower when interpreted.
     */
    public static final List<String> OPTIONS = List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseParallelGC",
            "-XX:InitialRAMPercentage=25",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,dev.cotangent.cpu.vector.GeneratedMicroKernel*::*,0.1",
            "-XX:CompileCommand=CompileThresholdScaling,*GeneratedLoop*::*,0.1");

    private ChildJvm() {}

    /** Returns this JVM's options for the launcher's AOT cache, if any. */
    public static List<String> aotOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(o -> o.startsWith("-XX:AOTCache=") || o.startsWith("-Xlog:"))
                .toList();
    }

    /**
     * Returns the command that starts a class.
     *
     * @param options further options, such as {@code -Dcotangent.threads=1}
     */
    public static List<String> command(List<String> options, Class<?> main, String... args) {
        List<String> words = new ArrayList<>(List.of(main.getName()));
        words.addAll(List.of(args));
        return command(options, words);
    }

    /** Returns the command that starts a class or a source file, the first of the words, with the others as arguments. */
    static List<String> command(List<String> options, List<String> words) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(words);
        return command;
    }
}
