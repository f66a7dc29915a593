package dev.cotangent.tests.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** Inputs that are the same numbers in PyTorch, and comparisons with what it computed from them. */
final class Waves {
    private Waves() {}

    /** Returns {@code sin(k * (i + 1))} as element i, in float64. */
    static Tensor wave(double k, long... sizes) {
        int n = 1;
        for (long s : sizes) n *= (int) s;
        double[] values = new double[n];
        for (int i = 0; i < n; i++) values[i] = Math.sin(k * (i + 1));
        return Tensors.tensor(values).view(sizes);
    }

    static Tensor learned(double k, long... sizes) {
        return wave(k, sizes).requiresGrad_();
    }

    static void assertClose(double[] expected, Tensor t) {
        assertArrayEquals(expected, t.detach().toDoubleArray(), 1e-10);
    }

    static void assertClose(double[] expected, long[] sizes, Tensor t) {
        assertArrayEquals(sizes, t.shape().toArray());
        assertClose(expected, t);
    }

    /** Asserts that something throws with a message that begins with PyTorch's. */
    static void assertThrowsSaying(String message, Runnable work) {
        String got = assertThrows(CotangentException.class, work::run).getMessage();
        assertEquals(message, got.length() > message.length() ? got.substring(0, message.length()) : got);
    }
}
