package dev.cotangent.examples;

import dev.cotangent.CotangentException;
import dev.cotangent.examples.digits.TrainDigits;
import dev.cotangent.examples.tour.Tour;
import java.io.PrintWriter;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The {@code cotangent} command. */
@Command(
        name = "cotangent",
        description = "A tensor engine for Java with PyTorch's autograd.",
        version = "cotangent 0.1.0-SNAPSHOT",
        mixinStandardHelpOptions = true,
        subcommands = {Tour.class, Cotangent.Train.class, Doctor.class, Shell.class, Bundle.class, Warmup.class})
public final class Cotangent {
    /** Groups the trainings. */
    @Command(
            name = "train",
            description = "Trains a real model.",
            mixinStandardHelpOptions = true,
            subcommands = TrainDigits.class)
    static final class Train {}

    private Cotangent() {}

    /** Runs the command and ends the JVM with its exit status: 2 for arguments it does not understand. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command and all below it, for {@link #main} and for tests. */
    public static CommandLine commandLine() {
        var all = new CommandLine(new Cotangent());
        ServiceLoader.load(Subcommand.class).forEach(all::addSubcommand);
        return all.setParameterExceptionHandler(Cotangent::explain)
                .setExecutionExceptionHandler((failure, command, _) -> {
                    if (!(failure instanceof CotangentException)) throw failure;
                    command.getErr().println(command.getCommandName() + ": " + failure.getMessage());
                    return 1;
                });
    }

    private static int explain(ParameterException problem, String[] args) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + problem.getMessage());
        err.println();
        command.usage(err);
        return 2;
    }
}
