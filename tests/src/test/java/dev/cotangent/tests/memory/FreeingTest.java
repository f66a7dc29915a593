package dev.cotangent.tests.memory;

import static dev.cotangent.Tensors.fromNumpy;
import static dev.cotangent.Tensors.ones;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.NdArray;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Meta;
import dev.cotangent.backend.Storage;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.SGD;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory that the engine knows nobody refers to is used again; what somebody may refer to is not. */
class FreeingTest {
    private static final int N = 128;
    private static final long BYTES = 4L * N * N;

    private static Tensor leaf() {
        return ones(N, N).requiresGrad_();
    }

    private static Storage gradient(Tensor x) {
        Meta meta = x.meta();
        assertNotNull(meta);
        Tensor g = meta.grad();
        assertNotNull(g);
        return g.storage();
    }

    @Test
    void aGradientThatNobodySawIsFreed() {
        Tensor x = leaf();
        x.mm(x).sum().backward();
        Storage unseen = gradient(x);
        x.dropGrad();
        assertTrue(unseen.isClosed());

        x.mm(x).sum().backward();
        Tensor seen = x.grad();
        x.dropGrad();
        assertFalse(seen.storage().isClosed());
        x.mm(x).mul(5).sum().backward();
        assertEquals(2 * N, seen.select(0, 0).select(0, 0).item());
        assertEquals(10 * N, x.grad().select(0, 0).select(0, 0).item());
    }

    @Test
    void aGradientThatWasGivenIsNotFreed() {
        Tensor x = leaf();
        Tensor mine = ones(N, N);
        x.setGrad(mine);
        x.dropGrad();
        assertFalse(mine.storage().isClosed());
    }

    @Test
    void hooksAndFunctionsMayHoldOnToWhatTheySee() {
        Tensor x = leaf();
        List<Tensor> seen = new ArrayList<>();
        Tensor y = x.mm(x);
        y.registerHook(g -> {
            seen.add(g);
            return null;
        });
        y.mul(y).sum().backward();
        x.mm(x).mul(7).sum().backward();
        assertEquals(2 * N, seen.getFirst().select(0, 3).select(0, 3).item());
    }

    @Test
    void arraysSharedWithJavaAreNotUsedAgain() {
        NdArray array;
        try (var _ = Scope.open()) {
            array = ones(N, N).mul(3).numpy();
        }
        try (var _ = Scope.open()) {
            ones(N, N).mul(4);
        }
        double[] expected = new double[N];
        Arrays.fill(expected, 3);
        assertArrayEquals(expected, fromNumpy(array).select(0, 0).toDoubleArray());
    }

    @Test
    void twoGradientsOfOneMemoryAreBothRight() {
        Tensor x = leaf();
        Tensor y = leaf();
        x.add(y).sum().backward();
        x.dropGrad();
        x.mm(x).sum().backward();
        assertEquals(1, y.grad().select(0, 0).select(0, 0).item());
    }

    /** After some steps in scopes, a step makes no large array any more. */
    @Test
    void aTrainingLoopComesToASteadyState() {
        var model = new Sequential(new Linear(N, 4 * N), new ReLU(), new Linear(4 * N, N));
        var optimizer = new SGD(model.parameters(), 0.01, 0.9);
        Tensor images = ones(N, N);
        Runnable step = () -> {
            try (var _ = Scope.open()) {
                optimizer.zeroGrad();
                model.forward(images).square().mean().backward();
                optimizer.step();
            }
        };
        var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 2000 && least >= BYTES * 4; i++) {
            long before = bean.getCurrentThreadAllocatedBytes();
            step.run();
            least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
        }
        // Weights, their gradients and the values between the layers are larger, each.
        long bytes = least;
        assertTrue(bytes < BYTES * 4, () -> "a step still allocates " + bytes + " bytes");
        assertSame(images, images.contiguous());
    }
}
