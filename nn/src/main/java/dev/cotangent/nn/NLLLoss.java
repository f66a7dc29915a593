package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;
import org.jspecify.annotations.Nullable;

/** Computes the negative log-likelihood of log-probabilities; PyTorch's {@code nn.NLLLoss}. */
public final class NLLLoss extends Module {
    /**
     * Options of {@link NLLLoss}, immutable: each method returns a copy.
     *
     * @param weight a weight for each class or element, null for none
     * @param ignoreIndex a target that counts for nothing
     * @param reduction what becomes of the losses of all elements
     */
    public record Options(@Nullable Tensor weight, long ignoreIndex, LossReduction reduction) {
        /** Returns a copy with {@code weight}. */
        public Options weight(@Nullable Tensor value) {
            return new Options(value, ignoreIndex, reduction);
        }

        /** Returns a copy with {@code ignoreIndex}. */
        public Options ignoreIndex(long value) {
            return new Options(weight, value, reduction);
        }

        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(weight, ignoreIndex, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(null, -100, LossReduction.MEAN);
    }

    private final Options options;
    private final @Nullable Tensor weight;

    /** Creates a loss with PyTorch's defaults. */
    public NLLLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public NLLLoss(Options options) {
        this.options = options;
        weight = registerBuffer("weight", options.weight);
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.nllLoss(target, weight, options.ignoreIndex, options.reduction.text());
    }
}
