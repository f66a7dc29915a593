package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Copies between layouts whose innermost dimensions differ, block by block: long enough along both memories that whole
 * cache lines are read and written. Rows with a large stride, which might map to the same cache sets, are first copied
 * to a scratch buffer.
 */
final class BlockedTranspose {
    /** Elements of a block along the source, and of a whole one along the target. */
    private static final int BROAD = 256;

    private static final int TALL = 64;
    /** A block that is not broad is taller, up to so much. */
    private static final int TALLEST = 1024;

    /** Padding between the rows of a block, so that no two map to the same cache set. */
    private static final int GAP = 16;

    /** Bytes from row to row, from which on rows claim the same places. */
    private static final int FAR = 2048;

    /** Shorter dimensions and smaller tensors gain nothing. */
    private static final int SHORT = 8;

    private static final int LITTLE = 4096;

    /** In tenths of a nanosecond, per element. */
    private static final int COST = 10;

    private final Dtype dtype;
    private final Object source;
    private final int start;
    private final int targetStart;
    /** Of each dimension, that along the target last. */
    private final int[] sizes;

    private final int[] steps;
    private final int[] targetSteps;
    /** The dimension along the source's memory. */
    private final int along;

    private final int breadth;
    private final int height;
    private final boolean far;

    private BlockedTranspose(Strided from, Layout to, int[] sizes, int[] steps, int[] targetSteps, int along) {
        dtype = from.dtype();
        source = from.storage().memory();
        start = (int) from.layout().offset();
        targetStart = (int) to.offset();
        this.sizes = sizes;
        this.steps = steps;
        this.targetSteps = targetSteps;
        this.along = along;
        int last = sizes.length - 1;
        breadth = Math.min(BROAD, sizes[along]);
        height = Math.min(Math.min(BROAD * TALL / breadth, TALLEST), sizes[last]);
        far = Math.abs((long) steps[last]) * dtype.bytes() >= FAR;
    }

    /** Creates a transposed copy to a layout of the same shape; null where none is transposed, or it would not pay. */
    static @Nullable BlockedTranspose of(Strided from, Layout t) {
        Layout f = from.layout();
        if (t.numel() < LITTLE) return null;
        int[] sizes = new int[t.rank()];
        int[] steps = new int[t.rank()];
        int[] targetSteps = new int[t.rank()];
        int n = 0;
        for (int d : StridedIterator.byStride(t)) {
            int size = (int) t.size(d);
            if (size == 1) continue;
            int step = (int) f.stride(d);
            int targetStep = (int) t.stride(d);
            boolean joins = n > 0 && steps[n - 1] == step * size && targetSteps[n - 1] == targetStep * size;
            if (!joins) n++;
            sizes[n - 1] = joins ? sizes[n - 1] * size : size;
            steps[n - 1] = step;
            targetSteps[n - 1] = targetStep;
        }
        int last = n - 1;
        int along = 0;
        while (along < last && steps[along] != 1) along++;
        // A source that is broadcast along the target has one element for a whole row.
        if (along >= last || steps[last] == 0 || targetSteps[last] != 1 || sizes[last] < SHORT || sizes[along] < SHORT)
            return null;
        return new BlockedTranspose(
                from, t, Arrays.copyOf(sizes, n), Arrays.copyOf(steps, n), Arrays.copyOf(targetSteps, n), along);
    }

    /**
     * Copies to an array of the source's class.
     *
     * @param tile of its type, where there is one
     */
    void run(WorkerPool pool, @Nullable MicroKernel tile, Object target) {
        int last = sizes.length - 1;
        long blocks = (long) Math.ceilDiv(sizes[along], breadth) * Math.ceilDiv(sizes[last], height);
        for (int d = 0; d < last; d++) if (d != along) blocks *= sizes[d];
        int side = tile == null ? 0 : tile.lanes();
        pool.run(blocks, 1, (long) COST * breadth * height, (first, end) -> {
            Object near = far ? Registers.mine().place(dtype, TALL * BROAD + TALLEST * GAP) : source;
            for (long b = first; b < end; b++) block(b, near, tile, side, target);
        });
    }

    /** Blocks are counted along the source, then along the target, then from the inner dimensions on. */
    private void block(long number, Object near, @Nullable MicroKernel tile, int side, Object target) {
        int last = sizes.length - 1;
        int across = Math.ceilDiv(sizes[along], breadth);
        int down = Math.ceilDiv(sizes[last], height);
        int left = (int) (number % across) * breadth;
        int top = (int) (number / across % down) * height;
        int from = start + left + top * steps[last];
        int to = targetStart + left * targetSteps[along] + top;
        long rest = number / across / down;
        for (int d = last - 1; d >= 0; d--) {
            if (d == along) continue;
            int i = (int) (rest % sizes[d]);
            rest /= sizes[d];
            from += i * steps[d];
            to += i * targetSteps[d];
        }
        int broad = Math.min(breadth, sizes[along] - left);
        int tall = Math.min(height, sizes[last] - top);
        int step = steps[last];
        if (far) {
            step = breadth + GAP;
            rows(source, from, steps[last], near, step, tall, broad);
            from = 0;
        }
        int stepTo = targetSteps[along];
        int squares = tile == null || side == 0 ? 0 : tall / side;
        int begun = squares * side;
        int turned = begun == 0 ? 0 : broad - broad % side;
        for (int i = 0; i < turned; i += side) {
            tile.turn(squares, near, from + i, step, side * step, target, to + i * stepTo, stepTo, side);
        }
        for (int i = begun == tall ? turned : 0; i < broad; i++) {
            int done = i < turned ? begun : 0;
            line(near, from + i + done * step, step, target, to + i * stepTo + done, tall - done);
        }
    }

    private static void rows(Object from, int i, int step, Object to, int stepTo, int rows, int n) {
        // Copies of arrays whose type the compiler knows begin sooner.
        if (from instanceof float[] x && to instanceof float[] y) {
            for (int r = 0; r < rows; r++) System.arraycopy(x, i + r * step, y, r * stepTo, n);
        } else {
            for (int r = 0; r < rows; r++) System.arraycopy(from, i + r * step, to, r * stepTo, n);
        }
    }

    /** Copies {@code to[j + e] = from[i + e * step]}. */
    private static void line(Object from, int i, int step, Object to, int j, int n) {
        switch (from) {
            case float[] x -> {
                float[] y = (float[]) to;
                for (int e = 0; e < n; e++) y[j + e] = x[i + e * step];
            }
            case double[] x -> {
                double[] y = (double[]) to;
                for (int e = 0; e < n; e++) y[j + e] = x[i + e * step];
            }
            case long[] x -> {
                long[] y = (long[]) to;
                for (int e = 0; e < n; e++) y[j + e] = x[i + e * step];
            }
            case int[] x -> {
                int[] y = (int[]) to;
                for (int e = 0; e < n; e++) y[j + e] = x[i + e * step];
            }
            case short[] x -> {
                short[] y = (short[]) to;
                for (int e = 0; e < n; e++) y[j + e] = x[i + e * step];
            }
            default -> {
                byte[] x = (byte[]) from;
                byte[] y = (byte[]) to;
                for (int e = 0; e < n; e++) y[j + e] = x[i + e * step];
            }
        }
    }
}
