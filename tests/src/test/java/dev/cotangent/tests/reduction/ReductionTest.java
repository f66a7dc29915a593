package dev.cotangent.tests.reduction;

import static dev.cotangent.Tensors.floatTensor;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.GradCheck;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ReductionTest {
    private static final float NAN = Float.NaN;

    private static void assertElements(@Nullable Tensor t, double... expected) {
        assertTrue(t != null);
        assertArrayEquals(expected, t.toDoubleArray(), 1e-6);
    }

    private static Tensor doubles(double... values) {
        float[] f = new float[values.length];
        for (int i = 0; i < f.length; i++) f[i] = (float) values[i];
        return tensor(f).to(Dtype.FLOAT64);
    }

    private static Tensor smooth() {
        double[] values = new double[24];
        for (int i = 0; i < values.length; i++) values[i] = Math.sin(1.3 * i + 0.4) + 1.6 + 0.05 * i;
        return doubles(values).view(2, 3, 4).requiresGrad_(true);
    }

    @Test
    void gradientsOfEveryOrder() {
        Map<String, UnaryOperator<Tensor>> all = Map.ofEntries(
                Map.entry("mean", x -> x.mean(new int[] {0, 2}, true)),
                Map.entry("prod", x -> x.prod(1)),
                Map.entry("var", x -> x.var(new int[] {1, 2}, 0, false)),
                Map.entry("std", x -> x.std(1)),
                Map.entry("logsumexp", x -> x.logsumexp(0, 2)),
                Map.entry("norm", x -> x.norm(3, 1)),
                Map.entry("cumprod", x -> x.cumprod(2)),
                Map.entry("logcumsumexp", x -> x.logcumsumexp(1)),
                Map.entry("softmax", x -> x.softmax(1)),
                Map.entry("logSoftmax", x -> x.logSoftmax(-1)),
                Map.entry("layerNorm", x -> x.layerNorm(3, 4)),
                Map.entry("mse", x -> x.mseLoss(x.detach().mul(0).add(1.2))),
                Map.entry("smoothL1", x -> x.smoothL1Loss(x.detach().mul(0).add(1.2), "sum", 0.7)),
                Map.entry("normalize", x -> x.normalize(2, 1, 1e-12)));
        GradCheck check = new GradCheck();
        all.forEach((name, f) -> {
            Function<List<Tensor>, List<Tensor>> function = in -> List.of(f.apply(in.getFirst()));
            check.check(function, smooth());
            check.checkSecond(function, smooth());
        });
    }

    @Test
    void productsWithZerosHaveGradientsOfEveryOrder() {
        for (double[] values : new double[][] {{2, 0, 3, 4}, {2, 0, 3, 0}, {0, 0, 0, 5}}) {
            Tensor x = doubles(values).requiresGrad_(true);
            new GradCheck().checkSecond(in -> List.of(in.getFirst().prod(0)), x);
            new GradCheck().checkSecond(in -> List.of(in.getFirst().cumprod(0)), x);
        }
        Tensor y = doubles(2, 0, 3).requiresGrad_(true);
        assertElements(Autograd.grad(y.prod(), y).get(), 0, 6, 0);
    }

    @Test
    void nanWinsAndCanBeLeftOut() {
        Tensor x = floatTensor(1, NAN, 3);
        assertTrue(Double.isNaN(x.max().itemDouble()));
        assertEquals(1, x.argmin().itemLong());
        assertElements(x.cummax(0).indices(), 0, 1, 1);
        assertEquals(4, x.nansum().itemDouble());
        assertEquals(2, x.nanmean().itemDouble());
        assertEquals(1, x.nanmedian().itemDouble());
        assertTrue(Double.isNaN(x.median().itemDouble()));
        assertElements(x.sort().indices(), 0, 2, 1);
    }

    @Test
    void equalExtremesShareTheGradient() {
        Tensor x = floatTensor(2, 5, 5).requiresGrad_(true);
        assertElements(Autograd.grad(x.max(), x).get(), 0, 0.5, 0.5);
        assertElements(Autograd.grad(x.amax(0), x).get(), 0, 0.5, 0.5);
        assertElements(Autograd.grad(x.max(0).values(), x).get(), 0, 1, 0);
    }

    @Test
    void meansAreSumsDividedOnce() {
        for (int n : new int[] {1, 3, 7, 64, 1000, 1025, 70_000}) {
            Tensor x = tensor(new float[n]).add(0.1).add(Tensor.of(n % 7)).requiresGrad_(true);
            Tensor sum = x.sum();
            float expected = (float) sum.itemDouble() / n;
            assertEquals(expected, (float) x.mean().itemDouble());
            assertEquals(expected, (float) x.view(1, n).mean(1).itemDouble());
            assertEquals(
                    expected,
                    (float) x.to(Dtype.BFLOAT16).to(Dtype.FLOAT32).mean().itemDouble(),
                    0.01 * expected);
            assertEquals(n * (0.1 + n % 7), sum.itemDouble(), 1e-5 * n * (1 + n % 7));
            assertEquals(1f / n, (float)
                    Autograd.grad(x.mean(), x).get().select(0, 0).itemDouble());
        }
        Tensor half = floatTensor(1, 2, 4).to(Dtype.FLOAT16);
        assertEquals(Dtype.FLOAT16, half.mean().dtype());
        assertEquals(7 / 3.0, half.mean().itemDouble(), 1e-3);
        assertElements(floatTensor(1, 2, 3, 4, 5, 6).view(3, 2).mean(0), 3, 4);
        assertElements(floatTensor(1, 2, 3, 4, 5, 6).view(3, 2).t().mul(2).mean(0), 3, 7, 11);
    }

    @Test
    void overAllDimensionsOfAnyNumber() {
        Tensor x = floatTensor(1, 2, 3, 4);
        for (int rank = 1; rank < 12; rank++) {
            long[] sizes = new long[rank];
            java.util.Arrays.fill(sizes, 1);
            sizes[rank / 2] = 4;
            Tensor y = x.view(sizes).requiresGrad_(true);
            assertEquals(0, y.sum().dim());
            Tensor kept = y.sum(new int[0], true);
            assertEquals(rank, kept.dim());
            assertEquals(1, kept.numel());
            assertEquals(10, kept.itemDouble());
            assertElements(Autograd.grad(kept.mul(3).sum(), y).get().view(4), 3, 3, 3, 3);
            assertElements(Autograd.grad(y.mean().mul(8), y).get().view(4), 2, 2, 2, 2);
        }
        assertElements(floatTensor(1, 2, 3).sum(), 6);
        assertElements(x.select(0, 2).sum(), 3);
    }

    @Test
    void smallOperandsMayLieInAnyWay() {
        Tensor x = floatTensor(1, 2, 3, 4, 5, 6).view(2, 3);
        assertElements(x.t().contiguous().add(x.t()).view(6), 2, 8, 4, 10, 6, 12);
        assertElements(x.get(":, 1").add(x.get(":, 2")), 5, 11);
        assertElements(x.add(x.get("0, 0")).view(6), 2, 3, 4, 5, 6, 7);
        assertElements(x.add(x.get("0")).view(6), 2, 4, 6, 5, 7, 9);
        assertEquals(2 * 21, x.t().add(x.t()).sum().itemDouble());
        assertEquals(2 + 5, x.get(":, 1").sum().itemDouble());
    }

    @Test
    void ofNothing() {
        Tensor x = zeros(0, 3);
        assertElements(x.sum(0), 0, 0, 0);
        assertElements(x.prod(0), 1, 1, 1);
        assertTrue(Double.isNaN(x.mean().itemDouble()));
        assertTrue(x.all().itemBoolean());
        assertElements(x.logsumexp(0), Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
        assertEquals(
                "amax(): Expected reduction dim 0 to have non-zero size.",
                assertThrows(IndexException.class, () -> x.amax(0)).getMessage());
        assertThrows(CotangentException.class, x::max);
    }

    /**
     * Checks that exactly the tensors that PyTorch saves are saved: overwriting these is an error, overwriting others
     * is not.
     */
    @Test
    void keepsWhatPyTorchKeeps() {
        Map<String, UnaryOperator<Tensor>> readResult = Map.of(
                "softmax", x -> x.softmax(0), "amax", x -> x.amax(new int[] {0}, true), "norm", x -> x.norm(2, 0));
        readResult.forEach((name, f) -> {
            Tensor x = floatTensor(1, 2, 3).requiresGrad_(true);
            Tensor y = f.apply(x.mul(1));
            y.mul_(2);
            assertThrows(CotangentException.class, () -> y.sum().backward(), name);
        });
        Map<String, UnaryOperator<Tensor>> readNothing = Map.of("sum", x -> x.sum(0), "cumsum", x -> x.cumsum(0));
        readNothing.forEach((name, f) -> {
            Tensor x = floatTensor(1, 2, 3).requiresGrad_(true);
            Tensor inner = x.mul(1);
            Tensor y = f.apply(inner);
            inner.mul_(3);
            y.mul_(2);
            y.sum().backward();
        });
    }

    @Test
    void runningProductsInPlace() {
        Tensor x = floatTensor(1, 2, 3).requiresGrad_(true);
        Tensor y = x.mul(2);
        y.cumprod_(0);
        assertElements(y, 2, 8, 48);
        y.sum().backward();
        assertElements(x.grad(), 58, 28, 16);
    }

    @Test
    void lossesAgreeWithTheirDefinitions() {
        Tensor scores = smooth().select(0, 0);
        Tensor classes = floatTensor(1, 3, 0).to(Dtype.INT64);
        Tensor picked = scores.logSoftmax(1).gather(1, classes.unsqueeze(1)).neg();
        assertEquals(picked.mean().itemDouble(), scores.crossEntropy(classes).itemDouble(), 1e-12);
        double ignoring = picked.narrow(0, 0, 2).mean().itemDouble();
        assertEquals(ignoring, scores.crossEntropy(classes, null, 0, "mean", 0).itemDouble(), 1e-12);
        assertEquals(
                "Target 9 is out of bounds.",
                assertThrows(IndexException.class, () -> scores.crossEntropy(classes.mul(3)))
                        .getMessage());
        Tensor t = scores.detach().flip(0);
        assertEquals(
                scores.sub(t).square().mean().itemDouble(), scores.mseLoss(t).itemDouble(), 1e-12);
        assertElements(scores.mseLoss(t, "none"), scores.sub(t).square().toDoubleArray());
    }

    @Test
    void batchesMoveRunningStatistics() {
        Tensor mean = zeros(2);
        Tensor var = zeros(2);
        Tensor x = floatTensor(1, 10, 3, 30).view(2, 2);
        x.batchNorm(mean, var, null, null, true, 0.5, 1e-5);
        assertElements(mean, 1, 10);
        assertElements(var, 1, 100);
        assertElements(x.batchNorm(mean, var, null, null, false, 0.5, 0), 0, 0, 2, 2);
    }

    @Test
    void sortedOrders() {
        Tensor x = floatTensor(3, 1, 3, 2);
        assertElements(x.sort(0, true).indices(), 0, 2, 3, 1);
        assertElements(x.topk(2).values(), 3, 3);
        assertEquals(2, x.quantile(0.333333333).itemDouble(), 1e-5);
        var unique = x.unique(true, true, true);
        assertElements(unique.output(), 1, 2, 3);
        assertTrue(unique.inverseIndices() != null && unique.counts() != null);
        assertElements(unique.inverseIndices(), 2, 0, 2, 1);
        assertElements(unique.counts(), 1, 1, 2);
    }

    @Test
    void momentsOfConstantsAreExact() {
        for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.FLOAT64)) {
            for (int n : new int[] {3, 100, 3001}) {
                Tensor x = zeros(n, 7).add(0.1).to(dtype).contiguous();
                assertElements(x.std(0), new double[7]);
                assertElements(x.transpose(0, 1).contiguous().std(1), new double[7]);
                assertEquals(0, x.std().itemDouble());
                assertEquals(0, x.var().itemDouble());
                assertEquals(x.get(0, 0).itemDouble(), x.varMean().mean().itemDouble());
            }
        }
    }

    @Test
    void largeMeansCostNoDigits() {
        Tensor x = tensor(new float[] {1e6f, 1e6f + 1, 1e6f + 2});
        double step = Math.sqrt(1.5);
        for (Tensor y : List.of(
                x.view(1, 3).layerNorm(new long[] {3}, null, null, 0),
                x.view(1, 3, 1).groupNorm(1, null, null, 0),
                x.view(1, 3, 1).transpose(1, 2).layerNorm(new long[] {1, 3}, null, null, 0),
                x.view(3, 1).batchNorm(null, null, null, null, true, 0.1, 0))) {
            assertElements(y.flatten(), -step, 0, step);
        }
        assertEquals(1, x.std().itemDouble());
        assertElements(x.var(0), 1);
    }
}
