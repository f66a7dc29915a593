package dev.cotangent.tests.views;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class FactoriesTest {
    @Test
    void takesTheDtypeFromTheElements() {
        assertEquals(FLOAT32, floatTensor(1, 2, 3).dtype());
        assertEquals(FLOAT64, tensor(new double[] {1}).dtype());
        assertEquals(INT64, tensor(new long[] {1}).dtype());
        assertEquals(INT32, tensor(new int[][] {{1}, {2}}).dtype());
        assertEquals(BOOL, tensor(new boolean[] {true}).dtype());
        assertEquals(FLOAT32, scalar(2f).dtype());
        assertEquals(INT64, scalar(2).dtype());
        assertEquals(FLOAT16, tensor(new float[] {1}, FLOAT16).dtype());
        assertEquals(INT64, arange(3).dtype());
        assertEquals(FLOAT32, arange(3.0).dtype());
        assertEquals(INT64, full(shape(2), 7).dtype());
        assertEquals(FLOAT32, full(shape(2), 7.0).dtype());
    }

    @Test
    void knowsTheShapeOfNestedArrays() {
        assertEquals(shape(2, 3), tensor(new float[][] {{1, 2, 3}, {4, 5, 6}}).shape());
        assertEquals(shape(1, 0), tensor(new float[][] {{}}).shape());
        assertEquals(shape(), tensor(3, INT64).shape());
        ValueException ragged = assertThrows(ValueException.class, () -> tensor(new float[][] {{1, 2}, {3}}));
        assertEquals("expected sequence of length 2 at dim 1 (got 1)", ragged.getMessage());
    }

    @Test
    void refusesGradientsOfIntegers() {
        CotangentException e = assertThrows(CotangentException.class, () -> tensor(new long[] {1}, requiresGrad(true)));
        assertEquals("Only Tensors of floating point and complex dtype can require gradients", e.getMessage());
        assertTrue(tensor(new float[] {1}, requiresGrad(true)).requiresGrad());
    }

    @Test
    void copiesArraysAndSharesBuffers() {
        float[] values = {1, 2, 3};
        Tensor copy = tensor(values);
        Tensor shared = from(FloatBuffer.wrap(values, 1, 2));
        values[1] = 9;
        assertArrayEquals(new float[] {1, 2, 3}, copy.toFloatArray());
        assertArrayEquals(new float[] {9, 3}, shared.toFloatArray());
        shared.mul_(2);
        assertEquals(18, values[1]);
        shared.asFloatBuffer().put(0, 5);
        assertEquals(5, values[1]);
    }

    @Test
    void readsBuffersThatAreViewsOfBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(0, 1).putFloat(4, 2).putFloat(8, 3);
        assertArrayEquals(new float[] {1, 2, 3}, from(bytes.asFloatBuffer()).toFloatArray());
        ByteBuffer direct = ByteBuffer.allocateDirect(8).order(ByteOrder.BIG_ENDIAN);
        direct.putLong(0, 7);
        assertArrayEquals(new long[] {7}, from(direct.asLongBuffer()).toLongArray());
    }

    @Test
    void givesCopiesOfWhatIsNotContiguous() {
        Tensor x = arange(6).to(FLOAT32).view(2, 3).t();
        FloatBuffer buffer = x.asFloatBuffer();
        assertEquals(3, buffer.get(1));
        buffer.put(1, 99);
        assertEquals(3, x.get(0, 1).itemDouble());
        assertThrows(TypeException.class, () -> arange(3).asFloatBuffer());
    }

    @Test
    void goesToNestedArraysAndBack() {
        int[][] values = {{1, 2}, {3, 4}, {5, 6}};
        assertArrayEquals(values, (int[][]) tensor(values).toNestedArray());
        assertArrayEquals(new boolean[] {true, false}, (boolean[])
                tensor(new float[] {2, 0}, BOOL).toNestedArray());
        assertEquals(2.5f, scalar(2.5f).toNestedArray());
    }

    @Test
    void refusesNullRows() {
        assertEquals(
                "expected a nested array, but a row at dim 1 is null",
                assertThrows(TypeException.class, () -> tensor(new float[][] {{1, 2}, null}))
                        .getMessage());
        assertThrows(TypeException.class, () -> tensor(new float[][] {null, {1}}));
        assertThrows(TypeException.class, () -> tensor(new double[][][] {{{1}}, {null}}));
    }

    @Test
    void refusesNullOperands() {
        Tensor x = ones(2);
        Tensor none = null;
        assertEquals(
                "mul(): argument 'other' (position 1) must be Tensor, not NoneType. In Java it is null, as grad() is"
                        + " before backward() has reached the tensor.",
                assertThrows(TypeException.class, () -> x.mul(none)).getMessage());
        assertThrows(TypeException.class, () -> x.add_(none));
        assertThrows(TypeException.class, () -> x.sub((Number) null));
        assertThrows(TypeException.class, () -> x.where(x.gt(0), none));
        assertThrows(TypeException.class, () -> x.lt(none));
    }

    @Test
    void countsEvenlyFromBothEnds() {
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, linspace(1, 6, 6).toFloatArray());
        assertArrayEquals(new float[] {3}, linspace(3, 9, 1).toFloatArray());
        assertArrayEquals(new float[] {1, 10, 100}, logspace(0, 2, 3).toFloatArray());
        assertArrayEquals(
                new double[] {0, 0.25, 0.5, 0.75}, arange(0, 1, 0.25, FLOAT64).toDoubleArray());
        assertArrayEquals(new long[] {5, 3, 1}, arange(5, 0, -2).toLongArray());
        CotangentException e = assertThrows(CotangentException.class, () -> arange(0, 3, -1));
        assertEquals("upper bound and lower bound inconsistent with step sign", e.getMessage());
    }
}
