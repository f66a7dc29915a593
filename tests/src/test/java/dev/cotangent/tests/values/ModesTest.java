package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.BagMode;
import dev.cotangent.CotangentException;
import dev.cotangent.DivRounding;
import dev.cotangent.GeluApproximation;
import dev.cotangent.Interpolation;
import dev.cotangent.LossReduction;
import dev.cotangent.MeshIndexing;
import dev.cotangent.PadMode;
import dev.cotangent.ScatterReduction;
import dev.cotangent.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A mode by its constant is the mode by PyTorch's name; names that there are not raise PyTorch's errors. */
class ModesTest {
    private static final Tensor X = tensor(new double[][] {{-1.7, 2.2, 0.4}, {3.1, -0.6, 1.3}});

    record Pair(String name, Tensor byConstant, Tensor byName) {}

    static Stream<Pair> modes() {
        Tensor target = X.sin();
        Tensor index = tensor(new long[][] {{0, 1, 0}, {1, 1, 0}});
        Stream.Builder<Pair> all = Stream.builder();
        for (LossReduction r : List.of(LossReduction.NONE, LossReduction.MEAN, LossReduction.SUM)) {
            all.add(new Pair("mse " + r, X.mseLoss(target, r), X.mseLoss(target, r.text())));
            all.add(new Pair("huber " + r, X.huberLoss(target, r, 0.5), X.huberLoss(target, r.text(), 0.5)));
            all.add(new Pair("soft margin " + r, X.softMarginLoss(target, r), X.softMarginLoss(target, r.text())));
        }
        for (LossReduction r : LossReduction.values()) {
            all.add(new Pair("kl " + r, X.klDiv(target, r, true), X.klDiv(target, r.text(), true)));
        }
        for (ScatterReduction r : ScatterReduction.values()) {
            all.add(new Pair(
                    "scatter_reduce " + r,
                    X.scatterReduce(0, index, target, r, true),
                    X.scatterReduce(0, index, target, r.text(), true)));
        }
        all.add(new Pair(
                "scatter add", X.scatter(0, index, target, ScatterReduction.SUM), X.scatter(0, index, target, "add")));
        for (DivRounding r : DivRounding.values()) {
            all.add(new Pair("div " + r, X.div(target, r), X.div(target, r.text())));
            all.add(new Pair("div number " + r, X.div(0.7, r), X.div(0.7, r.text())));
        }
        for (PadMode m : PadMode.values()) {
            Tensor batch = X.unsqueeze(0);
            all.add(new Pair("pad " + m, batch.pad(new long[] {1, 2}, m), batch.pad(new long[] {1, 2}, m.text())));
        }
        for (GeluApproximation a : GeluApproximation.values()) {
            all.add(new Pair("gelu " + a, X.gelu(a), X.gelu(a.text())));
        }
        for (Interpolation i : Interpolation.values()) {
            all.add(new Pair("quantile " + i, X.quantile(0.3, 1, true, i), X.quantile(0.3, 1, true, i.text())));
        }
        for (MeshIndexing i : MeshIndexing.values()) {
            List<Tensor> vectors = List.of(X.get(0), X.get(1).get("1:"));
            all.add(new Pair(
                    "meshgrid " + i,
                    meshgrid(vectors, i).get(1),
                    meshgrid(vectors, i.text()).get(1)));
        }
        for (BagMode m : BagMode.values()) {
            all.add(new Pair(
                    "embedding_bag " + m,
                    index.embeddingBag(X, m),
                    index.embeddingBag(X, null, m.text(), null, false, null)));
        }
        return all.build();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void constantsAreNames(Pair pair) {
        assertEquals(pair.byName().shape(), pair.byConstant().shape());
        assertArrayEquals(pair.byName().toDoubleArray(), pair.byConstant().toDoubleArray());
    }

    @Test
    void unknownNamesRaise() {
        List<Function<String, ?>> parsers = List.of(
                LossReduction::of,
                ScatterReduction::of,
                DivRounding::of,
                PadMode::of,
                GeluApproximation::of,
                Interpolation::of,
                MeshIndexing::of,
                BagMode::of);
        for (Function<String, ?> parser : parsers) {
            CotangentException e = assertThrows(CotangentException.class, () -> parser.apply("avg"));
            assertTrue(e.getMessage().contains(" "), e.getMessage());
            assertThrows(CotangentException.class, () -> parser.apply("NONE"));
        }
        assertThrows(CotangentException.class, () -> X.mseLoss(X, "avg"));
        assertThrows(
                CotangentException.class, () -> X.scatter(0, tensor(new long[][] {{0}}), X, ScatterReduction.MEAN));
    }

    @Test
    void lossesTakeOptions() {
        Tensor labels = tensor(2, 0);
        Tensor weight = tensor(new double[] {1, 2, 0.5});
        assertEquals(
                X.crossEntropy(labels, weight, 1, "sum", 0.1).item(),
                X.crossEntropy(
                                labels,
                                lossOptions()
                                        .weight(weight)
                                        .ignoreIndex(1)
                                        .reduction("sum")
                                        .labelSmoothing(0.1))
                        .item());
        assertEquals(
                X.crossEntropy(labels).item(),
                X.crossEntropy(labels, lossOptions()).item());
        assertArrayEquals(
                X.nllLoss(labels, null, -100, "none").toDoubleArray(),
                X.nllLoss(labels, lossOptions().reduction(LossReduction.NONE)).toDoubleArray());
        Tensor truth = X.gt(0).to(FLOAT64);
        assertEquals(
                X.binaryCrossEntropyWithLogits(truth, null, "mean", weight).item(),
                X.binaryCrossEntropyWithLogits(truth, lossOptions().posWeight(weight))
                        .item());
        assertEquals(
                X.sigmoid().binaryCrossEntropy(truth, weight, "sum").item(),
                X.sigmoid()
                        .binaryCrossEntropy(truth, lossOptions().weight(weight).reduction(LossReduction.SUM))
                        .item());
    }

    @Test
    void keepdimIsThereForEveryReduction() {
        Tensor x = X.detach();
        List<Tensor> kept = List.of(
                x.sum(1, true),
                x.nansum(1, true),
                x.mean(1, true),
                x.nanmean(1, true),
                x.var(1, true),
                x.std(1, true),
                x.varMean(1, true).mean(),
                x.stdMean(1, true).mean(),
                x.prod(1, true),
                x.any(1, true),
                x.all(1, true),
                x.amax(1, true),
                x.amin(1, true),
                x.max(1, true).values(),
                x.min(1, true).indices(),
                x.aminmax(1, true).max(),
                x.argmax(1, true),
                x.argmin(1, true),
                x.logsumexp(1, true),
                x.norm(2, 1, true),
                x.linalgVectorNorm(2, 1, true),
                x.median(1, true).values(),
                x.nanmedian(1, true).values(),
                x.mode(1, true).values(),
                x.kthvalue(2, 1, true).values(),
                x.quantile(0.5, 1, true),
                x.nanquantile(0.5, 1, true));
        for (Tensor t : kept) assertEquals(shape(2, 1), t.shape());
        List<Tensor> several = List.of(
                x.sum(new int[] {0, 1}, true),
                x.mean(new int[] {0, 1}, true),
                x.var(new int[] {0, 1}, true),
                x.std(new int[] {0, 1}, true),
                x.any(new int[] {0, 1}, true),
                x.all(new int[] {0, 1}, true),
                x.amax(new int[] {0, 1}, true),
                x.logsumexp(new int[] {0, 1}, true),
                x.norm(2, new int[] {0, 1}, true),
                x.sum(new int[0], true),
                x.argmax(true),
                x.aminmax(true).min());
        for (Tensor t : several) assertEquals(shape(1, 1), t.shape());
        assertArrayEquals(
                new double[] {1, 1},
                x.sum(1, true).div(x.sum(1, true)).flatten().toDoubleArray());
        assertEquals(shape(), x.sum(0, 1).shape());
        assertEquals(shape(2, 3), x.any(new int[0]).shape());
    }

    @Test
    void masksAreTakenWithoutNulls() {
        Tensor mask = X.gt(0);
        assertEquals(
                X.maskedSum(null, false, null, mask).item(), X.maskedSum(mask).item());
        assertEquals(
                X.maskedNorm(3, null, false, null, mask).item(),
                X.maskedNorm(3, mask).item());
        assertArrayEquals(
                X.maskedMean(new int[] {1}, true, null, mask).toDoubleArray(),
                X.maskedMean(1, true, mask).toDoubleArray());
        assertEquals(shape(2, 1), X.maskedArgmax(1, true, mask).shape());
        assertArrayEquals(
                X.maskedSoftmax(1, null, mask).toDoubleArray(),
                X.maskedSoftmax(1, mask).toDoubleArray());
    }

    @Test
    void conversionsTakeOptions() {
        assertEquals(FLOAT32, X.to(dtype(FLOAT32).device("cpu")).dtype());
        assertEquals(FLOAT64, X.to(device("cpu")).dtype());
        assertTrue(X.to(options()) == X);
        Tensor copy = X.to(options(), true);
        copy.zero_();
        assertTrue(X.ne(0).all().itemBoolean());
    }
}
