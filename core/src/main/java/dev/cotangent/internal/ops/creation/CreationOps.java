package dev.cotangent.internal.ops.creation;

import dev.cotangent.Complex;
import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.MemoryFormat;
import dev.cotangent.Tensor;
import dev.cotangent.TensorOptions;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.Scalar;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Creation operations. */
public final class CreationOps {
    private CreationOps() {}

    /** Returns a contiguous tensor of zeros. */
    public static Tensor zeros(Dtype dtype, Device device, long... sizes) {
        return of(dtype, device, rowMajor(sizes));
    }

    private static Layout rowMajor(long[] sizes) {
        for (long s : sizes) {
            if (s < 0) {
                throw new CotangentException(
                        "Trying to create tensor with negative dimension " + s + ": " + Arrays.toString(sizes));
            }
        }
        return Layout.contiguous(sizes.clone());
    }

    /** Returns an uninitialized contiguous tensor, which the caller must overwrite fully. */
    public static Tensor uninitialized(Dtype dtype, Device device, long... sizes) {
        return uninitialized(dtype, device, rowMajor(sizes));
    }

    private static Tensor of(Dtype dtype, Device device, Layout layout) {
        return Internals.wrap(Strided.zeros(Backends.of(device), dtype, layout));
    }

    /** Returns a tensor filled with a {@link Number} or {@link Boolean}. */
    public static Tensor full(Dtype dtype, Device device, Object value, long... sizes) {
        Scalar scalar = Scalar.of(value);
        scalar.checkHeldBy(dtype);
        Tensor t = uninitialized(dtype, device, sizes);
        scalar.fill(Internals.data(t));
        return t;
    }

    /** Returns a literal as a 0-dimensional tensor; out-of-range values of a floating-point dtype become infinite. */
    public static Tensor scalar(Dtype dtype, Device device, Object value) {
        Promotion.checkElement(value, dtype);
        Tensor t = uninitialized(dtype, device);
        Scalar.of(value).fill(Internals.data(t));
        return t;
    }

    /** Returns a tensor of ones. */
    public static Tensor ones(Dtype dtype, Device device, long... sizes) {
        return full(dtype, device, 1, sizes);
    }

    /** Returns zeros of another tensor's shape, dtype, device and memory order. */
    public static Tensor emptyLike(Tensor t) {
        return emptyLike(t, t.dtype(), t.device());
    }

    /** Returns zeros of another tensor's shape and memory order. */
    public static Tensor emptyLike(Tensor t, Dtype dtype, Device device) {
        return of(dtype, device, Broadcast.result(Internals.layout(t).sizes(), Internals.layout(t)));
    }

    /** Returns an uninitialized tensor of another's shape and memory order, which the caller must overwrite fully. */
    public static Tensor uninitializedLike(Tensor t) {
        return uninitializedLike(t, t.dtype(), t.device());
    }

    public static Tensor uninitializedLike(Tensor t, Dtype dtype, Device device) {
        return uninitialized(dtype, device, Broadcast.result(Internals.layout(t).sizes(), Internals.layout(t)));
    }

    /** Returns an uninitialized tensor of any layout without gaps. */
    public static Tensor uninitialized(Dtype dtype, Device device, Layout layout) {
        return Internals.wrap(Strided.uninitialized(Backends.of(device), dtype, layout));
    }

    /** Returns ones of another tensor's shape, dtype and device. */
    public static Tensor onesLike(Tensor t) {
        Tensor out = uninitializedLike(t);
        Scalar.ONE.fill(Internals.data(out));
        return out;
    }

    /** Returns an uninitialized tensor of another's shape, in the memory order of a format. */
    public static Tensor uninitializedLike(Tensor t, Dtype dtype, Device device, MemoryFormat format) {
        int images = format == MemoryFormat.CHANNELS_LAST ? 4 : format == MemoryFormat.CHANNELS_LAST_3D ? 5 : 0;
        if (images > 0 && t.dim() != images) {
            throw new CotangentException("required rank " + images + " tensor to use "
                    + format.name().toLowerCase(Locale.ROOT) + " format");
        }
        long[] sizes = Internals.layout(t).sizes();
        if (format == MemoryFormat.PRESERVE_FORMAT) return uninitializedLike(t, dtype, device);
        if (images == 0) return uninitialized(dtype, device, Layout.contiguous(sizes.clone()));
        long[] strides = new long[images];
        long step = strides[1] = 1;
        step *= Math.max(sizes[1], 1);
        for (int d = images - 1; d > 1; d--) {
            strides[d] = step;
            step *= Math.max(sizes[d], 1);
        }
        strides[0] = step;
        return uninitialized(dtype, device, Layout.of(sizes, strides, 0));
    }

