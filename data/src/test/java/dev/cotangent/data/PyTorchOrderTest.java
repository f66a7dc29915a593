package dev.cotangent.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.Generator;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Orders and numbers that PyTorch 2.13.0 printed for the same loaders, samplers and splits of a dataset of ten numbers. */
class PyTorchOrderTest {
    private static final Dataset<Long> TEN = Dataset.of(10, i -> i);

    private static String epochs(int count, Dataset<Long> dataset, DataLoaderOptions options) {
        List<Object> all = new ArrayList<>();
        try (var loader = DataLoader.of(dataset, Collate.list(), options)) {
            for (int e = 0; e < count; e++) {
                List<Object> epoch = new ArrayList<>();
                for (List<Long> batch : loader) epoch.add(batch);
                all.add(epoch);
            }
        }
        return all.toString();
    }

    private static DataLoaderOptions shuffled(long seed) {
        return DataLoader.options().batchSize(4).shuffle(true).generator(Generator.pytorch(seed));
    }

    @Test
    void theLoadersGeneratorGivesTheOrder() {
        assertEquals(
                "[[[3, 7, 5, 2], [0, 8, 1, 6], [9, 4]], [[1, 3, 2, 7], [5, 9, 0, 6], [4, 8]]]",
                epochs(2, TEN, shuffled(0)));
        assertEquals(
                "[[[1, 3, 5, 7, 9], [4, 6, 2, 8, 0]], [[5, 1, 6, 0, 9], [7, 8, 4, 3, 2]]]",
                epochs(2, TEN, shuffled(7).batchSize(5)));
        assertEquals(
                "[[[3, 7, 5, 2], [0, 8, 1, 6]], [[1, 3, 2, 7], [5, 9, 0, 6]], [[6, 8, 5, 7], [2, 4, 1, 0]]]",
                epochs(3, TEN, shuffled(0).dropLast(true)));
    }

    @Test
    void theDefaultGeneratorGivesTheOrderAndGoesOn() {
        try (var _ = Generator.pytorch(0).use()) {
            assertEquals(
                    "[[[6, 7, 1, 4], [2, 0, 9, 8], [3, 5]], [[2, 4, 7, 0], [8, 9, 5, 3], [6, 1]]]",
                    epochs(2, TEN, DataLoader.options().batchSize(4).shuffle(true)));
            assertArrayEquals(
                    new long[] {497, 683, 101},
                    Tensors.randint(1000, Shape.of(3)).toLongArray());
        }
    }

    @Test
    void workersKeepTheOrder() {
        assertEquals(
                "[[[7, 4, 2, 9], [1, 5, 0, 8], [6, 3]], [[1, 2, 0, 5], [9, 4, 8, 3], [6, 7]]]",
                epochs(2, TEN, shuffled(3).numWorkers(2)));
        assertEquals(
                "[[[7, 4, 2, 9], [1, 5, 0, 8], [6, 3]], [[6, 0, 9, 3], [4, 8, 7, 1], [5, 2]], [[2, 1, 7, 5], [6, 3, 8,"
                        + " 0], [4, 9]]]",
                epochs(3, TEN, shuffled(3).numWorkers(2).persistentWorkers(true)));
    }

