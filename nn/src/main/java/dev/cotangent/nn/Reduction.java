package dev.cotangent.nn;

import java.util.Locale;

/** The reduction of the losses of all elements; PyTorch's {@code reduction}. */
public enum Reduction {
    /** They stay as they are. */
    NONE,
    /** Their mean. */
    MEAN,
    /** Their sum. */
    SUM,
    /** Their sum by the size of the batch, of {@link KLDivLoss} alone. */
    BATCHMEAN;

    /** Returns PyTorch's word. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
