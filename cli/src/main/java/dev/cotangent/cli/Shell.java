package dev.cotangent.cli;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import jdk.jshell.tool.JavaShellToolBuilder;
import picocli.CommandLine.Command;

/** {@code cotangent shell}: starts JShell with the engine on its class path and its imports. */
@Command(
        name = "shell",
        description = "Starts JShell with the imports done: var x = randn(3).requiresGrad_(true)",
        mixinStandardHelpOptions = true)
final class Shell implements Callable<Integer> {
    /** Logger that would announce the creation of JShell's history file. */
    private static final Logger PREFERENCES = Logger.getLogger("java.util.prefs");

    @Override
    public Integer call() throws Exception {
        Needs.module("jdk.jshell", "shell");
        PREFERENCES.setLevel(Level.WARNING);
        System.out.println("Cotangent's imports are done. For example: var x = randn(3).requiresGrad_(true)");
        Path startup = Files.createTempFile("cotangent", ".jsh");
        try (InputStream script = Objects.requireNonNull(Shell.class.getResourceAsStream("shell.jsh"))) {
            Files.copy(script, startup, StandardCopyOption.REPLACE_EXISTING);
            List<String> arguments = new ArrayList<>(
                    List.of("--class-path", System.getProperty("java.class.path"), "--startup", startup.toString()));
            for (String option : ChildJvm.OPTIONS) arguments.add("-R" + option);
            return JavaShellToolBuilder.builder().start(arguments.toArray(String[]::new));
        } finally {
            Files.delete(startup);
        }
    }
}
