package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Rearranges pixels into channels. PyTorch's {@code nn.PixelUnshuffle}. */
public final class PixelUnshuffle extends Module {
    private final int downscaleFactor;

    /** Creates one. */
    public PixelUnshuffle(int downscaleFactor) {
        this.downscaleFactor = downscaleFactor;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.pixelUnshuffle(downscaleFactor);
    }

    @Override
    protected String extraRepr() {
        return "downscale_factor=" + downscaleFactor;
    }
}
