package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.UnfoldOptions;

/** Copies sliding blocks of images, each as a column; PyTorch's {@code nn.Unfold}. */
public final class Unfold extends Module {
    private final long[] kernelSize;
    private final UnfoldOptions options;

    /** Creates one of square blocks with a stride of 1. */
    public Unfold(int kernelSize) {
        this(new long[] {kernelSize}, Tensors.unfoldOptions());
    }

    /** Creates one of blocks of that height and width, or of one number for both, with options. */
    public Unfold(long[] kernelSize, UnfoldOptions options) {
        this.kernelSize = kernelSize.clone();
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.unfold(Sizes.each(kernelSize, 2), options);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + Sizes.given(kernelSize) + Sizes.text(options);
    }
}
