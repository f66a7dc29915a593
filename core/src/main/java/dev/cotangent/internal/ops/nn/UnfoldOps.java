package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.UnfoldOptions;
import dev.cotangent.backend.Convolution;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.util.List;

/** Sliding blocks of images as columns ({@code im2col}), and the sum of such columns ({@code col2im}). */
public final class UnfoldOps {
    private UnfoldOps() {}

    /** Where blocks are. */
    private record Blocks(long[] kernel, Convolution conv) {
        long count(int d, long size) {
            return conv.outputSize(d, size, kernel[d]);
        }

        /** Returns [batch, channels, kernel, blocks] of padded images. */
        Layout windows(Layout image, long[] counts) {
            long[] sizes = {image.size(0), image.size(1), kernel[0], kernel[1], counts[0], counts[1]};
            long[] strides = {
                image.stride(0),
                image.stride(1),
                conv.dilation(0) * image.stride(2),
                conv.dilation(1) * image.stride(3),
                conv.stride(0) * image.stride(2),
                conv.stride(1) * image.stride(3)
            };
            return Layout.of(sizes, strides, image.offset());
        }
    }

    /** Implements {@code torch.nn.functional.unfold}. */
    public static Tensor unfold(Tensor x, long[] kernelSize, UnfoldOptions options) {
        Blocks blocks = blocks(kernelSize, options);
        int rank = x.dim();
        boolean filled = rank == 3 || rank == 4;
        // The batch may be empty.
        for (int d = rank == 4 ? 1 : 0; d < rank && filled; d++) filled = x.size(d) != 0;
        if (!filled) {
            throw new CotangentException("Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other"
                    + " non-zero dimensions for input, but got: " + ConvolutionOps.sizes(x));
        }
        long[] size = {x.size(-2), x.size(-1)};
        long[] counts = {blocks.count(0, size[0]), blocks.count(1, size[1])};
        if (counts[0] < 1 || counts[1] < 1) {
            throw new CotangentException("Given input with spatial size " + pair(size) + ", " + text(blocks, false)
                    + ", calculated shape of the array of sliding blocks as (" + Math.max(0, counts[0]) + ", "
                    + Math.max(0, counts[1]) + "), but its components must be at least one.");
        }
        return columns(x, blocks, size);
    }

    /** Implements {@code torch.nn.functional.fold}. */
    public static Tensor fold(Tensor x, long[] outputSize, long[] kernelSize, UnfoldOptions options) {
        checkPair("output_size", outputSize);
        Blocks blocks = blocks(kernelSize, options);
        int rank = x.dim();
        boolean filled = rank == 2 || rank == 3;
        for (int d = rank == 3 ? 1 : 0; d < rank && filled; d++) filled = x.size(d) != 0;
        if (!filled) {
            throw new CotangentException("Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size"
                    + " and non-zero dimensions for input, but got: " + ConvolutionOps.sizes(x));
        }
        int rows = rank - 2;
        long taps = kernelSize[0] * kernelSize[1];
        if (x.size(rows) % taps != 0) {
            throw new CotangentException("Expected size of input's dimension 1 to be divisible by the product of"
                    + " kernel_size, but got input.size(1)=" + x.size(rows) + " and kernel_size=" + pair(kernelSize)
                    + ".");
        }
        long[] counts = {
            Math.max(0, blocks.count(0, outputSize[0])), Math.max(0, blocks.count(1, outputSize[1])),
        };
        if (counts[0] * counts[1] != x.size(-1) || counts[0] * counts[1] == 0) {
            throw new CotangentException("Given output_size=" + pair(outputSize) + ", " + text(blocks, true)
                    + ", expected size of input's dimension 2 to match the calculated number of sliding blocks "
                    + counts[0] + " * " + counts[1] + " = " + counts[0] * counts[1] + ", but got input.size(2)="
                    + x.size(-1) + ".");
        }
        return image(x, blocks, outputSize);
    }

    private static Blocks blocks(long[] kernelSize, UnfoldOptions options) {
        long[] dilation = two("dilation", options.dilation());
        long[] padding = two("padding", options.padding());
        long[] stride = two("stride", options.stride());
        checkPair("kernel_size", kernelSize);
        checkPositive("kernel size", "kernel", kernelSize);
        checkPositive("dilation", "dilation", dilation);
        if (padding[0] < 0 || padding[1] < 0) {
            throw new CotangentException(
                    "padding should be non-negative, but got pad_height: " + padding[0] + " pad_width: " + padding[1]);
        }
        checkPositive("stride", "stride", stride);
        return new Blocks(kernelSize.clone(), new Convolution(stride, padding, dilation, 1));
    }

