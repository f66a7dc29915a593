package dev.cotangent.internal.ops.nn;

import dev.cotangent.ConvOptions;
import dev.cotangent.ConvPadding;
import dev.cotangent.ConvTransposeOptions;
import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Convolution;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.ComplexViews;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions and transposed convolutions, {@code aten::convolution}. A convolution, the gradient of its input (which is the
 * transposed convolution) and that of its weight are bilinear, and the gradients of each are the other two: so there are
 * gradients of every order.
 */
public final class ConvolutionOps {
    private static final String NODE = "ConvolutionBackward0";
    private static final String DOUBLE = "ConvolutionBackwardBackward0";
    private static final String[] AXES = {"depth", "height", "width"};

    private ConvolutionOps() {}

    /**
     * The options of a call, expanded to the number of spatial dimensions.
     *
     * @param outputPadding of transposed convolutions
     */
    private record Call(Convolution conv, boolean transposed, long[] outputPadding) {}

    /** Implements {@code torch.nn.functional.conv1d} to {@code conv3d}. */
    public static Tensor conv(int dims, Tensor x, Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        String name = "conv" + dims + "d";
        Tensor in = batched(name, dims, x, weight, bias);
        Tensor out;
        if (options.paddingMode() == ConvPadding.SAME) {
            out = same(in, weight, bias, options);
        } else {
            Call call = call(
                    weight,
                    numbers(options.stride(), dims),
                    numbers(options.padding(), dims),
                    numbers(options.dilation(), dims),
                    options.groups(),
                    false,
                    new long[dims]);
            out = convolution(in, weight, bias, call);
        }
        return in == x ? out : out.squeeze(0);
    }

    /** Implements {@code torch.nn.functional.conv_transpose1d} to {@code conv_transpose3d}. */
    public static Tensor convTranspose(
            int dims, Tensor x, Tensor weight, @Nullable Tensor bias, ConvTransposeOptions options) {
        String name = "conv_transpose" + dims + "d";
        Tensor in = batched(name, dims, x, weight, bias);
        Call call = call(
                weight,
                numbers(options.stride(), dims),
                numbers(options.padding(), dims),
                numbers(options.dilation(), dims),
                options.groups(),
                true,
                numbers(options.outputPadding(), dims));
        Tensor out = convolution(in, weight, bias, call);
        return in == x ? out : out.squeeze(0);
    }

    private static Tensor batched(String name, int dims, Tensor x, Tensor weight, @Nullable Tensor bias) {
        if (bias == null) Promotion.device(name, x, weight);
        else Promotion.device(name, x, weight, bias);
        if (bias != null && bias.dtype() != x.dtype()) {
            throw new CotangentException("Input type (" + x.dtype().cName() + ") and bias type ("
                    + bias.dtype().cName()
                    + ") should be the same: " + name + " of " + x.dtype() + " takes a bias converted with to("
                    + x.dtype().name() + ")");
        }
        int rank = x.dim();
        if (rank != dims + 1 && rank != dims + 2) {
            throw new CotangentException("Expected " + (dims + 1) + "D (unbatched) or " + (dims + 2)
                    + "D (batched) input to " + name + ", but got input of size: " + sizes(x));
        }
        return rank == dims + 2 ? x : x.unsqueeze(0);
    }

    /** Returns one number for each dimension, where there is one for all. */
    static long[] numbers(List<Long> given, int dims) {
        long[] all = given.stream().mapToLong(Long::longValue).toArray();
        if (all.length != 1) return all;
        long[] each = new long[dims];
        Arrays.fill(each, all[0]);
        return each;
    }

    private static Call call(
            Tensor weight,
            long[] stride,
            long[] padding,
            long[] dilation,
            long groups,
            boolean transposed,
            long[] outputPadding) {
        int dims = weight.dim() - 2;
        if (dims <= 0) throw new CotangentException("weight should have at least three dimensions");
        Convolution conv = new Convolution(
                expand("stride", stride, dims),
                expand("padding", padding, dims),
                expand("dilation", dilation, dims),
                groups);
        return new Call(conv, transposed, expand("output_padding", outputPadding, dims));
    }

