package dev.cotangent.nn;

import dev.cotangent.ConvOptions;
import dev.cotangent.ConvPadding;
import dev.cotangent.PadMode;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import org.jspecify.annotations.Nullable;

/** Convolves with learned kernels; what {@link Conv1d}, {@link Conv2d} and {@link Conv3d} share. */
public abstract sealed class ConvModule extends ConvolutionModule permits Conv1d, Conv2d, Conv3d {
    private final int inChannels;
    private final int outChannels;
    private final long[] kernel;
    private final long[] stride;
    private final long[] padding;
    private final long[] dilation;
    private final ConvLayerOptions options;
    /** With a number for each dimension; without padding where images are padded before. */
    private final ConvOptions conv;

    ConvModule(String name, int dims, int inChannels, int outChannels, long[] kernelSize, ConvLayerOptions options) {
        long[] kernel = each(name, "kernel_size", list(kernelSize), dims);
        super(inChannels, outChannels, kernel, options.conv().groups(), options.bias(), false);
        this.inChannels = inChannels;
        this.outChannels = outChannels;
        this.kernel = kernel;
        this.options = options;
        stride = each(name, "stride", options.conv().stride(), dims);
        dilation = each(name, "dilation", options.conv().dilation(), dims);
        padding = each(name, "padding", options.conv().padding(), dims);
        ConvPadding mode = options.conv().paddingMode();
        if (mode == ConvPadding.SAME && !isAll(stride, 1)) {
            throw new ValueException("padding='same' is not supported for strided convolutions");
        }
        ConvOptions each = options.conv().stride(stride).dilation(dilation);
        if (options.paddingMode() != PadMode.CONSTANT) conv = each.padding(0);
        else conv = mode == null ? each.padding(padding) : each.padding(mode);
    }

    /** Returns the input padded by the mode, if that is not zeros. */
    private Tensor padded(Tensor input) {
        PadMode mode = options.paddingMode();
        if (mode == PadMode.CONSTANT) return input;
        int dims = kernel.length;
        long[] pad = new long[2 * dims];
        for (int d = 0; d < dims; d++) {
            int at = 2 * (dims - 1 - d);
            boolean isSame = options.conv().paddingMode() == ConvPadding.SAME;
            long total = isSame ? dilation[d] * (kernel[d] - 1) : 2 * padding[d];
            pad[at] = total / 2;
            pad[at + 1] = total - total / 2;
        }
        return input.pad(pad, mode.text(), 0);
    }

    abstract Tensor convolve(Tensor input, Tensor weight, @Nullable Tensor bias, ConvOptions options);

    @Override
    public final Tensor forward(Tensor input) {
        return convolve(padded(input), weight(), bias(), conv);
    }

    @Override
    protected String extraRepr() {
        StringBuilder text = new StringBuilder();
        text.append(inChannels).append(", ").append(outChannels);
        text.append(", kernel_size=").append(Sizes.text(kernel));
        text.append(", stride=").append(Sizes.text(stride));
        ConvPadding mode = options.conv().paddingMode();
        if (mode != null) text.append(", padding=").append(mode.text());
        else if (!isAll(padding, 0)) text.append(", padding=").append(Sizes.text(padding));
        if (!isAll(dilation, 1)) text.append(", dilation=").append(Sizes.text(dilation));
        if (options.conv().groups() != 1)
            text.append(", groups=").append(options.conv().groups());
        if (bias() == null) text.append(", bias=False");
        if (options.paddingMode() != PadMode.CONSTANT) {
            text.append(", padding_mode=").append(options.paddingMode().text());
        }
        return text.toString();
    }
}
