package dev.cotangent.examples.fashion;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.data.DataLoader;
import dev.cotangent.data.Dataset;
import dev.cotangent.data.Example;
import dev.cotangent.data.array.IdxDataset;
import dev.cotangent.data.transform.Compose;
import dev.cotangent.data.transform.Normalize;
import dev.cotangent.data.transform.RandomHorizontalFlip;
import dev.cotangent.data.transform.ToTensor;
import dev.cotangent.data.transform.Transform;
import dev.cotangent.examples.training.Classification;
import dev.cotangent.examples.training.Curves;
import dev.cotangent.examples.training.TrainingCommand;
import dev.cotangent.nn.Module;
import dev.cotangent.optim.OneCycleLR;
import dev.cotangent.optim.SGD;
import dev.cotangent.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cotangent train fashion}: trains a residual network on Fashion-MNIST (Xiao and others 2017). */
@Command(
        name = "fashion",
        description = "Trains a small residual network on the 60,000 images of Fashion-MNIST.",
        mixinStandardHelpOptions = true)
public final class TrainFashion extends TrainingCommand {
    private static final List<String> CLASSES = List.of(
            "T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");
    /** Where Debian's package has the files. */
    private static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");

    private static final double MEAN = 0.2860;
    private static final double STD = 0.3530;
    private static final int MISTAKES = 40;
    private static final int TEST_BATCH = 500;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the four IDX files, as they are or with .gz (default: where Debian's package"
                    + " dataset-fashion-mnist has them).")
    private Path data = DEBIAN;

    @Option(names = "--epochs", defaultValue = "6", description = "Number of epochs (default ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(names = "--batch", defaultValue = "128", description = "Images in a batch (default ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--width",
            defaultValue = "16",
            description = "Channels of the first of three stages (default ${DEFAULT-VALUE}).")
    private int width;

    @Option(names = "--lr", defaultValue = "0.2", description = "Highest learning rate (default ${DEFAULT-VALUE}).")
    private double lr;

    @Option(
            names = "--no-flip",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Does not mirror images at random.")
    private boolean flip = true;

    private Path file(String name) {
        for (String suffix : List.of("", ".gz")) {
            Path file = data.resolve(name + suffix);
            if (Files.isRegularFile(file)) return file;
        }
        throw wrong("there is no " + name + " or " + name
                + ".gz in " + data + ": install Debian's package dataset-fashion-mnist, or name the folder of the files"
                + " with --data");
    }

    private Dataset<Example<Tensor>> images(String part, Transform transform) {
        return IdxDataset.examples(file(part + "-images-idx3-ubyte"), file(part + "-labels-idx1-ubyte"))
                .map(e -> e.withInput(transform));
    }

    @Override
    protected Training prepare(Device target) throws IOException {
        checkPositive("--epochs", epochs);
        checkPositive("--batch", batch);
        checkPositive("--width", width);
        Transform pixels = new Compose(new ToTensor(), new Normalize(new double[] {MEAN}, new double[] {STD}));
        var options = DataLoader.options().device(target);
        DataLoader<Example<Tensor>> training = DataLoader.of(
                images("train", flip ? new Compose(new RandomHorizontalFlip(), pixels) : pixels),
                options.batchSize(batch).shuffle(true).dropLast(true));
        DataLoader<Example<Tensor>> test = DataLoader.of(images("t10k", pixels), options.batchSize(TEST_BATCH));
        Module model = new ResidualNet(width, CLASSES.size()).to(target);
        SGD optimizer = new SGD(
                model.parameters(),
                SGD.options().lr(lr).momentum(0.9).nesterov(true).weightDecay(5e-4));
        long steps = epochs * training.size();
        var scheduler = new OneCycleLR(optimizer, lr, (int) steps);
        Trainer<Example<Tensor>> trainer = new Trainer<>(
                model,
                optimizer,
                b -> model.call(b.input()).crossEntropy(b.target()),
                options(epochs, training.size()).schedulerPerStep(scheduler).maximize("val_accuracy"));
        long parameters = model.parameters().stream().mapToLong(Tensor::numel).sum();
        out().printf("%d parameters, %d steps an epoch, on %s%n", parameters, training.size(), target);
        return new Training(trainer, () -> trainer.fit(training, test, Classification.evaluation(model)), result -> {
            Classification answers = Classification.of(model, test, CLASSES, MISTAKES);
            out().printf(
                            "accuracy %.2f %% on the test images%n",
                            100 * answers.matrix().accuracy());
            if (!canDraw()) return;
            writeCurves("Loss on Fashion-MNIST", "cross entropy");
            var rows = rows(true);
            if (!rows.isEmpty()) {
                write(
                        new Curves("Accuracy on Fashion-MNIST", "epoch", "accuracy")
                                .add("test", column(rows, "epoch"), column(rows, "val_accuracy")),
                        "accuracy.png");
            }
            write(answers.matrix(), "confusion.png");
            answers.mistakes()
                    .replaceAll(
                            m -> new Classification.Mistake(m.image().mul(STD).add(MEAN), m.label(), m.answer()));
            write(answers.picture(CLASSES, 3), "mistakes.png");
        });
    }
}
