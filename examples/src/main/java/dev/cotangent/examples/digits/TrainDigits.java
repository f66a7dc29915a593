package dev.cotangent.examples.digits;

import static dev.cotangent.Tensors.manualSeed;
import static dev.cotangent.Tensors.randperm;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.cli.DeviceOption;
import dev.cotangent.cli.Needs;
import dev.cotangent.cli.Outputs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cotangent train digits}: trains a network that classifies handwritten digits. */
@Command(
        name = "digits",
        description = "Trains a network on four fifths of 1797 handwritten digits and tests it on the rest.",
        mixinStandardHelpOptions = true)
public final class TrainDigits implements Callable<Integer> {
    private static final int BATCH = 48;
    private static final int SAMPLE = 400;
    private static final double RATE = 2e-3;
    private static final int INTERRUPTED = 130;
    private static final int WIDTH = 110;

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "Seed of the random numbers (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--epochs", defaultValue = "25", description = "Number of epochs (default ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "${sys:cotangent.output:-target}/digits",
            description = "Folder of the plots (default ${DEFAULT-VALUE}).")
    private Path folder = Path.of(".");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final List<Double> losses = new ArrayList<>();
    private volatile boolean stopping;

    @Override
    public Integer call() throws IOException {
        if (epochs < 1) throw new ParameterException(spec.commandLine(), "--epochs must be 1 at least");
        if (Needs.has("java.desktop")) Outputs.checkFolder(spec, "--out", folder);
        PrintWriter out = spec.commandLine().getOut();
        Device target = device.choose();
        manualSeed(seed);
        Digits all = Digits.load();
        int heldOut = all.count() / 5;
        List<Digits> parts = all.split(all.count() - heldOut);
        Digits training = parts.get(0).to(target);
        Digits test = parts.get(1).to(target);
        var network = new Network(target, Digits.PIXELS, 128, 64, 10);
        out.printf("%d digits to learn from, %d held out, on %s%n", training.count(), test.count(), target);
        out.flush();

        // Ctrl-C starts the JVM's shutdown, which waits for this hook, which waits for the training to stop.
        var finished = new CountDownLatch(1);
        var hook = new Thread(() -> {
            stopping = true;
            try {
                finished.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            long start = System.nanoTime();
            train(network, training);
            double seconds = (System.nanoTime() - start) / 1e9;
            List<Pictures.Mistake> mistakes = mistakes(network, test);
            if (stopping) out.printf("%nstopped after %d steps%n", losses.size());
            out.printf(
                    "%.1f s, loss %.4f, accuracy %.2f %% on the digits held out%n",
                    seconds,
                    losses.isEmpty() ? Double.NaN : losses.getLast(),
                    100.0 * (test.count() - mistakes.size()) / test.count());
            if (Needs.has("java.desktop")) draw(mistakes, out);
            else out.println("no pictures: this Java has no java.desktop");
            out.flush();
        } finally {
            finished.countDown();
        }
        if (stopping) return INTERRUPTED;
        Runtime.getRuntime().removeShutdownHook(hook);
        return 0;
    }

    private void draw(List<Pictures.Mistake> mistakes, PrintWriter out) throws IOException {
        Files.createDirectories(folder);
        Path curve = folder.resolve("loss.png");
        Path wrong = folder.resolve("mistakes.png");
        if (!losses.isEmpty()) Pictures.lossCurve(losses, curve);
        Pictures.mistakes(mistakes, wrong);
        out.printf("loss curve: %s%nmistakes: %s%n", curve.normalize(), wrong.normalize());
    }

    private void train(Network network, Digits training) {
        int steps = Math.ceilDiv(training.count(), BATCH);
        var adam = new Adam(network.parameters(), RATE);
        try (ProgressBar bar = progressBar((long) epochs * steps)) {
            for (int epoch = 0; epoch < epochs && !stopping; epoch++) {
                Tensor order = randperm(training.count()).to(training.labels().device());
                double sum = 0;
                int done = 0;
                for (int i = 0; i < steps && !stopping; i++) {
                    int first = i * BATCH;
                    Digits batch = training.select(order.narrow(0, first, Math.min(BATCH, training.count() - first)));
                    Tensor loss = network.logits(batch.images()).crossEntropy(batch.labels());
                    loss.backward();
                    adam.step();
                    double value = loss.itemDouble();
                    losses.add(value);
                    sum += value;
                    done++;
                    bar.step();
                }
                bar.setExtraMessage("epoch %d, loss %.4f".formatted(epoch + 1, sum / done));
            }
        }
    }

    /** Creates a progress bar, invisible if the output is not a terminal. */
    private static ProgressBar progressBar(long steps) {
        boolean terminal = System.console() != null && System.console().isTerminal();
        return new ProgressBarBuilder()
                .setTaskName("training")
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setMaxRenderedLength(WIDTH)
                .setUpdateIntervalMillis(100)
                .setConsumer(
                        terminal
                                ? new ConsoleProgressBarConsumer(System.out, WIDTH)
                                : new DelegatingProgressBarConsumer(_ -> {}, WIDTH))
                .build();
    }

    /** Runs one epoch and a test on some digits, to compile the kernels of a training. */
    static void sample(Device target) throws IOException {
        Digits few = Digits.load().split(SAMPLE).get(0).to(target);
        var network = new Network(target, Digits.PIXELS, 128, 64, 10);
        var training = new TrainDigits();
        training.epochs = 1;
        training.train(network, few);
        mistakes(network, few);
    }

    private static List<Pictures.Mistake> mistakes(Network network, Digits test) {
        Tensor guesses =
                Autograd.noGrad(() -> network.logits(test.images()).argmax(1)).cpu();
        Tensor images = test.images().cpu();
        Tensor labels = test.labels().cpu();
        List<Pictures.Mistake> mistakes = new ArrayList<>();
        for (int i = 0; i < test.count(); i++) {
            long guess = guesses.get(i).itemLong();
            long label = labels.get(i).itemLong();
            if (guess != label) mistakes.add(new Pictures.Mistake(images.get(i).toFloatArray(), label, guess));
        }
        return mistakes;
    }
}
