package dev.cotangent.examples.tour;

import static dev.cotangent.Tensors.manualSeed;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.cli.DeviceOption;
import dev.cotangent.cli.Needs;
import dev.cotangent.cli.Subcommand;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.examples.tour.seeds.Seeds;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cotangent tour}: shows every fragment of the tutorials with its Java code and output. */
@Command(
        name = "tour",
        description = "Runs the tutorials: for each fragment its Java code and its output or error.",
        mixinStandardHelpOptions = true)
public final class Tour implements Subcommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "SEED",
            description = "000 to 004, S, B, C, or one fragment such as 004.13 (default: all).")
    private @Nullable String which;

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final boolean colours = Ansi.AUTO.enabled();

    @Override
    public Integer call() {
        Needs.module("jdk.compiler", "tour");
        CommandLine command = spec.commandLine();
        Device best = device.choose();
        BestDevice.set(best);
        List<Seed> seeds = Seeds.all();
        if (seeds.stream().noneMatch(s -> s.fragments().stream().anyMatch(f -> isSelected(s, f)))) {
            throw new ParameterException(
                    command, "no tutorial or fragment '" + which + "': there are " + String.join(", ", Seeds.names()));
        }
        PrintWriter out = command.getOut();
        int shown = 0;
        int raised = 0;
        boolean cuda = false;
        for (Seed seed : seeds) {
            boolean first = true;
            for (Seed.Code fragment : seed.fragments()) {
                if (!isSelected(seed, fragment)) continue;
                if (first) out.println(coloured("1", "Tutorial " + seed.name() + ": " + seed.title()) + "\n");
                first = false;
                manualSeed(0);
                Run run = fragment.run();
                show(out, fragment, run);
                shown++;
                cuda |= fragment.id().startsWith("004.13");
                if (run.raised() instanceof CotangentException) raised++;
                else if (run.raised() != null) throw new IllegalStateException(fragment.id(), run.raised());
            }
        }
        out.printf("Fragments: %d. Ending with an error, as they do in PyTorch: %d.%n", shown, raised);
        if (cuda) {
            out.println("004.13c runs on the best device available, here " + best + ".");
            if (!Cuda.isAvailable()) out.println(Cuda.status());
        }
        out.flush();
        return 0;
    }

    private boolean isSelected(Seed seed, Seed.Code fragment) {
        return which == null || which.equals(seed.name()) || which.equals(fragment.id());
    }

    private void show(PrintWriter out, Seed.Code fragment, Run run) {
        out.println(coloured("1;36", fragment.id()) + (fragment.title().isEmpty() ? "" : "  " + fragment.title()));
        fragment.text().lines().forEach(line -> out.println("  " + coloured("2", "| ") + line));
        out.print(run.printed());
        run.warnings().forEach(warning -> out.println(coloured("33", "UserWarning: " + warning)));
        if (run.raised() != null) {
            out.println(coloured(
                    "31",
                    run.raised().getClass().getSimpleName() + ": "
                            + run.raised().getMessage()));
        }
        out.println();
        out.flush();
    }

    private String coloured(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
