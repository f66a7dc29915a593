package dev.cotangent;

import dev.cotangent.internal.Arguments;

/**
 * Options of {@link LossMethods#ctcLoss(Tensor, long[], long[], CtcOptions)}. Immutable; each method returns changed
 * options.
 *
 * @param blank the class that stands for no label
 * @param reduction what becomes of the losses; a mean is that of the losses divided by the targets' lengths
 * @param zeroInfinity whether losses of targets that are too long for their input are 0, with gradients of 0
 */
public record CtcOptions(long blank, LossReduction reduction, boolean zeroInfinity) {
    static final CtcOptions DEFAULT = new CtcOptions(0, LossReduction.MEAN, false);

    /** Sets PyTorch's {@code blank}. */
    public CtcOptions blank(long value) {
        return new CtcOptions(value, reduction, zeroInfinity);
    }

    /** Sets PyTorch's {@code reduction}. */
    public CtcOptions reduction(LossReduction value) {
        return new CtcOptions(blank, Arguments.notNull("CtcOptions", "reduction", value), zeroInfinity);
    }

    /** Sets PyTorch's {@code reduction}, such as {@code "sum"}; throws its ValueError of other text. */
    public CtcOptions reduction(String value) {
        return reduction(LossReduction.of(value));
    }

    /** Sets PyTorch's {@code zero_infinity}. */
    public CtcOptions zeroInfinity(boolean value) {
        return new CtcOptions(blank, reduction, value);
    }
}
