package dev.cotangent.examples.training;

import dev.cotangent.Device;
import dev.cotangent.Generator;
import dev.cotangent.Tensors;
import dev.cotangent.cli.DeviceOption;
import dev.cotangent.cli.Needs;
import dev.cotangent.cli.Outputs;
import dev.cotangent.train.Interruption;
import dev.cotangent.train.MetricsLog;
import dev.cotangent.train.ProgressBar;
import dev.cotangent.train.Trainer;
import dev.cotangent.train.TrainerOptions;
import dev.cotangent.train.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that trains a model, with the options that all of them have. */
public abstract class TrainingCommand implements Callable<Integer> {
    /** Exit status of a training that was stopped, as of a process that Ctrl-C ends. */
    private static final int INTERRUPTED = 130;

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "Seed of the random numbers (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "${sys:cotangent.output:-target}/${COMMAND-NAME}",
            description = "Folder of checkpoints, metrics and pictures (default ${DEFAULT-VALUE}).")
    private Path folder = Path.of(".");

    @Option(
            names = "--pytorch",
            description = "Draws the random numbers that PyTorch draws after torch.manual_seed(seed), on the CPU.")
    private boolean pytorch;

    @Option(names = "--resume", description = "Goes on from the folder's last checkpoint, if there is one.")
    private boolean resume;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Creates the command; for subclasses. */
    protected TrainingCommand() {}

    /**
     * A training and what its command does afterwards.
     *
     * @param fit trains
     * @param report prints results and draws pictures, also of a training that was stopped
     */
    public record Training(Trainer<?> trainer, Supplier<TrainingResult> fit, Report report) {}

    /** Reports the result of a training. */
    @FunctionalInterface
    public interface Report {
        /** Prints results and draws pictures. */
        void of(TrainingResult result) throws IOException;
    }

    /** Reads the data and creates the model, on a device. The default generator has been seeded. */
    protected abstract Training prepare(Device target) throws IOException;

    @Override
    public Integer call() throws IOException {
        Outputs.checkFolder(spec, "--out", folder);
        Device target = device.choose();
        if (!pytorch) {
            Tensors.manualSeed(seed);
            return run(target);
        }
        try (var _ = Generator.pytorch(seed).use()) {
            return run(target);
        }
    }

    private int run(Device target) throws IOException {
        Training training = prepare(target);
        out().flush();
        // Pictures are drawn before Ctrl-C ends the process.
        try (var _ = new Interruption(training.trainer()::stop)) {
            TrainingResult result = training.fit().get();
            training.report().of(result);
            out().flush();
            return result.end() == TrainingResult.End.STOPPED ? INTERRUPTED : 0;
        }
    }

    /** Returns the options of a trainer: the number of epochs, the folder, a progress bar. */
    protected TrainerOptions options(int epochs, long batchesPerEpoch) {
        boolean terminal = System.console() != null && System.console().isTerminal();
        return Trainer.options()
                .epochs(epochs)
                .batchesPerEpoch(batchesPerEpoch)
                .folder(folder)
                .resume(resume)
                .overwrite(true)
                .tensorBoard(true)
                .saveOnInterrupt(false)
                .callback(new ProgressBar(terminal ? new PrintWriter(System.out, true) : out(), terminal));
    }

    /** Throws if a number is below 1; called before any work. */
    protected void checkPositive(String option, long value) {
        if (value < 1) throw new ParameterException(spec.commandLine(), option + " must be 1 at least");
    }

    /** Returns an error in the command's arguments. */
    protected ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Returns where the command prints. */
    protected PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Returns the seed. */
    protected long seed() {
        return seed;
    }

    /** Returns the folder of the training's files. */
    protected Path folder() {
        return folder;
    }

    /** Returns whether this Java can draw; says so if it cannot. */
    protected boolean canDraw() {
        boolean can = Needs.has("java.desktop");
        if (!can) out().println("no pictures: this Java has no java.desktop");
        return can;
    }

    /** Returns the rows of the metrics' log that have a metric of steps, or of epochs. */
    protected List<Map<String, Double>> rows(boolean epochs) {
        return MetricsLog.read(folder.resolve("metrics.jsonl")).stream()
                .filter(r -> r.containsKey("seconds") == epochs)
                .toList();
    }

    /** Writes a picture, and says where. */
    protected void write(Picture picture, String name) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name);
        picture.write(file);
        out().println(name.replace(".png", "") + ": " + file.normalize());
    }

    /** Draws the loss over steps, and the losses of epochs where there is an evaluation. */
    protected void writeCurves(String title, String unit) throws IOException {
        List<Map<String, Double>> steps = rows(false);
        if (steps.isEmpty()) return;
        Curves curves = new Curves(title, "step", unit);
        curves.add("training", column(steps, "step"), column(steps, "loss"));
        List<Map<String, Double>> epochs =
                rows(true).stream().filter(r -> r.containsKey("val_loss")).toList();
        if (!epochs.isEmpty()) curves.add("validation", column(epochs, "step"), column(epochs, "val_loss"));
        write(curves, "loss.png");
    }

    /** Returns a column of rows. */
    protected static double[] column(List<Map<String, Double>> rows, String name) {
        return rows.stream().mapToDouble(r -> r.getOrDefault(name, Double.NaN)).toArray();
    }
}
