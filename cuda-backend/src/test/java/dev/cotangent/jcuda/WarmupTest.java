package dev.cotangent.jcuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.ValueException;
import dev.cotangent.cuda.Cuda;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the compilation of kernels ahead of time. */
class WarmupTest extends OnEmulator {
    @Test
    void everyStepRunsAndTheGeneratorIsRestored() {
        Generator.State before = Generator.standard().state();
        List<String> reported = new ArrayList<>();
        int steps = Cuda.warmup(Device.cuda(), List.of(Dtype.FLOAT32), (done, all, what) -> {
            reported.add(what);
            assertEquals(reported.size(), done);
            assertTrue(done <= all);
        });
        assertEquals(steps, reported.size());
        assertTrue(reported.contains("softmax of float32"), reported.toString());
        assertEquals(before, Generator.standard().state());
        assertThrows(
                ValueException.class, () -> Cuda.warmup(Device.cuda(), List.of(Dtype.INT64), (done, all, what) -> {}));
    }
}
