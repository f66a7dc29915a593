package dev.cotangent.nn;

import dev.cotangent.InterpolateMode;
import dev.cotangent.InterpolateOptions;
import dev.cotangent.Tensor;

/** Takes the nearest elements of images; PyTorch's {@code nn.UpsamplingNearest2d}. */
public final class UpsamplingNearest2d extends Module {
    private final InterpolateOptions options;

    /** Creates one; of the options the size or the factor counts. */
    public UpsamplingNearest2d(InterpolateOptions options) {
        this.options = options.mode(InterpolateMode.NEAREST);
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.interpolate(options);
    }

    @Override
    protected String extraRepr() {
        return Upsample.text(options);
    }
}
