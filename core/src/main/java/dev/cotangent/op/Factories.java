package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.util.Arrays;

/** Fresh tensors of a dtype on a device. */
public final class Factories {
    private Factories() {}

    /** Row-major memory, zeroed. */
    public static Tensor zeros(Dtype dtype, Device device, long... sizes) {
        for (long s : sizes) {
            if (s < 0) {
                throw new CotangentException(
                        "Trying to create tensor with negative dimension " + s + ": " + Arrays.toString(sizes));
            }
        }
        return of(dtype, device, Layout.contiguous(sizes.clone()));
    }

    private static Tensor of(Dtype dtype, Device device, Layout layout) {
        return Tensor.wrap(new Strided(Backends.of(device).allocate(dtype, layout.numel()), layout));
    }

    /** All of one value, a {@link Number} or {@link Boolean}. */
    public static Tensor full(Dtype dtype, Device device, Object value, long... sizes) {
        Tensor t = zeros(dtype, device, sizes);
        t.backend().fill(t.strided(), Promotion.bits(value, dtype));
        return t;
    }

    /** All 1. */
    public static Tensor ones(Dtype dtype, Device device, long... sizes) {
        return full(dtype, device, 1, sizes);
    }

    /** Of the shape, dtype and device of another, its dimensions in memory in the same order; zeroed. */
    public static Tensor emptyLike(Tensor t) {
        return emptyLike(t, t.dtype(), t.device());
    }

    /** Of the shape and memory order of another. */
    public static Tensor emptyLike(Tensor t, Dtype dtype, Device device) {
        return of(dtype, device, Broadcast.result(t.layout().sizes(), t.layout()));
    }

    /** Ones of the shape, dtype and device of another. */
    public static Tensor onesLike(Tensor t) {
        Tensor out = emptyLike(t);
        out.backend().fill(out.strided(), Promotion.bits(1, t.dtype()));
        return out;
    }

    /** Zeroed memory laid out by these strides, without offset. */
    public static Tensor emptyStrided(long[] sizes, long[] strides, Dtype dtype, Device device) {
        Layout layout = Layout.of(sizes.clone(), strides.clone(), 0);
        Backend backend = Backends.of(device);
        return Tensor.wrap(new Strided(backend.allocate(dtype, layout.extent()), layout));
    }

    /** {@code start}, {@code start + step} and so on, up to and without {@code end}. */
    public static Tensor arange(Number start, Number end, Number step, Dtype dtype, Device device) {
        boolean whole = !Promotion.isFloating(start) && !Promotion.isFloating(end) && !Promotion.isFloating(step);
        double from = start.doubleValue();
        double by = step.doubleValue();
        double to = end.doubleValue();
        if (by == 0) throw new CotangentException("step must be nonzero");
        if (!Double.isFinite(from) || !Double.isFinite(to)) {
            throw new CotangentException("unsupported range: " + start + " -> " + end);
        }
        if (by > 0 ? from > to : from < to) {
            throw new CotangentException("upper bound and larger bound inconsistent with step sign");
        }
        long n = whole
                ? Math.ceilDiv(end.longValue() - start.longValue(), step.longValue())
                : (long) Math.ceil((to - from) / by);
        Tensor t = zeros(dtype, device, n);
        if (n == 0) return t;
        return whole && !dtype.isFloatingPoint() && dtype != Dtype.BOOL
                ? Sequences.longs(t, i -> start.longValue() + i * step.longValue())
                : Sequences.doubles(t, i -> from + i * by);
    }
}
