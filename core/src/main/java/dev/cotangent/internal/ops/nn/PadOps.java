package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.creation.Sequences;
import dev.cotangent.internal.ops.indexing.IndexOps;
import dev.cotangent.internal.ops.movement.ViewOps;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Padding at a tensor's borders, {@code torch.nn.functional.pad}; negative amounts crop. */
public final class PadOps {
    /** PyTorch's node of circular padding, which it composes of copies. */
    private static final String CIRCULAR = "torch::autograd::CopySlices";

    /** Maximum number of border slices per side that are copied individually. */
    private static final int NARROW = 4;

    private PadOps() {}

    /** Computes {@code torch.nn.functional.pad}: pairs of amounts before and after, for the last dimension first. */
    public static Tensor pad(Tensor x, long[] pad, String mode, @Nullable Number value) {
        if (pad.length % 2 != 0) throw new CotangentException("Padding length must be divisible by 2");
        if (pad.length > 2 * x.dim()) throw new CotangentException("Padding length too large");
        if (mode.equals("constant")) return constant(x, pad, value == null ? 0 : value);
        if (value != null && value.doubleValue() != 0) {
            throw new CotangentException("Padding mode \"" + mode + "\" doesn't take in value argument");
        }
        int dims = pad.length / 2;
        if (dims < 1 || dims > 3 || x.dim() < dims + 1 || x.dim() > dims + 2) {
            throw new UnsupportedException(
                    "Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now");
        }
        return switch (mode) {
            case "reflect" -> {
                for (int i = 0; i < dims; i++) checkReflection(x, pad, i);
                yield bordered(x, pad, "ReflectionPad" + dims + "DBackward0", PadOps::reflected);
            }
            case "replicate" ->
                bordered(
                        x,
                        pad,
                        "ReplicationPad" + dims + "DBackward0",
                        (i, size, low, high) -> Math.clamp(i, 0, size - 1));
            case "circular" -> {
                for (int i = 0; i < dims; i++) checkWrap(x, pad[2 * i], pad[2 * i + 1], x.dim() - 1 - i);
                yield bordered(x, pad, CIRCULAR, PadOps::wrapped);
            }
            default -> throw new UnsupportedException("Unrecognised padding mode " + mode);
        };
    }

    /** Computes {@code torch.constant_pad_nd}. */
    public static Tensor constant(Tensor x, long[] pad, Number value) {
        if (pad.length % 2 != 0) {
            throw new CotangentException("Length of pad must be even but instead it equals " + pad.length);
        }
        if (pad.length > 2 * x.dim()) {
            throw new CotangentException(
                    "Length of pad should be no more than twice the number of dimensions of the input."
                            + " Pad length is " + pad.length + "while the input has " + x.dim() + "dimensions.");
        }
        long[] sizes = Internals.layout(x).sizes().clone();
        Layout from = Internals.layout(x);
        for (int i = 0; i < pad.length / 2; i++) {
            int d = x.dim() - 1 - i;
            long before = pad[2 * i];
            long after = pad[2 * i + 1];
            if (sizes[d] + before + after < 0) {
                throw new CotangentException(
                        "The input size " + sizes[d] + ", plus negative padding " + before + " and "
                                + after + " resulted in a negative output size, which is invalid. Check dimension " + d
                                + " of your input.");
            }
            long cut = Math.max(0, -before);
            from = from.slice(d, cut, Math.max(0, sizes[d] - cut - Math.max(0, -after)), 1);
            sizes[d] += before + after;
        }
        Tensor out = CreationOps.full(x.dtype(), x.device(), value, sizes);
        Layout to = Internals.layout(out);
        for (int i = 0; i < pad.length / 2; i++) {
            int d = x.dim() - 1 - i;
            to = to.slice(d, Math.max(0, pad[2 * i]), from.size(d), 1);
        }
        Transfers.copy(Internals.data(x).with(from), Internals.data(out).with(to));
        long[] back = Arrays.stream(pad).map(p -> -p).toArray();
        return GradientRule.of("ConstantPadNdBackward0", out)
                .input(x, g -> constant(g, back, 0))
                .done();
    }

    private static void checkReflection(Tensor x, long[] pad, int i) {
        long before = pad[2 * i];
        long after = pad[2 * i + 1];
        int d = x.dim() - 1 - i;
        if (before >= x.size(d) || after >= x.size(d)) {
            throw new CotangentException(
                    "Argument #" + (4 + 2 * i) + ": Padding size should be less than the corresponding input dimension,"
                            + " but got: padding (" + before + ", " + after + ") at dimension " + d + " of input "
                            + Arrays.toString(Internals.layout(x).sizes()));
        }
    }

    private static void checkWrap(Tensor x, long before, long after, int d) {
        if (before > x.size(d) || after > x.size(d)) {
            throw new CotangentException("Padding value causes wrapping around more than once.");
        }
        if (x.size(d) + before + after < 0) {
            throw new CotangentException(
                    "Negative padding value is resulting in an empty dimension of output of circular padding");
        }
    }

    /** Maps an index beyond the border to its source. */
    private interface Source {
        /** Returns the source index in a dimension, cropped to {@code low} up to {@code high}. */
        long of(long index, long size, long low, long high);
    }

    private static long reflected(long i, long size, long low, long high) {
        long at = Math.abs(i);
        return at < size ? at : 2 * (size - 1) - at;
    }

