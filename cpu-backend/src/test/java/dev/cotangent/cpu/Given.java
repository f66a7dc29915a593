package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/** Backends, operands of random layouts, and their elements one by one. */
final class Given {
    /** Whether this is the full tier of the tests; the fast one takes less of what repeats. */
    static final boolean THOROUGH = Boolean.getBoolean("contract.thorough");

    private Given() {}

    /** Plain and vector loops, in one thread and in several. */
    static Stream<CpuBackend> backends() {
        List<CpuBackend> all = new ArrayList<>(List.of(new CpuBackend(1, null), new CpuBackend(3, null)));
        VectorLoops vectors = CpuProvider.vectors();
        if (vectors != null) {
            all.add(new CpuBackend(1, vectors));
            all.add(new CpuBackend(3, vectors));
        }
        return all.stream();
    }

    /** An operand of that shape, its dimensions in random order in memory, with gaps, an offset or steps backwards. */
    static Strided operand(Backend backend, Random random, Dtype dtype, boolean expanded, long... sizes) {
        long[] strides = new long[sizes.length];
        int[] order = StridedIterator.natural(sizes.length);
        int way = random.nextInt(4);
        if (way > 0) {
            for (int i = order.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swap = order[i];
                order[i] = order[j];
                order[j] = swap;
            }
        }
        long step = way < 2 ? 1 : 1 + random.nextInt(3);
        long offset = way == 0 ? 0 : random.nextInt(5);
        for (int i = order.length - 1; i >= 0; i--) {
            int d = order[i];
            if (expanded && random.nextInt(3) == 0) continue;
            strides[d] = step;
            step *= Math.max(sizes[d], 1);
            if (way == 3) step += random.nextInt(3);
            if (way == 3 && random.nextBoolean() && sizes[d] > 0) {
                offset += (sizes[d] - 1) * strides[d];
                strides[d] = -strides[d];
            }
        }
        Layout layout = Layout.of(sizes, strides, offset);
        return new Strided(backend.allocate(dtype, Math.max(layout.storageSpan(), 1) + 3), layout);
    }

    /** Gives every element a value; elements that share a place keep the last. */
    static Strided fill(Strided to, DoubleSupplier values) {
        for (long i = 0; i < to.numel(); i++) set(to, i, values.getAsDouble());
        return to;
    }

    static int place(Strided x, long linear) {
        Layout l = x.layout();
        long at = l.offset();
        for (int d = l.rank() - 1; d >= 0; d--) {
            at += linear % l.size(d) * l.stride(d);
            linear /= l.size(d);
        }
        return (int) at;
    }

    static double get(Strided x, long linear) {
        int at = place(x, linear);
        return switch (x.storage().memory()) {
            case float[] a -> a[at];
            case double[] a -> a[at];
            case long[] a -> a[at];
            case int[] a -> a[at];
            case short[] a ->
                switch (x.dtype()) {
                    case FLOAT16 -> Float.float16ToFloat(a[at]);
                    case BFLOAT16 -> Float.intBitsToFloat(a[at] << 16);
                    default -> a[at];
                };
            case byte[] a -> x.dtype() == Dtype.UINT8 ? a[at] & 0xFF : a[at];
            default -> throw new AssertionError();
        };
    }

    static void set(Strided x, long linear, double value) {
        int at = place(x, linear);
        switch (x.storage().memory()) {
            case float[] a -> a[at] = (float) value;
            case double[] a -> a[at] = value;
            case long[] a -> a[at] = (long) value;
            case int[] a -> a[at] = (int) value;
            case short[] a ->
                a[at] = switch (x.dtype()) {
                    case FLOAT16 -> Float.floatToFloat16((float) value);
                    case BFLOAT16 -> (short) (Float.floatToRawIntBits((float) value) >> 16);
                    default -> (short) value;
                };
            case byte[] a -> a[at] = x.dtype() == Dtype.BOOL ? (byte) (value != 0 ? 1 : 0) : (byte) (int) value;
            default -> throw new AssertionError();
        }
    }

    /** Small whole numbers, which every dtype holds. */
    static Strided numbers(Backend backend, Random random, Dtype dtype, boolean expanded, long... sizes) {
        int low = dtype == Dtype.UINT8 || dtype == Dtype.BOOL ? 0 : -4;
        int high = dtype == Dtype.BOOL ? 2 : 6;
        return fill(operand(backend, random, dtype, expanded, sizes), () -> random.nextInt(low, high));
    }

    static long[] shape(Random random, int rank, int most) {
        long[] sizes = new long[rank];
        for (int d = 0; d < rank; d++) sizes[d] = random.nextInt(5) == 0 ? 1 : 1 + random.nextInt(most);
        return sizes;
    }
}
