package dev.cotangent.train;

/**
 * Computes the metrics of a batch.
 *
 * <pre>{@code
 * Evaluation<Example<Tensor>> evaluation = (batch, metrics) -> {
 *     Tensor logits = model.call(batch.input());
 *     long size = batch.target().size(0);
 *     metrics.add("loss", logits.crossEntropy(batch.target()), size);
 *     metrics.add("accuracy", logits.argmax(1).eq(batch.target()).toFloat().mean(), size);
 * };
 * }</pre>
 *
 * @param <B> the type of batches
 */
@FunctionalInterface
public interface Evaluation<B> {
    /** Adds the metrics of a batch. Gradients are disabled, and the model is in evaluation mode. */
    void evaluate(B batch, Metrics metrics);
}
