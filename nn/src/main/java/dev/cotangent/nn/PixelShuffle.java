package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Rearranges channels into pixels. PyTorch's {@code nn.PixelShuffle}. */
public final class PixelShuffle extends Module {
    private final int upscaleFactor;

    /** Creates one. */
    public PixelShuffle(int upscaleFactor) {
        this.upscaleFactor = upscaleFactor;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.pixelShuffle(upscaleFactor);
    }

    @Override
    protected String extraRepr() {
        return "upscale_factor=" + upscaleFactor;
    }
}
