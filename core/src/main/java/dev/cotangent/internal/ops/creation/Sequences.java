package dev.cotangent.internal.ops.creation;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import java.lang.foreign.MemorySegment;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongUnaryOperator;

/** Fills tensors with values computed on the host; for small or rarely created tensors. */
public final class Sequences {
    private static final int CHUNK = 1 << 13;

    private Sequences() {}

    /** Writes a function of the row-major index, computed in double and rounded once to the dtype. */
    static Tensor doubles(Tensor to, LongToDoubleFunction value) {
        double[] chunk = new double[(int) Math.min(CHUNK, to.numel())];
        return copy(to, Dtype.FLOAT64, chunk.length, (start, n) -> {
            for (int i = 0; i < n; i++) chunk[i] = value.applyAsDouble(start + i);
            return MemorySegment.ofArray(chunk).asSlice(0, 8L * n);
        });
    }

    /** Writes an integer function of the row-major index. */
    public static Tensor longs(Tensor to, LongUnaryOperator value) {
        long[] chunk = new long[(int) Math.min(CHUNK, to.numel())];
        return copy(to, Dtype.INT64, chunk.length, (start, n) -> {
            for (int i = 0; i < n; i++) chunk[i] = value.applyAsLong(start + i);
            return MemorySegment.ofArray(chunk).asSlice(0, 8L * n);
        });
    }

    /** Writes {@code start + i * step} in integers. */
    static Tensor range(Tensor to, long start, long step) {
        long[] chunk = new long[(int) Math.min(CHUNK, to.numel())];
        return copy(to, Dtype.INT64, chunk.length, (first, n) -> {
            for (int i = 0; i < n; i++) chunk[i] = start + (first + i) * step;
            return MemorySegment.ofArray(chunk).asSlice(0, 8L * n);
        });
    }

    /** Writes {@code start + i * step}, computed in double and rounded once to the dtype. */
    static Tensor range(Tensor to, double start, double step) {
        double[] chunk = new double[(int) Math.min(CHUNK, to.numel())];
        return copy(to, Dtype.FLOAT64, chunk.length, (first, n) -> {
            for (int i = 0; i < n; i++) chunk[i] = start + (first + i) * step;
            return MemorySegment.ofArray(chunk).asSlice(0, 8L * n);
        });
    }

    private interface Fill {
        MemorySegment of(long start, int n);
    }

    private static Tensor copy(Tensor to, Dtype as, int chunk, Fill fill) {
        boolean same = to.dtype() == as;
        Storage staging = same ? Internals.storage(to) : Internals.backend(to).allocateUnset(as, chunk);
        Layout flat = Layout.contiguous(to.numel());
        Strided target = Internals.strided(to)
                .with(Layout.of(
                        flat.sizes(), flat.strides(), Internals.layout(to).offset()));
        for (long start = 0; start < to.numel(); start += chunk) {
            int n = (int) Math.min(chunk, to.numel() - start);
            Internals.backend(to).write(staging, same ? Internals.layout(to).offset() + start : 0, fill.of(start, n));
            if (same) continue;
            Strided from = new Strided(staging, Layout.contiguous(n));
            Internals.backend(to).copy(from, target.with(target.layout().slice(0, start, n, 1)));
        }
        return to;
    }
}
