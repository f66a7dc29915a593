package dev.cotangent.examples.text;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.nn.Module;
import java.util.List;

/** A model that computes, for each token of a block, the logits of the token that follows it. */
abstract class LanguageModel extends Module {
    private final int blockSize;

    LanguageModel(int blockSize) {
        this.blockSize = blockSize;
    }

    /** Returns the longest block. */
    final int blockSize() {
        return blockSize;
    }

    /** Computes the logits {@code [batch, length, vocabulary]} of tokens {@code [batch, length]}, int64. */
    @Override
    public abstract Tensor forward(Tensor tokens);

    /**
     * Continues a text of at least one token by tokens that are drawn from the model's probabilities.
     *
     * @param start {@code [length]}, int64, on the model's device
     * @param temperature below 1 for likelier tokens, above 1 for rarer ones
     */
    final Tensor generate(Tensor start, int count, double temperature) {
        boolean training = isTraining();
        eval();
        try (var _ = Autograd.noGrad()) {
            Tensor text = start.unsqueeze(0);
            for (int i = 0; i < count; i++) {
                long length = text.size(1);
                long seen = Math.min(length, blockSize);
                Tensor logits = call(text.narrow(1, length - seen, seen)).select(1, -1);
                text = Tensors.cat(
                        List.of(text, logits.div(temperature).softmax(-1).multinomial(1, false)), 1);
            }
            return text.squeeze(0);
        } finally {
            train(training);
        }
    }
}