    /** Returns zeros of given strides, without offset. */
    public static Tensor emptyStrided(long[] sizes, long[] strides, Dtype dtype, Device device) {
        Layout layout = Layout.of(sizes.clone(), strides.clone(), 0);
        return Internals.wrap(Strided.zeros(Backends.of(device), dtype, layout));
    }

    /** Returns a filled tensor of another's shape and memory order, by default of its dtype and device. */
    public static Tensor fullLike(Tensor t, Object value, TensorOptions options) {
        Tensor out = uninitializedLike(t, options.dtypeOr(t.dtype()), options.deviceOr(t.device()));
        Scalar scalar = Scalar.of(value);
        scalar.checkHeldBy(out.dtype());
        scalar.fill(Internals.data(out));
        return out;
    }

    /** Implements {@code torch.arange}: {@code start}, {@code start + step} and so on, excluding {@code end}. */
    public static Tensor arange(Number start, Number end, Number step, Dtype dtype, Device device) {
        boolean whole = !dtype.isFloatingPoint() && dtype != Dtype.BOOL;
        double from = start.doubleValue();
        double by = step.doubleValue();
        double to = end.doubleValue();
        if (by == 0 || whole && step.longValue() == 0) throw new CotangentException("step must be nonzero");
        if (!Double.isFinite(from) || !Double.isFinite(to)) {
            throw new CotangentException("unsupported range: " + text(from) + " -> " + text(to));
        }
        if (by > 0 ? from > to : from < to) {
            throw new CotangentException("upper bound and lower bound inconsistent with step sign");
        }
        boolean exact = !Promotion.isFloating(start) && !Promotion.isFloating(end) && !Promotion.isFloating(step);
        // PyTorch truncates the arguments for int64 before counting, and for no other dtype.
        long n = exact || dtype == Dtype.INT64
                ? Math.ceilDiv(end.longValue() - start.longValue(), step.longValue())
                : (long) Math.ceil((to - from) / by);
        Tensor t = uninitialized(dtype, device, n);
        if (n == 0) return t;
        return whole ? Sequences.range(t, start.longValue(), step.longValue()) : Sequences.range(t, from, by);
    }