    private static long[] expand(String option, long[] values, int dims) {
        if (values.length == 1) return numbers(List.of(values[0]), dims);
        if (values.length == dims) return values;
        throw new CotangentException("expected " + option + " to be a single integer value or a list of " + dims
                + " values to match the convolution dimensions, but got " + option + "=" + Arrays.toString(values));
    }

    /** Pads with zeros so that the output has the input's size, an odd one at the end, and convolves. */
    private static Tensor same(Tensor x, Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        int dims = weight.dim() - 2;
        if (dims <= 0) throw new CotangentException("weight should have at least three dimensions");
        checkGroups(options.groups());
        if (weight.dim() != x.dim()) throw unequalDims(x, weight, "");
        long[] stride = broadcast("stride", options.stride(), dims);
        long[] dilation = broadcast("dilation", options.dilation(), dims);
        for (long s : stride) {
            if (s != 1) {
                throw new CotangentException("padding='same' is not supported for strided convolutions, but stride is "
                        + Arrays.toString(stride) + ": give padding in numbers");
            }
        }
        long[] before = new long[dims];
        long[] pad = new long[2 * dims];
        boolean symmetric = true;
        for (int d = 0; d < dims; d++) {
            long total = Math.max(0, dilation[d] * (weight.size(d + 2) - 1));
            before[d] = total / 2;
            pad[2 * (dims - 1 - d) + 1] = total % 2;
            symmetric &= total % 2 == 0;
        }
        Call call = call(weight, stride, before, dilation, options.groups(), false, new long[dims]);
        return convolution(symmetric ? x : x.pad(pad), weight, bias, call);
    }

    private static long[] broadcast(String option, List<Long> given, int dims) {
        long[] all = numbers(given, dims);
        if (all.length == dims) return all;
        throw new CotangentException(option + " cannot broadcast to " + dims + " dimensions");
    }

    private static CotangentException unequalDims(Tensor x, Tensor weight, String space) {
        int rank = weight.dim();
        return new CotangentException("Expected " + rank + "-dimensional input for " + rank + "-dimensional weight"
                + space + sizes(weight) + ", but got " + x.dim() + "-dimensional input of size " + sizes(x)
                + " instead");
    }

    private static void checkGroups(long groups) {
        if (groups <= 0) throw new CotangentException("non-positive groups is not supported, but got groups=" + groups);
    }

    /** Convolves real and imaginary parts. */
    private static Tensor complexConvolution(Tensor x, Tensor weight, @Nullable Tensor bias, Call call) {
        Tensor ofRe = bias == null ? null : bias.real();
        Tensor ofIm = bias == null ? null : bias.imag();
        Tensor re =
                convolution(x.real(), weight.real(), ofRe, call).sub(convolution(x.imag(), weight.imag(), null, call));
        Tensor im =
                convolution(x.real(), weight.imag(), ofIm, call).add(convolution(x.imag(), weight.real(), null, call));
        return ComplexViews.complex(re, im);
    }

