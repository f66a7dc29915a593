package dev.cotangent.cli;

import dev.cotangent.CotangentException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code cotangent} command. Other modules add commands to it as services of type {@link Subcommand}. */
@Command(
        name = "cotangent",
        description = "A tensor engine for Java with PyTorch's autograd.",
        version = "cotangent 0.1.0-SNAPSHOT",
        mixinStandardHelpOptions = true,
        footer = {"", "'cotangent help COMMAND' shows the options of a command."})
public final class Cotangent {
    /** Order of the commands in the help; others follow alphabetically. */
    private static final List<String> ORDER =
            List.of("tour", "train", "shell", "run", "doctor", "selftest", "bench", "warmup", "bundle", "help");

    private Cotangent() {}

    /** Runs the command and exits with its status, 2 for invalid arguments. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Returns the command with all its subcommands. */
    public static CommandLine commandLine() {
        List<CommandLine> commands = new ArrayList<>();
        for (Object own : List.of(
                new Doctor(), new Shell(), new RunSource(), new Bundle(), new WarmupCommand(), new HelpCommand())) {
            commands.add(new CommandLine(own));
        }
        for (Subcommand added : ServiceLoader.load(Subcommand.class)) commands.add(new CommandLine(added));
        if (commands.stream().noneMatch(c -> c.getCommandName().equals(NotBuilt.SELFTEST))) {
            commands.add(new CommandLine(new NotBuilt()));
        }
        commands.sort(Comparator.<CommandLine>comparingInt(c -> position(c.getCommandName()))
                .thenComparing(CommandLine::getCommandName));
        var all = new CommandLine(new Cotangent());
        for (CommandLine command : commands) all.addSubcommand(command);
        // Arguments after the program's file belong to the program.
        all.getSubcommands().get("run").setStopAtPositional(true);
        return all.setParameterExceptionHandler(Cotangent::explain)
                .setExecutionExceptionHandler((failure, command, _) -> {
                    if (failure instanceof ParameterException wrong) return explain(wrong, new String[0]);
                    if (!(failure instanceof CotangentException || failure instanceof IOException)) throw failure;
                    String kind =
                            failure instanceof IOException ? failure.getClass().getSimpleName() + ": " : "";
                    command.getErr().println(command.getCommandName() + ": " + kind + failure.getMessage());
                    return 1;
                });
    }

    private static int position(String name) {
        int position = ORDER.indexOf(name);
        return position < 0 ? ORDER.size() : position;
    }

    private static int explain(ParameterException problem, String[] args) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + problem.getMessage());
        if (problem instanceof UnmatchedArgumentException unmatched && suggest(unmatched, err)) return 2;
        err.println();
        command.usage(err);
        return 2;
    }

    private static boolean suggest(UnmatchedArgumentException problem, PrintWriter err) {
        if (problem.isUnknownOption()) return UnmatchedArgumentException.printSuggestions(problem, err);
        CommandLine command = problem.getCommandLine();
        Optional<String> meant = Suggestion.of(
                problem.getUnmatched().getFirst(), command.getSubcommands().keySet());
        meant.ifPresent(
                name -> err.println("Did you mean: " + command.getCommandSpec().qualifiedName() + " " + name + "?"));
        return meant.isPresent();
    }
}
