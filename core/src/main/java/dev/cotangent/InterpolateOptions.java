package dev.cotangent;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Options of {@link ResamplingMethods#interpolate}. Immutable; each method returns changed
 * options: {@code x.interpolate(interpolateOptions().scaleFactor(2).mode(BILINEAR))}.
 */
public final class InterpolateOptions {
    static final InterpolateOptions DEFAULT =
            new InterpolateOptions(null, null, InterpolateMode.NEAREST, null, null, false);

    private final long @Nullable [] size;
    private final double @Nullable [] scaleFactor;
    private final InterpolateMode mode;
    private final @Nullable Boolean alignCorners;
    private final @Nullable Boolean recomputeScaleFactor;
    private final boolean antialias;

    private InterpolateOptions(
            long @Nullable [] size,
            double @Nullable [] scaleFactor,
            InterpolateMode mode,
            @Nullable Boolean alignCorners,
            @Nullable Boolean recomputeScaleFactor,
            boolean antialias) {
        this.size = size;
        this.scaleFactor = scaleFactor;
        this.mode = mode;
        this.alignCorners = alignCorners;
        this.recomputeScaleFactor = recomputeScaleFactor;
        this.antialias = antialias;
    }

    /** Sets the sizes of the result's spatial dimensions, or one for all. PyTorch's {@code size}. */
    public InterpolateOptions size(long... value) {
        long[] sizes = Arguments.notNull("InterpolateOptions", "size", value).clone();
        return new InterpolateOptions(sizes, scaleFactor, mode, alignCorners, recomputeScaleFactor, antialias);
    }

    /** Sets the sizes as multiples of the input's. PyTorch's {@code scale_factor}. */
    public InterpolateOptions scaleFactor(double... value) {
        double[] factors =
                Arguments.notNull("InterpolateOptions", "scale_factor", value).clone();
        return new InterpolateOptions(size, factors, mode, alignCorners, recomputeScaleFactor, antialias);
    }

    /** Sets PyTorch's {@code mode}. */
    public InterpolateOptions mode(InterpolateMode value) {
        Arguments.notNull("InterpolateOptions", "mode", value);
        return new InterpolateOptions(size, scaleFactor, value, alignCorners, recomputeScaleFactor, antialias);
    }

    /** Sets PyTorch's {@code mode}, such as {@code "bilinear"}; throws its error of other text. */
    public InterpolateOptions mode(String value) {
        return mode(InterpolateMode.of(value));
    }

    /**
     * Sets whether the corners of input and output are the centres of their corner elements, not the outer edges of
     * these. PyTorch's {@code align_corners}.
     */
    public InterpolateOptions alignCorners(boolean value) {
        return new InterpolateOptions(size, scaleFactor, mode, value, recomputeScaleFactor, antialias);
    }

    /** Sets whether the scale factors are recomputed from the sizes. PyTorch's {@code recompute_scale_factor}. */
    public InterpolateOptions recomputeScaleFactor(boolean value) {
        return new InterpolateOptions(size, scaleFactor, mode, alignCorners, value, antialias);
    }

    /**
     * Sets whether a smaller result is computed by a wider filter, which reads all elements. PyTorch's
     * {@code antialias}.
     */
    public InterpolateOptions antialias(boolean value) {
        return new InterpolateOptions(size, scaleFactor, mode, alignCorners, recomputeScaleFactor, value);
    }

    /** Returns the sizes; null where there are none. */
    public long @Nullable [] getSize() {
        return size == null ? null : size.clone();
    }

    /** Returns the factors; null where there are none. */
    public double @Nullable [] getScaleFactor() {
        return scaleFactor == null ? null : scaleFactor.clone();
    }

    /** Returns the mode. */
    public InterpolateMode getMode() {
        return mode;
    }

    /** Returns whether corners are aligned; null where that was not said. */
    public @Nullable Boolean getAlignCorners() {
        return alignCorners;
    }

    /** Returns whether the factor is computed again; null where that was not said. */
    public @Nullable Boolean getRecomputeScaleFactor() {
        return recomputeScaleFactor;
    }

    /** Returns whether there is antialiasing. */
    public boolean isAntialias() {
        return antialias;
    }
}
