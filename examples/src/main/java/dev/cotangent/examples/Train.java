package dev.cotangent.examples;

import dev.cotangent.cli.Subcommand;
import dev.cotangent.examples.digits.TrainDigits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cotangent train}: runs an example training. */
@Command(
        name = "train",
        description = "Trains a real model: cotangent train digits",
        mixinStandardHelpOptions = true,
        subcommands = TrainDigits.class)
public final class Train implements Subcommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand");
    }
}
