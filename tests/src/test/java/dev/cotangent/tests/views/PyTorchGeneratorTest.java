package dev.cotangent.tests.views;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import org.junit.jupiter.api.Test;

/** What the golden data do not show of the generator that draws PyTorch's numbers; expected values are PyTorch 2.13's. */
class PyTorchGeneratorTest {
    private static Tensor of(Dtype dtype, long... size) {
        return empty(shape(size), dtype);
    }

    @Test
    void wholeNumbersOfEveryType() {
        try (var _ = Generator.pytorch(7).use()) {
            assertArrayEquals(
                    new int[] {327741615, 976413892, 1202242073},
                    of(INT32, 3).random_().toIntArray());
            assertArrayEquals(
                    new double[] {2297938235331510.0, 3607307484462020.0},
                    of(FLOAT64, 2).random_().toDoubleArray());
            assertArrayEquals(
                    new float[] {10565107f, 6128738f, 14281835f},
                    of(FLOAT32, 3).random_().toFloatArray());
            assertArrayEquals(
                    new boolean[] {false, true, false, true},
                    of(BOOL, 4).random_().toBooleanArray());
            assertArrayEquals(
                    new int[] {110, 42, 218}, of(UINT8, 3).random_().to(INT32).toIntArray());
            assertArrayEquals(
                    new int[] {1, 0, 3}, of(INT16, 3).random_(-3, 9).to(INT32).toIntArray());
        }
    }

    @Test
    void halfTypesAndTransposedTensors() {
        Generator g = Generator.pytorch(7);
        assertArrayEquals(
                new float[] {0.53515625f, 0.19921875f, 0.66015625f},
                of(BFLOAT16, 3).uniform_(0, 1, g).to(FLOAT32).toFloatArray());
        assertArrayEquals(
                new float[] {0.65673828125f, 0.2327880859375f, 0.425048828125f},
                of(FLOAT16, 3).uniform_(0, 1, g).to(FLOAT32).toFloatArray());
        of(FLOAT32, 4, 5).normal_(0, 1, g);
        assertArrayEquals(
                new float[] {0.9732082486152649f, -2.422009229660034f, 1.2202253341674805f, 0.2239788919687271f},
                of(FLOAT32, 4, 5).t().normal_(0, 1, g).select(0, 0).toFloatArray(),
                1e-6f);
    }

    @Test
    void drawsIndices() {
        Generator g = Generator.pytorch(7);
        Tensor weights = tensor(new float[][] {{1, 2, 3, 4}, {4, 3, 2, 1}});
        assertArrayEquals(
                new long[] {1, 3, 0, 2, 1, 0},
                weights.multinomial(3, false, g).flatten().toLongArray());
        assertArrayEquals(
                new long[] {3, 3, 0, 0, 1, 0, 0, 2, 0, 3},
                weights.multinomial(5, true, g).flatten().toLongArray());
    }

    @Test
    void goesBackToAState() {
        Generator g = Generator.pytorch(7);
        of(FLOAT32, 3).normal_(0, 1, g);
        Generator.State state = g.state();
        float[] first = of(FLOAT32, 3).normal_(0, 1, g).toFloatArray();
        assertArrayEquals(new float[] {-1.1143440008163452f, 1.6907901763916016f, -0.8948279023170471f}, first, 1e-6f);
        g.setState(state);
        assertEquals(state, g.state());
        assertArrayEquals(first, of(FLOAT32, 3).normal_(0, 1, g).toFloatArray());
        assertEquals(7, g.initialSeed());
        g.manualSeed(7);
        assertEquals(Generator.pytorch(7).state(), g.state());
        assertThrows(UnsupportedException.class, () -> g.take(3));
        assertThrows(UnsupportedException.class, () -> new Generator(1).draw(t -> t.nextInt()));
    }

    @Test
    void isUsedByAThreadUntilClosed() {
        Generator before = Generator.standard();
        float first = closing(Generator.pytorch(0).use());
        assertEquals(0.49625658988952637f, first);
        assertSame(before, Generator.standard());
        Generator.Use outer = new Generator(1).use();
        Generator.Use inner = new Generator(2).use();
        assertThrows(CotangentException.class, outer::close);
        inner.close();
        inner.close();
        outer.close();
        assertSame(before, Generator.standard());
    }

    private static float closing(Generator.Use use) {
        try (use) {
            return rand(1).toFloatArray()[0];
        }
    }

    @Test
    void isTheDefaultOnceSet() {
        Generator before = Generator.standard();
        Generator own = Generator.pytorch(3);
        try {
            Generator.setDefaultGenerator(own);
            assertSame(own, Generator.standard());
        } finally {
            Generator.setDefaultGenerator(before);
        }
    }

    @Test
    void multinomialOfTheDefaultGenerator() {
        Generator g = new Generator(5);
        Tensor weights = tensor(new float[] {0, 1, 3, 0});
        double[] counts = new double[4];
        for (long i : weights.multinomial(20_000, true, g).toLongArray()) counts[(int) i]++;
        assertEquals(0, counts[0] + counts[3]);
        assertEquals(0.75, counts[2] / 20_000, 0.02);
        for (int i = 0; i < 20; i++) {
            long[] both = weights.multinomial(2, false, g).toLongArray();
            assertEquals(3, both[0] + both[1]);
        }
        refuses("cannot sample n_sample <= 0 samples", weights, 0, true);
        refuses("cannot sample n_sample > prob_dist.size(-1) samples without replacement", weights, 5, false);
        refuses("prob_dist must be 1 or 2 dim", scalar(1f), 1, true);
        refuses("multinomial only supports floating-point dtypes for input, got: Long", arange(3), 1, true);
        refuses("probability tensor contains either `inf`, `nan` or element < 0", tensor(new float[] {1, -1}), 1, true);
        refuses("invalid multinomial distribution (sum of probabilities <= 0)", zeros(3), 1, true);
    }

    private static void refuses(String message, Tensor weights, int samples, boolean replacement) {
        assertEquals(
                message,
                assertThrows(CotangentException.class, () -> weights.multinomial(samples, replacement))
                        .getMessage());
    }
}
