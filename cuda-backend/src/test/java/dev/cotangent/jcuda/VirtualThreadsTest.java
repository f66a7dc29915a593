package dev.cotangent.jcuda;

import static dev.cotangent.Tensors.floatTensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tests that the device is made current where a virtual thread runs, which changes its carrier whenever it waits. */
class VirtualThreadsTest extends OnEmulator {
    @Test
    void virtualThreadsWorkOnTwoDevices() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<float[]>> results = new ArrayList<>();
            for (int k = 0; k < 64; k++) {
                int number = k;
                results.add(threads.submit(() -> {
                    Tensor x = floatTensor(number, 1).to(Device.cuda(number % 2));
                    for (int i = 0; i < 5; i++) {
                        Thread.yield();
                        x = x.add(1);
                        Thread.yield();
                        x = x.to(Device.cuda((number + i) % 2));
                    }
                    Thread.yield();
                    return floats(x.reshape(1, 2)
                            .matmul(floatTensor(1, 0, 0, 2).to(x.device()).reshape(2, 2)));
                }));
            }
            for (int k = 0; k < 64; k++) {
                assertArrayEquals(new float[] {k + 5, 12}, results.get(k).get(), "thread " + k);
            }
        }
    }
}