    /** Returns a number as C++ prints it. */
    private static String text(double value) {
        if (Double.isInfinite(value)) return value > 0 ? "inf" : "-inf";
        if (Double.isNaN(value)) return "nan";
        return value == Math.rint(value) && Math.abs(value) < 1e6
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /**
     * Returns the number that a tensor holds, one end of {@code linspace} or {@code logspace}; throws PyTorch's error if
     * it, or the other end, has dimensions.
     */
    public static Number end(String who, @Nullable Tensor end, boolean isStart, @Nullable Tensor other) {
        Tensor t = Arguments.notNull(who, isStart ? "start" : "end", end);
        if (t.dim() > 0 || other != null && other.dim() > 0) {
            String mine = " with " + t.dim() + " dimension(s)";
            String others = other == null ? "" : " with " + other.dim() + " dimension(s)";
            String ends = isStart
                    ? "start" + mine + (other == null ? "" : " and end" + others)
                    : (other == null ? "" : "start" + others + " and ") + "end" + mine;
            throw new CotangentException(
                    who + " only supports 0-dimensional start and end tensors, but got " + ends + ".");
        }
        return t.detach().item();
    }

    /** Implements {@code torch.linspace}: computed from both ends towards the middle, so that it is symmetric. */
    public static Tensor linspace(Number start, Number end, long steps, Dtype dtype, Device device) {
        if (dtype.isComplex()) return complexSpaced(start, end, steps, dtype, device);
        return spaced(start, end, steps, dtype, device, v -> v);
    }

    /** Implements {@code torch.logspace}. */
    public static Tensor logspace(Number start, Number end, long steps, double base, Dtype dtype, Device device) {
        if (dtype.isComplex())
            return complexSpaced(start, end, steps, dtype, device).rpow(base);
        return spaced(start, end, steps, dtype, device, v -> Math.pow(base, v));
    }

    private static Tensor complexSpaced(Number start, Number end, long steps, Dtype dtype, Device device) {
        Dtype part = dtype.realType();
        Tensor out = uninitialized(dtype, device, Math.max(0, steps));
        Tensor re = spaced(Complex.re(start), Complex.re(end), steps, part, device, v -> v);
        Tensor im = spaced(Complex.im(start), Complex.im(end), steps, part, device, v -> v);
        Transfers.copy(Internals.data(re), Internals.data(out).part(0));
        Transfers.copy(Internals.data(im), Internals.data(out).part(1));
        return out;
    }

    private static Tensor spaced(
            Number start, Number end, long steps, Dtype dtype, Device device, DoubleUnaryOperator value) {
        if (steps < 0) throw new CotangentException("number of steps must be non-negative");
        Promotion.checkHolds(start, dtype);
        Promotion.checkHolds(end, dtype);
        boolean single = dtype.computeType() == Dtype.FLOAT32;
        double from = rounded(start, dtype);
        double to = rounded(end, dtype);
        double step = steps < 2 ? 0 : (to - from) / (steps - 1);
        double by = single ? (float) step : step;
        return Sequences.doubles(uninitialized(dtype, device, steps), i -> {
            boolean first = i < steps / 2 || steps == 1;
            double way = by * (first ? i : steps - i - 1);
            if (single) way = (float) way;
            return value.applyAsDouble(first ? from + way : to - way);
        });
    }

    /** Returns a number rounded to a dtype; for half types to float32. */
    private static double rounded(Number value, Dtype dtype) {
        if (!dtype.isFloatingPoint()) return value.longValue();
        return dtype == Dtype.FLOAT64 ? value.doubleValue() : value.floatValue();
    }

    /** Implements {@code torch.eye}. */
    public static Tensor eye(long n, long m, Dtype dtype, Device device) {
        if (n < 0) throw new CotangentException("n must be greater or equal to 0, got " + n);
        if (m < 0) throw new CotangentException("m must be greater or equal to 0, got " + m);
        Tensor t = zeros(dtype, device, n, m);
        Layout diagonal = Layout.of(new long[] {Math.min(n, m)}, new long[] {m + 1}, 0);
        Scalar.ONE.fill(Internals.data(t).with(diagonal));
        return t;
    }

    /** Implements {@code torch.tril_indices} and {@code torch.triu_indices}: rows first, in row-major order. */
    public static Tensor triangle(boolean upper, long rows, long columns, long offset, Dtype dtype, Device device) {
        if (rows < 0) throw new CotangentException("row must be non-negative, got" + rows);
        if (columns < 0) throw new CotangentException("col must be non-negative, got" + columns);
        if (dtype != Dtype.INT64 && dtype != Dtype.INT32) {
            throw Promotion.notImplemented((upper ? "triu" : "tril") + "_indices", dtype);
        }
        int count = 0;
        for (long i = 0; i < rows; i++)
            count += Math.toIntExact(end(upper, i, columns, offset) - start(upper, i, columns, offset));
        long[] at = new long[2 * count];
        int n = count;
        for (long i = 0; i < rows; i++) {
            int first = (int) start(upper, i, columns, offset);
            int end = (int) end(upper, i, columns, offset);
            Arrays.fill(at, n - count, n - count + end - first, i);
            for (int j = first; j < end; j++) at[n++] = j;
        }
        Tensor pairs = uninitialized(Dtype.INT64, device, 2, count);
        Internals.backend(pairs).write(Internals.storage(pairs), 0, MemorySegment.ofArray(at));
        return pairs.to(dtype);
    }

    private static long start(boolean upper, long row, long columns, long offset) {
        return upper ? Math.clamp(row + offset, 0, columns) : 0;
    }

    private static long end(boolean upper, long row, long columns, long offset) {
        return upper ? columns : Math.clamp(row + offset + 1, 0, columns);
    }
}
