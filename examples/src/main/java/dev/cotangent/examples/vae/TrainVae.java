package dev.cotangent.examples.vae;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.data.DataLoader;
import dev.cotangent.data.Example;
import dev.cotangent.examples.digits.Digits;
import dev.cotangent.examples.training.ImageGrid;
import dev.cotangent.examples.training.TrainingCommand;
import dev.cotangent.optim.Adam;
import dev.cotangent.train.Trainer;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cotangent train vae}: trains an autoencoder that draws digits. */
@Command(
        name = "vae",
        description = "Trains a variational autoencoder on handwritten digits and draws digits of its own.",
        mixinStandardHelpOptions = true)
public final class TrainVae extends TrainingCommand {
    private static final int BATCH = 64;
    private static final int HIDDEN = 256;
    private static final int LATENT = 8;
    private static final double RATE = 2e-3;
    private static final int COLUMNS = 10;
    private static final int ZOOM = 7;

    @Option(names = "--epochs", defaultValue = "60", description = "Number of epochs (default ${DEFAULT-VALUE}).")
    private int epochs;

    @Override
    protected Training prepare(Device target) throws IOException {
        checkPositive("--epochs", epochs);
        var parts = Digits.split(Digits.load());
        var options = DataLoader.options().batchSize(BATCH).device(target);
        DataLoader<Example<Tensor>> training = DataLoader.of(parts.get(0), options.shuffle(true));
        DataLoader<Example<Tensor>> test = DataLoader.of(parts.get(1), options);
        Autoencoder model = new Autoencoder(Digits.SIDE, HIDDEN, LATENT);
        model.to(target);
        Trainer<Example<Tensor>> trainer = new Trainer<>(
                model,
                new Adam(model.parameters(), RATE),
                batch -> model.loss(batch.input()),
                options(epochs, training.size()));
        return new Training(
                trainer,
                () -> trainer.fit(
                        training,
                        test,
                        (batch, metrics) -> metrics.add(
                                "loss", model.loss(batch.input()), batch.input().size(0))),
                result -> {
                    if (!canDraw()) return;
                    writeCurves("Loss of the autoencoder", "negative evidence lower bound");
                    Tensor shown = test.iterator().next().input().narrow(0, 0, COLUMNS);
                    Tensor read = Autograd.noGrad(() -> model.call(shown)).cpu();
                    Tensor drawn = Autograd.noGrad(() -> model.decode(
                                    Tensors.randn(3 * COLUMNS, LATENT).to(target)))
                            .cpu();
                    ImageGrid grid =
                            new ImageGrid("digits held out, their reconstructions, and digits drawn", COLUMNS, ZOOM);
                    for (int i = 0; i < COLUMNS; i++) grid.add(shown.cpu().get(i, 0), "shown");
                    for (int i = 0; i < COLUMNS; i++) grid.add(read.get(i, 0), "reconstructed");
                    for (int i = 0; i < 3 * COLUMNS; i++) grid.add(drawn.get(i, 0), "drawn");
                    write(grid, "digits.png");
                });
    }
}
