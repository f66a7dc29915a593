package dev.cotangent.nn;

import dev.cotangent.InterpolateMode;
import dev.cotangent.InterpolateOptions;
import dev.cotangent.Tensor;

/** Interpolates images bilinearly with aligned corners; PyTorch's {@code nn.UpsamplingBilinear2d}. */
public final class UpsamplingBilinear2d extends Module {
    private final InterpolateOptions options;

    /** Creates one; of the options the size or the factor counts. */
    public UpsamplingBilinear2d(InterpolateOptions options) {
        this.options = options.mode(InterpolateMode.BILINEAR).alignCorners(true);
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