    private static Tensor convolution(Tensor x, Tensor weight, @Nullable Tensor bias, Call call) {
        check(x, weight, bias, call);
        if (x.dtype().isComplex() && weight.dtype() == x.dtype()) return complexConvolution(x, weight, bias, call);
        Convolution conv = call.conv;
        long[] sizes = outputSizes(x, weight, call);
        if (x.dtype() != weight.dtype()) {
            throw new CotangentException("expected scalar type "
                    + x.dtype().scalarName() + " but found " + weight.dtype().scalarName() + ": convert one of input "
                    + sizes(x) + " and weight " + sizes(weight) + " with to(...)");
        }
        if (x.dtype() == Dtype.BOOL) {
            throw Promotion.notImplemented(
                    call.transposed ? "slow_conv_transpose2d_out_cpu" : "slow_conv2d_cpu", Dtype.BOOL);
        }
        if (x.numel() == 0 && x.size(0) != 0 && x.size(1) != 0) {
            throw new CotangentException(
                    "Only zero batch or zero channel inputs are supported, but got input shape: " + sizes(x));
        }
        Tensor out = like(x, weight, sizes);
        var b = bias == null ? null : Internals.strided(bias);
        if (out.numel() > 0) {
            if (call.transposed) {
                Internals.backend(out)
                        .convolutionInputBackward(
                                Internals.strided(x), Internals.strided(weight), b, conv, Internals.strided(out));
            } else {
                Internals.backend(out)
                        .convolution(Internals.strided(x), Internals.strided(weight), b, conv, Internals.strided(out));
            }
        }
        long[] inner = Internals.layout(x).sizes();
        long[] kernel = Internals.layout(weight).sizes();
        GradientRule grad = GradientRule.of(NODE, out);
        if (call.transposed) {
            grad = grad.input(x, weight, (g, w) -> forward(g, w, conv, inner, DOUBLE))
                    .input(weight, x, (g, in) -> weightGradient(g, in, conv, kernel));
        } else {
            grad = grad.input(x, weight, (g, w) -> inputGradient(g, w, conv, inner, DOUBLE))
                    .input(weight, x, (g, in) -> weightGradient(in, g, conv, kernel));
        }
        return bias == null
                ? grad.none(weight).done()
                : grad.input(bias, ConvolutionOps::biasGradient).done();
    }

    /** Computes and records the convolution without a bias, of these output sizes. */
    private static Tensor forward(Tensor x, Tensor weight, Convolution conv, long[] sizes, String node) {
        Tensor out = like(x, weight, sizes);
        if (out.numel() > 0) {
            if (x.numel() == 0) out.zero_();
            else
                Internals.backend(out)
                        .convolution(
                                Internals.strided(x), Internals.strided(weight), null, conv, Internals.strided(out));
        }
        long[] inner = Internals.layout(x).sizes();
        long[] kernel = Internals.layout(weight).sizes();
        return GradientRule.of(node, out)
                .input(x, weight, (g, w) -> inputGradient(g, w, conv, inner, NODE))
                .input(weight, x, (g, in) -> weightGradient(in, g, conv, kernel))
                .done();
    }

    /** Computes the gradient of a convolution's input, of these sizes. */
    private static Tensor inputGradient(Tensor g, Tensor weight, Convolution conv, long[] sizes, String node) {
        Tensor out = like(g, weight, sizes);
        if (out.numel() > 0) {
            if (g.numel() == 0) out.zero_();
            else
                Internals.backend(out)
                        .convolutionInputBackward(
                                Internals.strided(g), Internals.strided(weight), null, conv, Internals.strided(out));
        }
        long[] outer = Internals.layout(g).sizes();
        long[] kernel = Internals.layout(weight).sizes();
        return GradientRule.of(node, out)
                .input(g, weight, (gg, w) -> forward(gg, w, conv, outer, NODE))
                .input(weight, g, (gg, saved) -> weightGradient(gg, saved, conv, kernel))
                .done();
    }

    /** Computes the gradient of a convolution's weight, of these sizes. */
    private static Tensor weightGradient(Tensor x, Tensor g, Convolution conv, long[] sizes) {
        Tensor out = CreationOps.uninitialized(x.dtype(), x.device(), sizes);
        if (out.numel() > 0) {
            if (x.numel() == 0 || g.numel() == 0) out.zero_();
            else
                Internals.backend(out)
                        .convolutionWeightBackward(
                                Internals.strided(x), Internals.strided(g), conv, Internals.strided(out));
        }
        long[] inner = Internals.layout(x).sizes();
        long[] outer = Internals.layout(g).sizes();
        return GradientRule.of(DOUBLE, out)
                .input(x, g, (gg, saved) -> inputGradient(saved, gg, conv, inner, NODE))
                .input(g, x, (gg, saved) -> forward(saved, gg, conv, outer, NODE))
                .done();
    }