    @Test
    void samplersDrawAsPyTorchs() {
        DataLoaderOptions options = DataLoader.options();
        assertEquals(
                "[[[5, 9, 4, 8, 3, 3, 1, 1, 9, 2, 8, 9, 6, 3, 3, 0, 2, 1, 2, 6], [0, 3, 6, 4, 3, 6, 4, 2, 9, 4, 8, 6,"
                    + " 7, 3, 7, 3, 3, 6, 2, 0]], [[5, 9, 5, 3, 3, 5, 8, 9, 1, 4, 4, 5, 8, 0, 1, 3, 1, 4, 7, 8], [6,"
                    + " 9, 9, 8, 3, 3, 1, 7, 2, 8, 9, 3, 0, 2, 2, 8, 5, 9, 9, 0]]]",
                epochs(
                        2,
                        TEN,
                        options.batchSize(20)
                                .sampler(new RandomSampler(TEN)
                                        .replacement(true)
                                        .numSamples(40)
                                        .generator(Generator.pytorch(1)))));
        assertEquals(
                "[[[5, 6, 1, 2, 0, 8, 9, 3, 7, 4, 2, 3, 1]], [[2, 8, 1, 5, 6, 9, 3, 7, 0, 4, 2, 9, 8]]]",
                epochs(
                        2,
                        TEN,
                        options.batchSize(13)
                                .sampler(new RandomSampler(TEN).numSamples(13).generator(Generator.pytorch(1)))));
        double[] weights = {1, 2, 3, 4, 0, 0, 0, 1, 1, 9};
        assertEquals(
                "[[[7, 9, 1, 9, 9, 8, 3, 9]], [[1, 3, 2, 9, 3, 0, 8, 3]]]",
                epochs(
                        2,
                        TEN,
                        options.batchSize(8)
                                .sampler(new WeightedRandomSampler(weights, 8).generator(Generator.pytorch(4)))));
        Arrays.fill(weights, 4, 7, 1);
        assertEquals(
                "[[[2, 9, 8, 6, 0, 1, 3, 5]], [[3, 9, 2, 0, 5, 6, 8, 4]]]",
                epochs(
                        2,
                        TEN,
                        options.batchSize(8)
                                .sampler(new WeightedRandomSampler(weights, 8)
                                        .replacement(false)
                                        .generator(Generator.pytorch(4)))));
        assertEquals(
                "[[[7, 3, 9, 1], [5]], [[7, 3, 9, 1], [5]]]",
                epochs(
                        2,
                        TEN,
                        options.batchSize(4)
                                .sampler(new SubsetRandomSampler(9, 7, 5, 3, 1).generator(Generator.pytorch(5)))));
    }

    @Test
    void splitsAreAsPyTorchs() {
        List<Subset<Long>> parts = TEN.randomSplit(Generator.pytorch(6), 0.35, 0.35, 0.3);
        assertEquals(
                "[0, 7, 5, 1][8, 3, 9][2, 4, 6]",
                parts.stream().map(p -> Arrays.toString(p.indices())).reduce("", String::concat));
        assertArrayEquals(
                new long[] {2, 4, 6},
                TEN.randomSplit(Generator.pytorch(6), 7, 3).get(1).indices());
    }

    @Test
    void whatSamplesDrawIsAsInPyTorchsWorkers() {
        Dataset<Tensor> random = Dataset.of(8, _ -> Tensors.rand());
        double[] expected = {0.599726, 0.381336, 0.519743, 0.730724, 0.637629, 0.127659, 0.378785, 0.706955};
        double[] second = {0.79014, 0.499952, 0.897979, 0.843423, 0.766985, 0.367853, 0.548458, 0.287342};
        DataLoaderOptions options = DataLoader.options()
                .batchSize(2)
                .generator(Generator.pytorch(11))
                .numWorkers(2);
        try (var loader = DataLoader.of(random, options.persistentWorkers(true))) {
            assertArrayEquals(expected, numbers(loader), 1e-6);
            assertArrayEquals(second, numbers(loader), 1e-6);
        }
        double[] alone = {0.985662, 0.168401, 0.583943, 0.693599, 0.583085, 0.128438, 0.572123, 0.924839};
        try (var loader = DataLoader.of(random, DataLoader.options().batchSize(2));
                var _ = Generator.pytorch(11).use()) {
            assertArrayEquals(alone, numbers(loader), 1e-6);
        }
    }

    private static double[] numbers(DataLoader<Tensor> loader) {
        List<Tensor> batches = new ArrayList<>();
        loader.forEach(batches::add);
        return Tensors.cat(batches).toDoubleArray();
    }
}
