package dev.cotangent.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.UnsupportedException;
import dev.cotangent.backend.Layout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** How dimensions are joined. */
class WalkTest {
    @Test
    void contiguousOperandsAreOneDimension() {
        long[] sizes = {2, 3, 1, 4};
        Walk w = Walk.of(sizes, Layout.rowMajor(sizes), Layout.rowMajor(sizes));
        assertEquals(1, w.rank());
        assertEquals(24, w.numel());
        assertTrue(w.isContiguous());
    }

    @Test
    void aBroadcastOperandKeepsItsDimensionApart() {
        long[] sizes = {5, 3, 4};
        Walk w = Walk.of(sizes, Layout.rowMajor(sizes), new long[] {0, 4, 1});
        assertEquals(2, w.rank());
        assertFalse(w.isContiguous());
        assertEquals(59, w.reach());
    }

    @Test
    void aTransposedPairIsContiguousInSomeOrder() {
        Layout t = Layout.contiguous(6, 7).transpose(0, 1);
        assertFalse(Walk.of(t.sizes(), t.strides(), t.strides()).isContiguous());
        assertTrue(Walk.anyOrder(t.sizes(), t.strides(), t.strides()).isContiguous());
    }

    @Test
    void numbersAndNothingAreWalksToo() {
        assertTrue(Walk.of(new long[0], new long[0]).isContiguous());
        assertEquals(1, Walk.of(new long[0], new long[0]).numel());
        assertEquals(0, Walk.of(new long[] {3, 0}, new long[] {0, 0}).numel());
    }

    @Test
    void tooManyDimensionsAreSaidToBe() {
        long[] sizes = new long[13];
        Arrays.fill(sizes, 2);
        long[] strides = new long[13];
        for (int d = 0; d < 13; d++) strides[d] = 3L << 2 * (12 - d);
        String message = assertThrows(UnsupportedException.class, () -> Walk.of(sizes, strides))
                .getMessage();
        assertTrue(message.contains("at most 12 dimensions") && message.contains("contiguous()"), message);
    }
}
