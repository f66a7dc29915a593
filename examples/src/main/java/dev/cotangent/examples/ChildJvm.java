package dev.cotangent.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Java again, with this JVM's class path and the options that the engine wants. */
public final class ChildJvm {
    private ChildJvm() {}

    /**
     * The command that starts it.
     *
     * @param options further options, such as {@code -Dcotangent.threads=1}
     */
    public static List<String> command(List<String> options, Class<?> main, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return command;
    }
}
