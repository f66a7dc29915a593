package dev.cotangent.examples;

import dev.cotangent.cli.Subcommand;
import dev.cotangent.examples.digits.TrainDigits;
import dev.cotangent.examples.fashion.TrainFashion;
import dev.cotangent.examples.pole.TrainPole;
import dev.cotangent.examples.text.TrainText;
import dev.cotangent.examples.vae.TrainVae;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cotangent train}: runs an example training. */
@Command(
        name = "train",
        description = "Trains a model: digits, fashion, text, vae or pole",
        mixinStandardHelpOptions = true,
        subcommands = {TrainDigits.class, TrainFashion.class, TrainText.class, TrainVae.class, TrainPole.class})
public final class Train implements Subcommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand");
    }
}
