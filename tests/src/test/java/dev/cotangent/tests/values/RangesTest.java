package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Ranges of numbers: the widest ones, symmetric ones, and NaN. */
class RangesTest {
    @Test
    void drawsFromRangesOfMoreThanHalfOfAllNumbers() {
        long[] all = randint(Long.MIN_VALUE, Long.MAX_VALUE, shape(1000), INT64).toLongArray();
        assertTrue(Arrays.stream(all).anyMatch(v -> v < Long.MIN_VALUE / 2));
        assertTrue(Arrays.stream(all).anyMatch(v -> v > Long.MAX_VALUE / 2));
        assertTrue(Arrays.stream(all).anyMatch(v -> v > 0 && v < Long.MAX_VALUE / 2));

        long low = -(1L << 62) - 5;
        long high = (1L << 62) + 7;
        long[] some = randint(low, high, shape(1000), INT64).toLongArray();
        assertTrue(Arrays.stream(some).allMatch(v -> v >= low && v < high));
        assertTrue(Arrays.stream(some).anyMatch(v -> v < 0));
        assertTrue(Arrays.stream(some).anyMatch(v -> v > 0));

        long[] natural = zeros(INT64, 1000).random_().toLongArray();
        assertTrue(Arrays.stream(natural).allMatch(v -> v >= 0));
        assertTrue(Arrays.stream(natural).anyMatch(v -> v > Long.MAX_VALUE / 2));
    }

    @Test
    void refusesRangesBeyondTheDtype() {
        assertEquals("to - 1 is out of bounds for unsigned char", refusal(0, 300, UINT8));
        assertEquals("from is out of bounds for unsigned char", refusal(-1, 5, UINT8));
        assertEquals("to - 1 is out of bounds for signed char", refusal(0, 129, INT8));
        assertEquals("from is out of bounds for short int", refusal(-32769, 5, INT16));
        assertEquals("to - 1 is out of bounds for int", refusal(0, (1L << 31) + 1, INT32));
        assertEquals("to - 1 is out of bounds for bool", refusal(0, 3, BOOL));
        assertEquals("to - 1 is out of bounds for c10::Half", refusal(0, 70000, FLOAT16));
        assertEquals("random_ expects 'from' to be less than 'to', but got from=5 >= to=5", refusal(5, 5, INT64));
        long[] bytes = randint(-128, 128, shape(1000), INT8).toLongArray();
        assertTrue(Arrays.stream(bytes).anyMatch(v -> v < -64)
                && Arrays.stream(bytes).anyMatch(v -> v > 64));
    }

    private static String refusal(long low, long high, Dtype dtype) {
        CotangentException drawn = assertThrows(CotangentException.class, () -> randint(low, high, shape(2), dtype));
        CotangentException written =
                assertThrows(CotangentException.class, () -> zeros(dtype, 2).random_(low, high));
        assertEquals(drawn.getMessage(), written.getMessage());
        return String.valueOf(written.getMessage());
    }

    @Test
    void linspaceIsSymmetric() {
        for (Dtype dtype : new Dtype[] {FLOAT32, FLOAT64, FLOAT16, BFLOAT16}) {
            for (int steps : new int[] {3, 9, 101}) {
                double[] x = linspace(-Math.PI, Math.PI, steps, dtype).toDoubleArray();
                double rounding = dtype == FLOAT64 ? 1e-15 : 0;
                assertEquals(0, x[steps / 2], rounding, () -> dtype + ", " + steps);
                for (int i = 0; i < steps; i++) assertEquals(-x[i], x[steps - 1 - i] + 0.0, rounding);
            }
        }
    }

    @Test
    void isinIgnoresNanAmongWhatItLooksFor() {
        Tensor tests = floatTensor(3, Float.NaN, 1, Float.NaN, 2);
        assertArrayEquals(
                new double[] {1, 1, 1, 0, 0},
                floatTensor(1, 2, 3, 4, Float.NaN).isin(tests, false, false).toDoubleArray());
        assertArrayEquals(
                new double[] {0, 0, 0, 1, 1},
                floatTensor(1, 2, 3, 4, Float.NaN).isin(tests, false, true).toDoubleArray());
        Tensor nothing = tensor(new float[] {Float.NaN});
        assertArrayEquals(
                new double[] {0, 0},
                floatTensor(1, Float.NaN).isin(nothing, false, false).toDoubleArray());
        assertArrayEquals(
                new double[] {1, 1},
                floatTensor(1, Float.NaN).isin(nothing, false, true).toDoubleArray());
    }
}
