package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.UnfoldOptions;

/** Adds up columns where {@link Unfold} has copied such from; PyTorch's {@code nn.Fold}. */
public final class Fold extends Module {
    private final long[] outputSize;
    private final long[] kernelSize;
    private final UnfoldOptions options;

    /** Creates one of square blocks with a stride of 1; the output has that height and width, or one number for both. */
    public Fold(long[] outputSize, int kernelSize) {
        this(outputSize, new long[] {kernelSize}, Tensors.unfoldOptions());
    }

    /** Creates one of an output and of blocks of that height and width, or of one number for both, with options. */
    public Fold(long[] outputSize, long[] kernelSize, UnfoldOptions options) {
        this.outputSize = outputSize.clone();
        this.kernelSize = kernelSize.clone();
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.fold(Sizes.each(outputSize, 2), Sizes.each(kernelSize, 2), options);
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + Sizes.given(outputSize) + ", kernel_size=" + Sizes.given(kernelSize)
                + Sizes.text(options);
    }
}
