package dev.cotangent.cpu;

import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Copies between layouts whose innermost dimensions differ, in square tiles: each is read along the memory it comes from
 * and written along the memory it goes to, with a register between, so that no cache line is touched in vain.
 */
final class Transposition {
    /** Elements of a side of a tile: it fills a register. */
    private static final int SIDE = 32;

    /** Shorter dimensions and smaller tensors gain nothing. */
    private static final int SHORT = 8;

    private static final int LITTLE = 4096;

    /** In tenths of a nanosecond, per element. */
    private static final int COST = 10;

    private final Elements elements;
    private final Kind kind;
    private final Object source;
    private final int start;
    private final int targetStart;
    /** Of each dimension, that along the target last. */
    private final int[] sizes;

    private final int[] steps;
    private final int[] targetSteps;
    /** The dimension along the source's memory. */
    private final int along;

    private final int tiles;

    private Transposition(Strided from, Layout to, int[] sizes, int[] steps, int[] targetSteps, int along) {
        elements = Elements.of(from.dtype());
        kind = Kind.of(from.dtype());
        source = from.storage().memory();
        start = (int) from.layout().offset();
        targetStart = (int) to.offset();
        this.sizes = sizes;
        this.steps = steps;
        this.targetSteps = targetSteps;
        this.along = along;
        tiles = Math.ceilDiv(sizes[along], SIDE);
    }

    /** Into a layout of the same shape; null where one does not lie across the other, or it would not pay. */
    static @Nullable Transposition of(Strided from, Layout t) {
        Layout f = from.layout();
        if (t.numel() < LITTLE) return null;
        int[] sizes = new int[t.rank()];
        int[] steps = new int[t.rank()];
        int[] targetSteps = new int[t.rank()];
        int n = 0;
        for (int d : Walk.byStride(t)) {
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
        // What is broadcast along the target has one place for a whole row.
        if (along >= last || steps[last] == 0 || targetSteps[last] != 1 || sizes[last] < SHORT || sizes[along] < SHORT)
            return null;
        return new Transposition(
                from, t, Arrays.copyOf(sizes, n), Arrays.copyOf(steps, n), Arrays.copyOf(targetSteps, n), along);
    }

    /** Into an array of the source's class. */
    void run(Pool pool, Object target) {
        int last = sizes.length - 1;
        long strips = tiles;
        for (int d = 0; d < last; d++) if (d != along) strips *= sizes[d];
        pool.run(strips, 1, (long) COST * SIDE * sizes[last], (first, end) -> {
            Object register = Registers.mine().get(kind, Registers.LAST - 3);
            for (long s = first; s < end; s++) strip(s, register, target);
        });
    }

    /** All tiles that lie at one place of all dimensions but the target's own, counted from the innermost on. */
    private void strip(long number, Object register, Object target) {
        int last = sizes.length - 1;
        int first = (int) (number % tiles) * SIDE;
        int rows = Math.min(SIDE, sizes[along] - first);
        int from = start + first;
        int to = targetStart + first * targetSteps[along];
        long rest = number / tiles;
        for (int d = last - 1; d >= 0; d--) {
            if (d == along) continue;
            int i = (int) (rest % sizes[d]);
            rest /= sizes[d];
            from += i * steps[d];
            to += i * targetSteps[d];
        }
        for (int left = 0; left < sizes[last]; left += SIDE) {
            int columns = Math.min(SIDE, sizes[last] - left);
            elements.block(source, from + left * steps[last], 1, steps[last], rows, columns, register, 0, SIDE);
            for (int r = 0; r < rows; r++) {
                elements.store(register, r * SIDE, target, to + r * targetSteps[along] + left, 1, columns);
            }
        }
    }
}
