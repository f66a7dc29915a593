package dev.cotangent.nn;

import dev.cotangent.InterpolateOptions;
import dev.cotangent.Tensor;

/** Interpolates lines, images or volumes; PyTorch's {@code nn.Upsample}. */
public final class Upsample extends Module {
    private final InterpolateOptions options;

    /** Creates one; the options have a size or a factor. */
    public Upsample(InterpolateOptions options) {
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.interpolate(options);
    }

    @Override
    protected String extraRepr() {
        return text(options);
    }

    /** Returns the size or the factor, and the mode. */
    static String text(InterpolateOptions options) {
        long[] size = options.getSize();
        double[] scale = options.getScaleFactor();
        String first = size != null ? "size=" + Sizes.given(size) : "size=None";
        if (scale != null) first = "scale_factor=" + scales(scale);
        return first + ", mode='" + options.getMode().text() + "'";
    }

    private static String scales(double[] scale) {
        if (scale.length == 1) return Double.toString(scale[0]);
        java.util.StringJoiner text = new java.util.StringJoiner(", ", "(", ")");
        for (double s : scale) text.add(Double.toString(s));
        return text.toString();
    }
}