    private static long[] two(String option, List<Long> given) {
        long[] all = ConvolutionOps.numbers(given, 2);
        checkPair(option, all);
        return all;
    }

    private static void checkPair(String option, long[] values) {
        if (values.length != 2) {
            throw new CotangentException("It is expected " + option + " equals to 2, but got size " + values.length);
        }
    }

    private static void checkPositive(String what, String name, long[] values) {
        if (values[0] > 0 && values[1] > 0) return;
        throw new CotangentException(what + " should be greater than zero, but got " + name + "_height: " + values[0]
                + " " + name + "_width: " + values[1]);
    }

    private static String pair(long[] values) {
        return "(" + values[0] + ", " + values[1] + ")";
    }

    private static String text(Blocks b, boolean stride) {
        Convolution c = b.conv;
        return "kernel_size=" + pair(b.kernel) + ", dilation=(" + c.dilation(0) + ", " + c.dilation(1)
                + "), padding=(" + c.padding(0) + ", " + c.padding(1) + ")"
                + (stride ? ", stride=(" + c.stride(0) + ", " + c.stride(1) + ")" : "");
    }

    /** Blocks as columns, recorded. */
    private static Tensor columns(Tensor x, Blocks blocks, long[] size) {
        boolean batched = x.dim() == 4;
        Tensor in = batched ? x.detach() : x.detach().unsqueeze(0);
        long[] counts = {blocks.count(0, size[0]), blocks.count(1, size[1])};
        Convolution c = blocks.conv;
        long[] pad = {c.padding(1), c.padding(1), c.padding(0), c.padding(0)};
        Tensor image = c.padding(0) + c.padding(1) == 0 ? in : PadOps.constant(in, pad, 0);
        Layout windows = blocks.windows(Internals.layout(image), counts);
        Tensor out = CreationOps.uninitialized(x.dtype(), x.device(), windows.sizes());
        if (out.numel() > 0) Transfers.copy(Internals.data(image).with(windows), Internals.data(out));
        long rows = in.size(1) * blocks.kernel[0] * blocks.kernel[1];
        long n = counts[0] * counts[1];
        Layout flat = batched ? Layout.contiguous(in.size(0), rows, n) : Layout.contiguous(rows, n);
        return GradientRule.of(
                        "Im2ColBackward0", Internals.wrap(Internals.data(out).with(flat)))
                .input(x, g -> image(g, blocks, size))
                .done();
    }

    /** Adds up overlapping blocks to an image and records it. Half types are summed in float32. */
    private static Tensor image(Tensor x, Blocks blocks, long[] size) {
        boolean batched = x.dim() == 3;
        long batch = batched ? x.size(0) : 1;
        long channels = x.size(-2) / (blocks.kernel[0] * blocks.kernel[1]);
        Convolution c = blocks.conv;
        Dtype dtype = x.dtype();
        Dtype wide = dtype == Dtype.BOOL ? Dtype.INT64 : dtype.isFloatingPoint() ? dtype.computeType() : dtype;
        Tensor image = CreationOps.zeros(
                wide, x.device(), batch, channels, size[0] + 2 * c.padding(0), size[1] + 2 * c.padding(1));
        long[] counts = {blocks.count(0, size[0]), blocks.count(1, size[1])};
        Layout windows = blocks.windows(Internals.layout(image), counts);
        Tensor in = x.detach().to(wide).reshape(windows.sizes());
        for (int i = 0; i < blocks.kernel[0] && in.numel() > 0; i++) {
            for (int j = 0; j < blocks.kernel[1]; j++) {
                Tensor at = Internals.wrap(
                        Internals.data(image).with(windows.select(2, i).select(2, j)), Internals.version(image));
                at.add_(in.select(2, i).select(2, j));
            }
        }
        Tensor inner = image.narrow(2, c.padding(0), size[0])
                .narrow(3, c.padding(1), size[1])
                .to(dtype)
                .contiguous();
        if (!batched) inner = inner.squeeze(0);
        return GradientRule.of("Col2ImBackward0", Internals.wrap(Internals.data(inner)))
                .input(x, g -> columns(g, blocks, size))
                .done();
    }
}
