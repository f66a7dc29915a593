package dev.cotangent.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Device;
import dev.cotangent.Scope;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.emulator.EmulatedCuda;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches on an emulated CUDA device. */
@Timeout(120)
class DeviceTest {
    private static final Device CUDA = Device.cuda(0);

    @BeforeAll
    static void open() {
        String obstacle = EmulatedCuda.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), obstacle);
        System.setProperty(
                "cotangent.cuda.path", EmulatedCuda.install().folder().toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void batchesAreOnTheDeviceAndBelongToTheScopeTheyAreTakenIn(int workers) {
        Tensor there = Tensors.ones(1).to(CUDA);
        Dataset<Example<Tensor>> data =
                Dataset.of(12, i -> new Example<>(Tensors.full(Shape.of(64), i), Tensors.tensor(i)));
        List<Tensor> batches = new ArrayList<>();
        DataLoaderOptions options =
                DataLoader.options().batchSize(2).numWorkers(workers).device(CUDA);
        try (var loader = DataLoader.of(data, options)) {
            double sum = 0;
            SampleIterator<Example<Tensor>> iterator = loader.iterator();
            while (iterator.hasNext()) {
                try (var _ = Scope.open()) {
                    Example<Tensor> batch = iterator.next();
                    assertEquals(CUDA, batch.input().device());
                    assertEquals(CUDA, batch.target().device());
                    sum += batch.input().mul(there).sum().itemDouble();
                    batches.add(batch.input());
                }
            }
            assertEquals(64 * 66, sum);
            for (Tensor t : batches) assertTrue(Internals.storage(t).isClosed());
            for (Example<Tensor> batch : loader) batches.add(batch.input());
            for (Tensor t : batches.subList(6, 12))
                assertFalse(Internals.storage(t).isClosed());
        }
        // What the dataset has on the device already is its own: no scope frees it.
        Tensor own = Tensors.ones(2).to(CUDA);
        try (var loader = DataLoader.samples(
                Dataset.of(List.of(own)),
                DataLoader.options().numWorkers(workers).device(CUDA))) {
            try (var _ = Scope.open()) {
                assertEquals(2, loader.iterator().next().sum().itemDouble());
            }
        }
        assertFalse(Internals.storage(own).isClosed());
        assertEquals("", EmulatedCuda.install().diagnostics());
    }
}