    private static long wrapped(long i, long size, long low, long high) {
        return low + Math.floorMod(i - low, high - low);
    }

    /** Returns a copy whose out-of-border indices are mapped by the source. */
    private static Tensor bordered(Tensor x, long[] pad, String node, Source source) {
        Tensor out = isNarrow(pad) ? padBySlices(x, pad, source) : padBySelect(x, pad, source);
        return GradientRule.of(node, out)
                .input(x, x, (g, saved) -> borderedBackward(g, saved, pad, node, source))
                .done();
    }

    /** Returns whether the borders are narrow enough that copying slices is cheaper than an index select. */
    private static boolean isNarrow(long[] pad) {
        for (long p : pad) if (p < 0 || p > NARROW) return false;
        return true;
    }

    /** Pads by one index select per dimension. */
    private static Tensor padBySelect(Tensor x, long[] pad, Source source) {
        Tensor out = x.detach();
        for (int i = 0; i < pad.length / 2; i++) {
            int d = x.dim() - 1 - i;
            out = out.indexSelect(d, sourceIndices(x, x.size(d), pad[2 * i], pad[2 * i + 1], source));
        }
        return out;
    }

    /** Pads by copying the interior, then each border slice, dimension by dimension. */
    private static Tensor padBySlices(Tensor x, long[] pad, Source source) {
        long[] sizes = Internals.layout(x).sizes().clone();
        for (int i = 0; i < pad.length / 2; i++) sizes[x.dim() - 1 - i] += pad[2 * i] + pad[2 * i + 1];
        Tensor out = CreationOps.uninitialized(x.dtype(), x.device(), sizes);
        Layout done = Internals.layout(out);
        for (int i = 0; i < pad.length / 2; i++) {
            int d = x.dim() - 1 - i;
            done = done.slice(d, pad[2 * i], x.size(d), 1);
        }
        if (out.numel() == 0) return out;
        Transfers.copy(Internals.data(x), Internals.data(out).with(done));
        for (int i = 0; i < pad.length / 2; i++) {
            int d = x.dim() - 1 - i;
            long size = x.size(d);
            // Extends the filled region to all of this dimension.
            Layout all = widened(done, Internals.layout(out), d);
            for (long j = -pad[2 * i]; j < size + pad[2 * i + 1]; j = j == -1 ? size : j + 1) {
                if (j >= 0 && j < size) continue;
                Layout from = all.slice(d, pad[2 * i] + source.of(j, size, 0, size), 1, 1);
                Layout to = all.slice(d, pad[2 * i] + j, 1, 1);
                Transfers.copy(
                        Internals.data(out).with(from), Internals.data(out).with(to));
            }
            done = all;
        }
        return out;
    }

    private static Layout widened(Layout part, Layout whole, int dim) {
        long[] sizes = part.sizes().clone();
        long before = (part.offset() - whole.offset()) / whole.stride(dim) % whole.size(dim);
        sizes[dim] = whole.size(dim);
        return Layout.of(sizes, part.strides(), part.offset() - before * whole.stride(dim));
    }

    /**
     * Returns the gradient of {@link #bordered}; that of reflection and replication takes the input as well, as
     * PyTorch's, with zero gradient.
     */
    private static Tensor borderedBackward(Tensor g, Tensor x, long[] pad, String node, Source source) {
        Tensor sum = g.detach();
        boolean narrow = isNarrow(pad);
        for (int i = pad.length / 2 - 1; i >= 0; i--) {
            int d = x.dim() - 1 - i;
            long[] before = Internals.layout(sum).sizes().clone();
            before[d] = x.size(d);
            if (narrow) {
                sum = accumulateBorders(sum, d, x.size(d), pad[2 * i], pad[2 * i + 1], source);
                continue;
            }
            Tensor index = sourceIndices(g, x.size(d), pad[2 * i], pad[2 * i + 1], source);
            sum = IndexOps.sum(before, d, index, sum);
        }
        Tensor out = Internals.wrap(Internals.data(sum));
        GradientRule grad = GradientRule.of(node.replace("Backward0", "BackwardBackward0"), out)
                .input(g, gg -> bordered(gg, pad, node, source));
        return node.equals(CIRCULAR)
                ? grad.done()
                : grad.input(x, x, (gg, saved) -> saved.zerosLike()).done();
    }

    /** Returns the interior with border slices accumulated into their sources. */
    private static Tensor accumulateBorders(Tensor g, int d, long size, long before, long after, Source source) {
        Tensor inner = ViewOps.narrow(g, d, before, size).contiguousCopy();
        for (long j = -before; j < size + after; j = j == -1 ? size : j + 1) {
            if (j >= 0 && j < size) continue;
            ViewOps.narrow(inner, d, source.of(j, size, 0, size), 1).add_(ViewOps.narrow(g, d, before + j, 1));
        }
        return inner;
    }

    private static Tensor sourceIndices(Tensor like, long size, long before, long after, Source source) {
        Tensor index = CreationOps.uninitialized(Dtype.INT64, like.device(), size + before + after);
        long low = Math.max(0, -before);
        long high = size - Math.max(0, -after);
        LongUnaryOperator sourceIndex = i -> source.of(i - before, size, low, high);
        return index.numel() == 0 ? index : Sequences.longs(index, sourceIndex);
    }
}
