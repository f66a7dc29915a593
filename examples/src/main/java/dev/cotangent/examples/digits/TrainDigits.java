package dev.cotangent.examples.digits;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.data.DataLoader;
import dev.cotangent.data.Dataset;
import dev.cotangent.data.Example;
import dev.cotangent.data.Subset;
import dev.cotangent.examples.training.Classification;
import dev.cotangent.examples.training.TrainingCommand;
import dev.cotangent.nn.Flatten;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.Adam;
import dev.cotangent.train.Trainer;
import dev.cotangent.train.TrainerOptions;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cotangent train digits}: trains a network that classifies handwritten digits. */
@Command(
        name = "digits",
        description = "Trains a network on four fifths of 1797 handwritten digits and tests it on the rest.",
        mixinStandardHelpOptions = true)
public final class TrainDigits extends TrainingCommand {
    private static final int BATCH = 48;
    private static final int SAMPLE = 400;
    private static final int MISTAKES = 40;
    private static final int ZOOM = 10;
    private static final double RATE = 2e-3;

    @Option(names = "--epochs", defaultValue = "25", description = "Number of epochs (default ${DEFAULT-VALUE}).")
    private int epochs;

    /** Creates a multi-layer perceptron. */
    private static Module network(Device device) {
        return new Sequential(
                        new Flatten(),
                        new Linear(Digits.SIDE * Digits.SIDE, 128),
                        new ReLU(),
                        new Linear(128, 64),
                        new ReLU(),
                        new Linear(64, 10))
                .to(device);
    }

    private static DataLoader<Example<Tensor>> loader(Dataset<Example<Tensor>> data, Device device, boolean shuffle) {
        return DataLoader.of(
                data, DataLoader.options().batchSize(BATCH).shuffle(shuffle).device(device));
    }

    private static Trainer<Example<Tensor>> trainer(Module network, TrainerOptions options) {
        return new Trainer<>(
                network,
                new Adam(network.parameters(), RATE),
                batch -> network.call(batch.input()).crossEntropy(batch.target()),
                options);
    }

    @Override
    protected Training prepare(Device target) throws IOException {
        checkPositive("--epochs", epochs);
        List<Subset<Example<Tensor>>> parts = Digits.split(Digits.load());
        var training = loader(parts.get(0), target, true);
        var test = loader(parts.get(1), target, false);
        Module network = network(target);
        Trainer<Example<Tensor>> trainer =
                trainer(network, options(epochs, training.size()).logEvery(1));
        out().printf(
                        "%d digits to learn from, %d held out, on %s%n",
                        parts.get(0).size(), parts.get(1).size(), target);
        return new Training(trainer, () -> trainer.fit(training, test, Classification.evaluation(network)), result -> {
            Classification answers = Classification.of(network, test, Digits.CLASSES, MISTAKES);
            out().printf(
                            "accuracy %.2f %% on the digits held out%n",
                            100 * answers.matrix().accuracy());
            if (!canDraw()) return;
            writeCurves("Loss of the digits", "cross entropy");
            write(answers.matrix(), "confusion.png");
            write(answers.picture(Digits.CLASSES, ZOOM), "mistakes.png");
        });
    }

    /** Runs one epoch and a test on some digits, to compile the kernels of a training. */
    static void sample(Device target) throws IOException {
        Dataset<Example<Tensor>> few =
                Digits.load().randomSplit(SAMPLE, 1797 - SAMPLE).getFirst();
        Module network = network(target);
        trainer(network, Trainer.options())
                .fit(loader(few, target, true), loader(few, target, false), Classification.evaluation(network));
    }
}