    private static Tensor biasGradient(Tensor g) {
        int[] dims = new int[g.dim() - 1];
        for (int d = 0, n = 0; d < g.dim(); d++) if (d != 1) dims[n++] = d;
        long[] sizes = Internals.layout(g).sizes();
        long[] spread = new long[sizes.length];
        Arrays.fill(spread, 1);
        spread[1] = sizes[1];
        Tensor out = g.detach().sum(dims, false);
        return GradientRule.of(DOUBLE, out)
                .input(g, gg -> gg.reshape(spread).expand(sizes))
                .done();
    }

    /** Allocates a result, with channels last where the input or the weight has them last. */
    private static Tensor like(Tensor x, Tensor weight, long[] sizes) {
        if (!isChannelsLast(Internals.layout(x)) && !isChannelsLast(Internals.layout(weight))) {
            return CreationOps.uninitialized(x.dtype(), x.device(), sizes);
        }
        return CreationOps.uninitialized(x.dtype(), x.device(), Layout.of(sizes.clone(), channelsLast(sizes), 0));
    }

    private static boolean isChannelsLast(Layout l) {
        if (l.rank() < 4 || l.isContiguous()) return false;
        long[] strides = channelsLast(l.sizes());
        for (int d = 0; d < strides.length; d++) if (l.size(d) != 1 && l.stride(d) != strides[d]) return false;
        return true;
    }

    private static long[] channelsLast(long[] sizes) {
        long[] strides = new long[sizes.length];
        strides[1] = 1;
        long step = Math.max(sizes[1], 1);
        for (int d = sizes.length - 1; d > 1; d--) {
            strides[d] = step;
            step *= Math.max(sizes[d], 1);
        }
        strides[0] = step;
        return strides;
    }

    private static long[] outputSizes(Tensor x, Tensor weight, Call call) {
        int dims = call.conv.dims();
        long[] sizes = new long[dims + 2];
        sizes[0] = x.size(0);
        // As PyTorch has it, without input channels there are no output channels.
        if (x.size(1) > 0) sizes[1] = call.transposed ? weight.size(1) * call.conv.groups() : weight.size(0);
        for (int d = 0; d < dims; d++) {
            long n = x.size(d + 2);
            long k = weight.size(d + 2);
            sizes[d + 2] = call.transposed
                    ? call.conv.transposedSize(d, n, k) + call.outputPadding[d]
                    : call.conv.outputSize(d, n, k);
        }
        if (call.transposed) checkOutput(x, sizes);
        return sizes;
    }

    private static void checkOutput(Tensor x, long[] sizes) {
        for (int d = 2; d < sizes.length; d++) {
            if (sizes[d] > 0) continue;
            throw new CotangentException("Given input size per channel: "
                    + times(Arrays.copyOfRange(Internals.layout(x).sizes(), 2, sizes.length))
                    + ". Calculated output size per channel: " + times(Arrays.copyOfRange(sizes, 2, sizes.length))
                    + ". Output size is too small");
        }
    }

