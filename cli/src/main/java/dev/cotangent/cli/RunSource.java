package dev.cotangent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cotangent run}: compiles and runs a source file, and others that it uses from its folder. */
@Command(
        name = "run",
        description = "Compiles and runs a Java source file with the libraries: cotangent run App.java",
        mixinStandardHelpOptions = true)
final class RunSource implements Callable<Integer> {
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
        // Java interprets other names as class names.
        List<String> options = file.toString().endsWith(".java") ? List.of() : List.of("--source", "25");
        return new ProcessBuilder(ChildJvm.command(options, arguments))
                .inheritIO()
                .start()
                .waitFor();
    }
}
