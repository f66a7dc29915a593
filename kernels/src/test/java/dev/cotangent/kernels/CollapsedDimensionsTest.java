package dev.cotangent.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.UnsupportedException;
import dev.cotangent.backend.Layout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Tests which dimensions are collapsed. */
class CollapsedDimensionsTest {
    @Test
    void contiguousOperandsAreOneDimension() {
        long[] sizes = {2, 3, 1, 4};
        CollapsedDimensions w = CollapsedDimensions.of(sizes, Layout.rowMajor(sizes), Layout.rowMajor(sizes));
        assertEquals(1, w.rank());
        assertEquals(24, w.numel());
        assertTrue(w.isContiguous());
    }

    @Test
    void aBroadcastDimensionIsNotCollapsed() {
        long[] sizes = {5, 3, 4};
        CollapsedDimensions w = CollapsedDimensions.of(sizes, Layout.rowMajor(sizes), new long[] {0, 4, 1});
        assertEquals(2, w.rank());
        assertFalse(w.isContiguous());
        assertEquals(59, w.reach());
    }

    @Test
    void transposedOperandsAreContiguousInAnyOrder() {
        Layout t = Layout.contiguous(6, 7).transpose(0, 1);
        assertFalse(CollapsedDimensions.of(t.sizes(), t.strides(), t.strides()).isContiguous());
        assertTrue(CollapsedDimensions.anyOrder(t.sizes(), t.strides(), t.strides())
                .isContiguous());
    }

    @Test
    void scalarsAndEmptyOperandsCollapse() {
        assertTrue(CollapsedDimensions.of(new long[0], new long[0]).isContiguous());
        assertEquals(1, CollapsedDimensions.of(new long[0], new long[0]).numel());
        assertEquals(
                0, CollapsedDimensions.of(new long[] {3, 0}, new long[] {0, 0}).numel());
    }

    @Test
    void divisionsAreMultiplications() {
        SplittableRandom random = new SplittableRandom(5);
        for (int k = 0; k < 20_000; k++) {
            long divisor = k < 300 ? k + 1 : 1 + (random.nextInt() >>> random.nextInt(1, 32));
            long multiple = divisor * (random.nextLong(Integer.MAX_VALUE / divisor + 1));
            for (long i : new long[] {0, multiple, multiple - 1, multiple + 1, Integer.MAX_VALUE}) {
                if (i < 0 || i > Integer.MAX_VALUE) continue;
                long m = Integer.toUnsignedLong(CollapsedDimensions.magic(divisor));
                assertEquals(
                        i / divisor, (i * m >>> 32) + i >>> CollapsedDimensions.shift(divisor), i + " / " + divisor);
            }
        }
    }

    @Test
    void tooManyDimensionsAreReported() {
        long[] sizes = new long[13];
        Arrays.fill(sizes, 2);
        long[] strides = new long[13];
        for (int d = 0; d < 13; d++) strides[d] = 3L << 2 * (12 - d);
        String message = assertThrows(UnsupportedException.class, () -> CollapsedDimensions.of(sizes, strides))
                .getMessage();
        assertTrue(message.contains("at most 12 dimensions") && message.contains("contiguous()"), message);
    }
}
