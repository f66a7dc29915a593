package dev.cotangent.nn;

import dev.cotangent.CtcOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** Computes the connectionist temporal classification loss; PyTorch's {@code nn.CTCLoss}. */
public final class CTCLoss extends Module {
    private final CtcOptions options;

    /** Creates a loss with PyTorch's defaults. */
    public CTCLoss() {
        this(Tensors.ctcOptions());
    }

    /** Creates a loss with options. */
    public CTCLoss(CtcOptions options) {
        this.options = options;
    }

    /** Returns the loss of log-probabilities [T, N, C] and labels, of these lengths. */
    public Tensor run(Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths) {
        return logProbs.ctcLoss(targets, inputLengths, targetLengths, options);
    }

    /** Works as {@link #run(Tensor, Tensor, Tensor, Tensor)} of lengths in arrays. */
    public Tensor run(Tensor logProbs, Tensor targets, long[] inputLengths, long[] targetLengths) {
        return logProbs.ctcLoss(targets, inputLengths, targetLengths, options);
    }
}