    private static String times(long[] sizes) {
        return Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining(" x ", "(", ")"));
    }

    private static void check(Tensor x, Tensor weight, @Nullable Tensor bias, Call call) {
        Convolution conv = call.conv;
        int dims = conv.dims();
        long groups = conv.groups();
        boolean strided = true;
        boolean dilated = true;
        for (int d = 0; d < dims; d++) {
            if (conv.padding(d) < 0) throw new CotangentException("negative padding is not supported");
            if (call.outputPadding[d] < 0) throw new CotangentException("negative output_padding is not supported");
            strided &= conv.stride(d) > 0;
            dilated &= conv.dilation(d) > 0;
        }
        if (!strided) throw new CotangentException("non-positive stride is not supported");
        if (!dilated) {
            throw new CotangentException("dilation should be greater than zero, but got " + list(dims, conv::dilation));
        }
        checkGroups(groups);
        if (weight.dim() != x.dim()) throw unequalDims(x, weight, " ");
        if (weight.size(0) < groups) {
            throw new CotangentException("Given groups=" + groups + ", expected weight to be at least " + groups
                    + " at dimension 0, but got weight of size " + sizes(weight) + " instead");
        }
        if (weight.size(0) % groups != 0) {
            throw new CotangentException("Given groups=" + groups + ", expected weight to be divisible by " + groups
                    + " at dimension 0, but got weight of size [" + sizes(weight) + "] instead");
        }
        String given = call.transposed ? "Given transposed=1" : "Given groups=" + groups;
        long channels = call.transposed ? weight.size(0) : weight.size(1) * groups;
        if (x.size(1) != channels) {
            throw new CotangentException(given + ", weight of size " + sizes(weight) + ", expected input" + sizes(x)
                    + " to have " + channels + " channels, but got " + x.size(1) + " channels instead");
        }
        long filters = call.transposed ? weight.size(1) * groups : weight.size(0);
        if (bias != null && (bias.dim() != 1 || bias.size(0) != filters)) {
            throw new CotangentException("Given " + (call.transposed ? "transposed=1, weight" : "weight") + " of size "
                    + sizes(weight) + ", expected bias to be 1-dimensional with " + filters
                    + " elements, but got bias of size " + sizes(bias) + " instead");
        }
        if (call.transposed) checkTransposed(weight, call);
        else checkKernel(x, weight, conv);
    }

    private static void checkKernel(Tensor x, Tensor weight, Convolution conv) {
        int dims = conv.dims();
        boolean fits = true;
        for (int d = 0; d < dims; d++) {
            long k = weight.size(d + 2);
            fits &= k > 0 && x.size(d + 2) + 2 * conv.padding(d) >= conv.span(d, k);
        }
        if (fits) return;
        throw new CotangentException("Calculated padded input size per channel: "
                + times(array(dims, d -> x.size(d + 2) + 2 * conv.padding(d))) + ". Kernel size: "
                + times(array(dims, d -> weight.size(d + 2) == 0 ? 0 : conv.span(d, weight.size(d + 2))))
                + ". Kernel size can't be greater than actual input size");
    }

    private static void checkTransposed(Tensor weight, Call call) {
        Convolution conv = call.conv;
        int dims = conv.dims();
        boolean fits = true;
        boolean empty = false;
        for (int d = 0; d < dims; d++) {
            fits &= call.outputPadding[d] < Math.max(conv.stride(d), conv.dilation(d));
            empty |= weight.size(d + 2) == 0;
        }
        if (empty) {
            throw new CotangentException("kernel size should be greater than zero, but got "
                    + named("kernel", dims, d -> weight.size(d + 2)));
        }
        if (fits) return;
        throw new CotangentException("output padding must be smaller than either stride or dilation, but got "
                + named("output_padding", dims, d -> call.outputPadding[d]) + " "
                + named("stride", dims, conv::stride) + " " + named("dilation", dims, conv::dilation));
    }

    private interface OfDim {
        long of(int dim);
    }

    private static long[] array(int dims, OfDim values) {
        long[] all = new long[dims];
        for (int d = 0; d < dims; d++) all[d] = values.of(d);
        return all;
    }

    private static String list(int dims, OfDim values) {
        return Arrays.toString(array(dims, values));
    }

    /** Returns {@code stride_height: 1 stride_width: 2} and the like; PyTorch computes one dimension as a height of 1. */
    private static String named(String name, int dims, OfDim values) {
        String height = dims > 1 ? "" : name + "_height: " + (name.startsWith("output") ? 0 : 1) + " ";
        StringBuilder text = new StringBuilder(height);
        for (int d = 0; d < dims; d++) {
            String axis = dims > AXES.length ? String.valueOf(d) : AXES[AXES.length - dims + d];
            text.append(d == 0 ? "" : " ").append(name).append('_').append(axis);
            text.append(": ").append(values.of(d));
        }
        return text.toString();
    }

    /** Returns the sizes as C++ writes them. */
    static String sizes(Tensor x) {
        return Arrays.toString(Internals.layout(x).sizes());
    }
}
