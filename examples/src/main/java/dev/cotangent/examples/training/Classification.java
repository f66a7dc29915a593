package dev.cotangent.examples.training;

import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.data.Example;
import dev.cotangent.nn.Module;
import dev.cotangent.train.Evaluation;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers of a classifier to images of one channel.
 *
 * @param matrix counts of labels and answers
 * @param mistakes the images that were not recognised, with their labels and answers, at most as many as were asked for
 */
public record Classification(ConfusionMatrix matrix, List<Mistake> mistakes) {
    /**
     * An image that was not recognised.
     *
     * @param image two dimensions, on the CPU
     */
    public record Mistake(Tensor image, long label, long answer) {}

    /** Returns the evaluation of a classifier: {@code loss}, the cross entropy, and {@code accuracy}. */
    public static Evaluation<Example<Tensor>> evaluation(Module model) {
        return (batch, metrics) -> {
            Tensor logits = model.call(batch.input());
            long size = batch.target().size(0);
            metrics.add("loss", logits.crossEntropy(batch.target()), size);
            metrics.add(
                    "accuracy", logits.argmax(1).eq(batch.target()).toFloat().mean(), size);
        };
    }

    /** Classifies all images of some batches. */
    public static Classification of(
            Module model, Iterable<Example<Tensor>> batches, List<String> classes, int mostMistakes) {
        ConfusionMatrix matrix = new ConfusionMatrix(classes);
        List<Mistake> mistakes = new ArrayList<>();
        boolean training = model.isTraining();
        model.eval();
        try (var _ = Autograd.noGrad()) {
            for (Example<Tensor> batch : batches) {
                long[] labels = batch.target().cpu().toLongArray();
                long[] answers = model.call(batch.input()).argmax(1).cpu().toLongArray();
                for (int i = 0; i < labels.length; i++) {
                    matrix.add(labels[i], answers[i]);
                    if (labels[i] == answers[i] || mistakes.size() == mostMistakes) continue;
                    mistakes.add(new Mistake(batch.input().get(i).cpu().squeeze(0), labels[i], answers[i]));
                }
            }
        } finally {
            model.train(training);
        }
        return new Classification(matrix, mistakes);
    }

    /** Returns a picture of the mistakes. */
    public ImageGrid picture(List<String> classes, int zoom) {
        ImageGrid grid =
                new ImageGrid(mistakes.isEmpty() ? "no mistakes" : "first mistakes: shown, and answered", 8, zoom);
        for (Mistake m : mistakes) {
            grid.add(m.image(), classes.get((int) m.label()), "→ " + classes.get((int) m.answer()));
        }
        return grid;
    }
}
