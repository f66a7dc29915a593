package dev.cotangent.examples.text;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.data.DataLoader;
import dev.cotangent.data.Dataset;
import dev.cotangent.data.Example;
import dev.cotangent.data.RandomSampler;
import dev.cotangent.data.text.CharVocabulary;
import dev.cotangent.data.text.TextBlocks;
import dev.cotangent.examples.training.TrainingCommand;
import dev.cotangent.optim.AdamW;
import dev.cotangent.optim.CosineAnnealingLR;
import dev.cotangent.train.Callback;
import dev.cotangent.train.EpochResult;
import dev.cotangent.train.Evaluation;
import dev.cotangent.train.Trainer;
import dev.cotangent.train.TrainingState;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cotangent train text}: trains a model of a text's characters, which writes samples while it learns. */
@Command(
        name = "text",
        description = "Trains a language model of a text's characters and prints what it writes.",
        mixinStandardHelpOptions = true)
public final class TrainText extends TrainingCommand {
    /** The kinds of models. */
    enum Kind {
        /** A transformer. */
        gpt,
        /** A recurrent network. */
        lstm
    }

    private static final double TEMPERATURE = 0.8;
    private static final int VALIDATION_BATCHES = 20;

    @Parameters(paramLabel = "FILE", description = "A text in UTF-8.")
    private Path file = Path.of(".");

    @Option(
            names = "--model",
            defaultValue = "gpt",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Kind kind = Kind.gpt;

    @Option(names = "--epochs", defaultValue = "10", description = "Number of epochs (default ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(names = "--steps", defaultValue = "200", description = "Steps of an epoch (default ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--batch", defaultValue = "32", description = "Blocks in a batch (default ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--block", defaultValue = "64", description = "Characters of a block (default ${DEFAULT-VALUE}).")
    private int block;

    @Option(
            names = "--width",
            defaultValue = "128",
            description = "Features of a character (default ${DEFAULT-VALUE}).")
    private int width;

    @Option(names = "--layers", defaultValue = "4", description = "Number of layers (default ${DEFAULT-VALUE}).")
    private int layers;

    @Option(names = "--heads", defaultValue = "4", description = "Attention heads (default ${DEFAULT-VALUE}).")
    private int heads;

    @Option(
            names = "--dropout",
            defaultValue = "0.1",
            description = "Part that dropout zeroes (default ${DEFAULT-VALUE}).")
    private double dropout;

    @Option(names = "--lr", defaultValue = "0.001", description = "First learning rate (default ${DEFAULT-VALUE}).")
    private double lr;

    @Option(
            names = "--sample",
            defaultValue = "300",
            description = "Characters of a sample (default ${DEFAULT-VALUE}).")
    private int sample;

    private String read() throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw wrong("there is no file " + file);
        } catch (MalformedInputException e) {
            throw wrong(file + " is no text in UTF-8");
        }
    }

    @Override
    protected Training prepare(Device target) throws IOException {
        checkPositive("--epochs", epochs);
        checkPositive("--steps", steps);
        checkPositive("--batch", batch);
        checkPositive("--block", block);
        checkPositive("--layers", layers);
        checkPositive("--heads", heads);
        if (width < 1 || width % heads != 0) throw wrong("--width must be a multiple of --heads, " + heads);
        String text = read();
        // The last tenth is not learnt from.
        int held = text.length() / 10;
        if (held <= block) throw wrong(file + " has " + text.length() + " characters: too few for blocks of " + block);
        CharVocabulary vocabulary = CharVocabulary.of(text);
        TextBlocks blocks = TextBlocks.of(vocabulary.encode(text.substring(0, text.length() - held)), block);
        TextBlocks last = TextBlocks.of(vocabulary.encode(text.substring(text.length() - held)), block);

        var options = DataLoader.options().batchSize(batch).device(target);
        DataLoader<Example<Tensor>> training = DataLoader.of(
                blocks,
                options.sampler(new RandomSampler(blocks).replacement(true).numSamples((long) steps * batch)));
        int validationBlocks = (int) Math.min(last.size(), (long) VALIDATION_BATCHES * batch);
        long stride = last.size() / validationBlocks;
        DataLoader<Example<Tensor>> validation =
                DataLoader.of(Dataset.of(validationBlocks, i -> last.get(i * stride)), options);

        LanguageModel model = kind == Kind.gpt
                ? new Gpt(vocabulary.size(), block, layers, heads, width, dropout)
                : new LstmModel(vocabulary.size(), block, layers, width, dropout);
        model.to(target);
        AdamW optimizer = new AdamW(model.parameters(), AdamW.options().lr(lr).betas(0.9, 0.99));
        Evaluation<Example<Tensor>> evaluation =
                (b, metrics) -> metrics.add("loss", loss(model, b), b.input().size(0));
        Trainer<Example<Tensor>> trainer = new Trainer<>(
                model,
                optimizer,
                b -> loss(model, b),
                options(epochs, training.size())
                        .schedulerPerStep(new CosineAnnealingLR(optimizer, epochs * steps))
                        .clipGradNorm(1)
                        .callback(new Samples(model, vocabulary, target)));
        long parameters = model.parameters().stream().mapToLong(Tensor::numel).sum();
        out().printf(
                        "%d characters, %d different ones; %d parameters, on %s%n",
                        text.length(), vocabulary.size(), parameters, target);
        return new Training(trainer, () -> trainer.fit(training, validation, evaluation), result -> {
            if (canDraw()) writeCurves("Loss of " + file.getFileName(), "cross entropy of a character");
        });
    }

    private static Tensor loss(LanguageModel model, Example<Tensor> batch) {
        return model.call(batch.input())
                .flatten(0, 1)
                .crossEntropy(batch.target().flatten());
    }

    /** Prints a text that the model writes, after each epoch. */
    private final class Samples implements Callback {
        private final LanguageModel model;
        private final CharVocabulary vocabulary;
        private final Device device;

        Samples(LanguageModel model, CharVocabulary vocabulary, Device device) {
            this.model = model;
            this.vocabulary = vocabulary;
            this.device = device;
        }

        @Override
        public void onEpoch(TrainingState state, EpochResult result) {
            if (sample < 1) return;
            Tensor start = Tensors.zeros(Dtype.INT64, 1).to(device);
            Tensor text = model.generate(start, sample, TEMPERATURE);
            out().println(vocabulary.decode(text.narrow(0, 1, sample).cpu()).strip());
            out().println();
            out().flush();
        }
    }
}
