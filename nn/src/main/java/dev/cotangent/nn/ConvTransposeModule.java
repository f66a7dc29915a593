package dev.cotangent.nn;

import dev.cotangent.ConvTransposeOptions;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolves transposed with learned kernels; what {@link ConvTranspose1d}, {@link ConvTranspose2d} and
 * {@link ConvTranspose3d} share.
 */
public abstract sealed class ConvTransposeModule extends ConvolutionModule
        permits ConvTranspose1d, ConvTranspose2d, ConvTranspose3d {
    private final String name;
    private final int inChannels;
    private final int outChannels;
    private final long[] kernel;
    private final long[] stride;
    private final long[] padding;
    private final long[] outputPadding;
    private final long[] dilation;
    private final ConvTransposeOptions conv;

    ConvTransposeModule(
            String name,
            int dims,
            int inChannels,
            int outChannels,
            long[] kernelSize,
            ConvTransposeLayerOptions options) {
        long[] kernel = each(name, "kernel_size", list(kernelSize), dims);
        super(inChannels, outChannels, kernel, options.conv().groups(), options.bias(), true);
        this.name = name;
        this.inChannels = inChannels;
        this.outChannels = outChannels;
        this.kernel = kernel;
        ConvTransposeOptions given = options.conv();
        stride = each(name, "stride", given.stride(), dims);
        padding = each(name, "padding", given.padding(), dims);
        outputPadding = each(name, "output_padding", given.outputPadding(), dims);
        dilation = each(name, "dilation", given.dilation(), dims);
        conv = given.stride(stride)
                .padding(padding)
                .outputPadding(outputPadding)
                .dilation(dilation);
    }

    abstract Tensor convolve(Tensor input, Tensor weight, @Nullable Tensor bias, ConvTransposeOptions options);

    @Override
    public final Tensor forward(Tensor input) {
        return convolve(input, weight(), bias(), conv);
    }

    /**
     * Computes a result of these spatial sizes, which a stride leaves ambiguous; PyTorch's {@code module(input,
     * output_size)}. Hooks do not run.
     *
     * @param outputSize the spatial sizes, or all sizes
     * @throws ValueException PyTorch's, if no output padding results in this size
     */
    public final Tensor run(Tensor input, long... outputSize) {
        Arguments.notNull(name, "input", input);
        int dims = kernel.length;
        int others = input.dim() == dims + 2 ? 2 : 1;
        long[] size = Arguments.notNull(name, "output_size", outputSize);
        if (size.length == others + dims) size = Arrays.copyOfRange(size, others, size.length);
        if (size.length != dims) {
            throw new ValueException("ConvTranspose" + dims + "D: for " + input.dim()
                    + "D input, output_size must have " + dims + " or " + (others + dims) + " elements (got "
                    + size.length + ")");
        }
        long[] least = new long[dims];
        long[] most = new long[dims];
        long[] added = new long[dims];
        boolean fits = true;
        for (int d = 0; d < dims; d++) {
            least[d] = (input.size(d + others) - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernel[d] - 1) + 1;
            most[d] = least[d] + stride[d] - 1;
            added[d] = size[d] - least[d];
            fits &= size[d] >= least[d] && size[d] <= most[d];
        }
        if (!fits) {
            throw new ValueException("requested an output size of " + Sizes.text(size)
                    + ", but valid sizes range from " + Arrays.toString(least) + " to " + Arrays.toString(most)
                    + " (for an input of torch.Size("
                    + Arrays.toString(Arrays.copyOfRange(input.shape().toArray(), others, others + dims)) + "))");
        }
        return convolve(input, weight(), bias(), conv.outputPadding(added));
    }

    @Override
    protected String extraRepr() {
        StringBuilder text = new StringBuilder();
        text.append(inChannels).append(", ").append(outChannels);
        text.append(", kernel_size=").append(Sizes.text(kernel));
        text.append(", stride=").append(Sizes.text(stride));
        if (!isAll(padding, 0)) text.append(", padding=").append(Sizes.text(padding));
        if (!isAll(dilation, 1)) text.append(", dilation=").append(Sizes.text(dilation));
        if (!isAll(outputPadding, 0)) text.append(", output_padding=").append(Sizes.text(outputPadding));
        if (conv.groups() != 1) text.append(", groups=").append(conv.groups());
        if (bias() == null) text.append(", bias=False");
        return text.toString();
    }
}
