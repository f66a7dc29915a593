package dev.cotangent.tests.views;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RandomNumbersTest {
    private static final int MANY = 200_000;

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    }

    private static Tensor many() {
        return zeros(FLOAT64, MANY);
    }

    @Test
    void repeatsWithTheSeed() {
        manualSeed(7);
        float[] first = randn(5).toFloatArray();
        float[] next = randn(5).toFloatArray();
        manualSeed(7);
        assertArrayEquals(first, randn(5).toFloatArray());
        assertArrayEquals(next, randn(5).toFloatArray());
        assertFalse(Arrays.equals(first, next));
        double[] own = many().uniform_(0, 1, new Generator(3)).toDoubleArray();
        assertArrayEquals(own, many().uniform_(0, 1, new Generator(3)).toDoubleArray());
    }

    @Test
    void drawsWhatTheDistributionsSay() {
        Generator g = new Generator(11);
        double[] uniform = many().uniform_(-1, 3, g).toDoubleArray();
        assertTrue(Arrays.stream(uniform).allMatch(v -> v >= -1 && v < 3));
        assertEquals(1, mean(uniform), 0.02);
        assertEquals(16.0 / 12, variance(uniform), 0.02);
        double[] normal = many().normal_(2, 3, g).toDoubleArray();
        assertEquals(2, mean(normal), 0.03);
        assertEquals(9, variance(normal), 0.1);
        double[] coins = many().bernoulli_(0.3, g).toDoubleArray();
        assertTrue(Arrays.stream(coins).allMatch(v -> v == 0 || v == 1));
        assertEquals(0.3, mean(coins), 0.01);
        double[] waits = many().exponential_(2).toDoubleArray();
        assertTrue(Arrays.stream(waits).allMatch(v -> v >= 0 && Double.isFinite(v)));
        assertEquals(0.5, mean(waits), 0.01);
        double[] whole = many().random_(-3, 4, g).toDoubleArray();
        assertEquals(7, Arrays.stream(whole).distinct().count());
        assertEquals(0, mean(whole), 0.03);
    }

    @Test
    void shufflesEachNumberOnce() {
        long[] order = randperm(1000).toLongArray();
        assertFalse(Arrays.equals(LongStream.range(0, 1000).toArray(), order));
        assertArrayEquals(
                LongStream.range(0, 1000).toArray(),
                Arrays.stream(order).sorted().toArray());
        assertTrue(Arrays.stream(randint(3, 9, shape(100)).toLongArray()).allMatch(v -> v >= 3 && v < 9));
    }

    @Test
    void dropsOutAndMakesUpForIt() {
        Tensor x = ones(FLOAT64, MANY).requiresGrad_();
        Tensor y = x.dropout(0.25, true);
        double[] values = y.toDoubleArray();
        assertTrue(Arrays.stream(values).allMatch(v -> v == 0 || Math.abs(v - 1 / 0.75) < 1e-12));
        assertEquals(1, mean(values), 0.01);
        y.sum().backward();
        assertArrayEquals(values, x.grad().toDoubleArray());
        assertSame(x, x.dropout(0.25, false));
        Tensor channels = ones(50, 40, 3, 3).dropout2d(0.5, true).view(2000, 9);
        assertEquals(0, channels.sub(channels.get("..., :1")).abs().sum().itemDouble());
        CotangentException e = assertThrows(CotangentException.class, () -> x.dropout(1.5, true));
        assertEquals("dropout probability has to be between 0 and 1, but got 1.5", e.getMessage());
    }
}
