package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.DistanceMode;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.GradCheck;
import dev.cotangent.fft.Fft;
import dev.cotangent.signal.Windows;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Covariances, histograms, distances and windows: limits, errors and gradients as in PyTorch 2.13. */
class StatisticsTest {
    private static final Tensor FLOATS = tensor(new float[] {1, 2, 2, 3, 7});

    private static void raises(String message, Executable call) {
        CotangentException e = assertThrows(CotangentException.class, call);
        assertEquals(message, e.getMessage());
    }

    @Test
    void errors() {
        Tensor matrix = ones(2, 3);
        raises(
                "cov(): fweights cannot be negative",
                () -> matrix.cov(Tensors.covarianceOptions().fweights(tensor(-1, 1, 1))));
        raises(
                "cov(): weights sum to zero, can't be normalized",
                () -> matrix.cov(Tensors.covarianceOptions().aweights(zeros(3))));
        raises(
                "corrcoef(): expected input to have two or fewer dimensions but got an input with 3 dimensions",
                () -> ones(2, 2, 2).corrcoef());
        raises(
                "bincount only supports 1-d non-negative integral inputs.",
                () -> tensor(-1, 2).bincount());
        raises("\"bincount_cpu\" not implemented for 'Float'", FLOATS::bincount);
        raises("X1 and X2 must have the same number of columns. X1: 3 X2: 2", () -> matrix.cdist(ones(2, 2)));
        raises("cdist only supports non-negative p values", () -> matrix.cdist(matrix, -1));
        raises("pdist only supports 2D tensors, got: 1D", FLOATS::pdist);
        raises("torch.histc: max must be larger than min", () -> FLOATS.histc(2, 2, 1));
        raises("torch.histogram(): bins must be > 0, but got 0 for dimension 0", () -> FLOATS.histogram(0));
        raises(
                "torch.histogramdd: for a 2-dimensional histogram range should have 4 elements, but got 2",
                () -> ones(3, 2)
                        .histogramdd(
                                new long[] {2, 2}, Tensors.histogramOptions().range(0, 1)));
        raises(
                "torch.frexp() only supports floating-point dtypes",
                () -> tensor(1).frexp());
        raises(
                "torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to"
                        + " 'self.dim() = 2', since dim argument was not given, but got a list of length 1",
                () -> ones(3, 3).gradient(Tensors.gradientOptions().spacing(ones(3))));
        raises("hann_window requires non-negative window_length, got window_length=-1", () -> hannWindow(-1));
        raises("Tau must be positive, got: -1 instead.", () -> Windows.exponential(3, -1));
        raises("expected 'indices' to be integer dtype, but got torch.float32", () -> FLOATS.unravelIndex(3, 4));
        raises(
                "dim 0 appears multiple times in the list of dims",
                () -> ones(1, 2, 1).squeeze(0, 0));
        raises("allocated size does not match required size", () -> tensor(1, 2).repeatInterleave(tensor(1, 2), 0, 4));
    }

    @Test
    void limits() {
        assertArrayEquals(new double[] {0, 2}, tensor(1.0, 1.0).histc(2).toDoubleArray());
        assertArrayEquals(new double[] {0, 0}, zeros(0).histc(2).toDoubleArray());
        assertArrayEquals(
                new double[] {0, 1}, tensor(1, Double.NaN).histc(2, 0, 2).toDoubleArray());
        assertArrayEquals(
                new double[] {2.5, 3, 3.5},
                tensor(3.0, 3.0).histogram(2).binEdges().toDoubleArray());
        assertArrayEquals(new double[] {0, 0, 0}, zeros(INT64, 0).bincount(3).toDoubleArray());
        assertArrayEquals(
                new double[] {Double.NaN}, tensor(1.0).cov().reshape(1).toDoubleArray());
        assertEquals(1, FLOATS.corrcoef().itemDouble());
        assertArrayEquals(new double[] {0, 0, 0}, zeros(3, 0).pdist().toDoubleArray());
        assertArrayEquals(
                new double[] {1, 0},
                tensor(0, 5).nonzeroStatic(2, 0).reshape(-1).toDoubleArray());
        assertArrayEquals(new long[] {3, 0}, tensor(1).nonzeroStatic(3).shape().toArray());
        assertEquals(List.of(), tensor(1).unravelIndex());
        Tensor all = tensor(new double[] {
            Double.POSITIVE_INFINITY, Double.NaN, 0, -0.0, 1e-310, -3, Double.MIN_VALUE, Double.MAX_VALUE
        });
        assertArrayEquals(
                new double[] {
                    Double.POSITIVE_INFINITY, Double.NaN, 0, -0.0, 0.5752618031559393, -0.75, 0.5, 0x1.fffffffffffffp-1
                },
                all.frexp().mantissa().toDoubleArray(),
                1e-12);
        assertArrayEquals(
                new long[] {0, 0, 0, 0, -1029, 2, -1073, 1024},
                all.frexp().exponent().toLongArray());
        assertArrayEquals(new double[] {1}, bartlettWindow(1).toDoubleArray());
        assertEquals(0, kaiserWindow(0).numel());
        assertArrayEquals(new double[] {3, 1, 2}, Fft.fftshift(tensor(1, 2, 3)).toDoubleArray());
        assertArrayEquals(new double[] {2, 3, 1}, Fft.ifftshift(tensor(1, 2, 3)).toDoubleArray());
    }

    /** Checks distant points, and equal ones, which have no gradient; by differences and by a matrix product. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5, 2, 3, Double.POSITIVE_INFINITY})
    void distancesHaveGradients(double p) {
        Tensor a = tensor(new double[][] {{0.3, -0.7, 1.1}, {2, 0.4, -0.2}}).requiresGrad_();
        Tensor b = tensor(new double[][] {{1.35, 0.2, 0.1}, {-0.6, 1.5, 0.9}, {0, 3, -1}})
                .requiresGrad_();
        for (DistanceMode mode : DistanceMode.values()) {
            new GradCheck().check(in -> List.of(in.get(0).cdist(in.get(1), p, mode)), a, b);
        }
        new GradCheck().check(in -> List.of(in.get(0).pdist(p)), b);
        Tensor same = tensor(new double[][] {{1, 2}, {1, 2}}).requiresGrad_();
        same.pdist(p).sum().backward();
        Tensor g = same.grad();
        assertNotNull(g);
        assertArrayEquals(new double[4], g.reshape(-1).toDoubleArray());
    }

    /**
     * Compares with {@code F.pdist(torch.tensor([[0., 0], [3, 4], [6, 8]]))} and torch.signal.windows.kaiser(5,
     * beta=8.).
     */
    @Test
    void values() {
        assertArrayEquals(
                new double[] {5, 10, 5},
                tensor(new float[][] {{0, 0}, {3, 4}, {6, 8}}).pdist().toDoubleArray());
        assertArrayEquals(
                new double[] {0.0023, 0.3690, 1, 0.3690, 0.0023},
                Windows.kaiser(5, 8).toDoubleArray(),
                5e-5);
        assertArrayEquals(
                new double[] {0.0439, 0.3247, 0.8825, 0.8825, 0.3247},
                Windows.gaussian(5, 1, Windows.options().periodic()).toDoubleArray(),
                5e-5);
    }
}
