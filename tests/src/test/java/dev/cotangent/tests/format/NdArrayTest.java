package dev.cotangent.tests.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.NdArray;
import dev.cotangent.Shape;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class NdArrayTest {
    @Test
    void takesNestedArraysOfEveryType() {
        assertEquals(
                "[[1. 2.]\n [3. 4.]]",
                NdArray.of(new float[][] {{1, 2}, {3, 4}}).toString());
        assertEquals(Dtype.FLOAT32, NdArray.of(new float[] {1}).dtype());
        assertEquals(Dtype.FLOAT64, NdArray.of(new double[] {1}).dtype());
        assertEquals(Dtype.INT64, NdArray.of(new long[] {1}).dtype());
        assertEquals(Dtype.INT32, NdArray.of(new int[][][] {{{1}}}).dtype());
        assertEquals(Dtype.INT16, NdArray.of(new short[] {1}).dtype());
        assertEquals(Dtype.INT8, NdArray.of(new byte[] {1}).dtype());
        assertEquals(
                "[[ True False]]", NdArray.of(new boolean[][] {{true, false}}).toString());
        assertEquals(Shape.of(2, 0), NdArray.of(new float[2][0]).shape());
        assertEquals(Shape.of(1, 2, 3), NdArray.of(new long[1][2][3]).shape());
    }

    @Test
    void refusesWhatIsNoArray() {
        assertMessage(
                ValueException.class,
                "expected sequence of length 2 at dim 1 (got 3)",
                () -> NdArray.of(new float[][] {{1, 2}, {1, 2, 3}}));
        assertMessage(
                TypeException.class,
                "expected an array, however nested, of float, double, long, int, short, byte or boolean, but got"
                        + " java.lang.String[]",
                () -> NdArray.of(new String[] {"a"}));
        assertMessage(
                TypeException.class, "Got unsupported ScalarType BFloat16", () -> NdArray.zeros(Dtype.BFLOAT16, 2));
        assertMessage(
                TypeException.class,
                "elements of torch.float32 are stored in a float[], but got double[]",
                () -> NdArray.wrap(Dtype.FLOAT32, new double[] {1}, 1));
        assertMessage(
                ValueException.class,
                "elements of torch.float32 with sizes, strides and offset [2, 2] strides [2, 1] offset 0 need 16 bytes"
                        + " of memory, but there are 12",
                () -> NdArray.wrap(Dtype.FLOAT32, new float[] {1, 2, 3}, 2, 2));
    }

    @Test
    void copiesWithOfAndSharesWithWrap() {
        float[] memory = {1, 2, 3, 4};
        NdArray copy = NdArray.of(memory);
        NdArray shared = NdArray.wrap(Dtype.FLOAT32, memory, 2, 2);
        memory[3] = 9;
        shared.at(0, 1).set(7);
        assertEquals("[1. 2. 3. 4.]", copy.toString());
        assertEquals("[[1. 7.]\n [3. 9.]]", shared.toString());
        assertEquals(7f, memory[1]);
    }

    @Test
    void readsAndWritesElements() {
        NdArray a = NdArray.zeros(Dtype.INT64, 2, 3);
        a.at(-1, -1).set(Long.MAX_VALUE);
        a.at(0, 1).set(2.9);
        assertEquals(Long.MAX_VALUE, a.getLong(1, 2));
        assertEquals(2, a.getDouble(0, -2));
        assertEquals(
                1.5,
                NdArray.wrap(Dtype.FLOAT16, new short[] {Float.floatToFloat16(1.5f)})
                        .getDouble());
        NdArray bytes = NdArray.zeros(Dtype.UINT8, 1);
        bytes.at(0).set(200);
        assertEquals(200, bytes.getLong(0));
        NdArray half = NdArray.zeros(Dtype.FLOAT16, 1);
        half.at(0).set(2049.0000001);
        assertEquals(2050, half.getDouble(0));
        assertMessage(IndexException.class, "index 2 is out of bounds for axis 0 with size 2", () -> a.getDouble(2, 0));
        assertMessage(
                IndexException.class,
                "too many indices for array: array is 2-dimensional, but 3 were indexed",
                () -> a.getLong(0, 0, 0));
        assertMessage(
                IndexException.class,
                "too few indices for array: array is 2-dimensional, but 1 were indexed",
                () -> a.getLong(0));
    }

    @Test
    void becomesJavaArrays() {
        NdArray a = NdArray.of(new double[][] {{1.5, -2.5}, {0, 300}});
        assertArrayEquals(new double[] {1.5, -2.5, 0, 300}, a.toDoubleArray());
        assertArrayEquals(new float[] {1.5f, -2.5f, 0, 300}, a.toFloatArray());
        assertArrayEquals(new long[] {1, -2, 0, 300}, a.toLongArray());
        assertArrayEquals(new int[] {1, -2, 0, 300}, a.toIntArray());
        assertArrayEquals(new boolean[] {true, true, false, true}, a.toBooleanArray());
    }

    @Test
    void equalsByContent() {
        NdArray a = NdArray.of(new float[] {1, Float.NaN});
        assertEquals(a, a.copy());
        assertEquals(a.hashCode(), a.copy().hashCode());
        assertNotEquals(a, NdArray.of(new double[] {1, Double.NaN}));
        assertNotEquals(a, NdArray.of(new float[][] {{1, Float.NaN}}));
        assertNotEquals(NdArray.of(new float[] {0f}), NdArray.of(new float[] {-0f}));
    }

    private static void assertMessage(Class<? extends CotangentException> type, String message, Supplier<?> call) {
        assertEquals(message, assertThrows(type, call::get).getMessage());
    }
}
