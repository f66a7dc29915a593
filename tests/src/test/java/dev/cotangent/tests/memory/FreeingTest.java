package dev.cotangent.tests.memory;

import static dev.cotangent.Dtype.FLOAT32;
import static dev.cotangent.Dtype.FLOAT64;
import static dev.cotangent.Tensors.arange;
import static dev.cotangent.Tensors.fromNumpy;
import static dev.cotangent.Tensors.full;
import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.shape;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.MemoryFormat;
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
import java.util.function.UnaryOperator;
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

    /** Results that are written whole are made in memory as it was left. */
    @Test
    void whatLayInMemoryBeforeIsNotSeen() {
        Tensor x = arange(16L * N).view(2, 8, N / 8, 8).to(FLOAT32).div(16 * N).contiguous();
        List<UnaryOperator<Tensor>> all = List.of(
                t -> t.clone(),
                t -> t.transpose(1, 3).clone(),
                t -> t.transpose(1, 3).contiguous(),
                t -> t.clone(MemoryFormat.CHANNELS_LAST),
                t -> t.to(FLOAT64),
                t -> t.expand(2, 8, N / 8, 8).to(FLOAT64).to(FLOAT32),
                t -> t.softmax(3),
                t -> t.view(16, N).logSoftmax(-1),
                t -> t.view(16, N).t().softmax(0),
                t -> t.layerNorm(8),
                t -> gradient(t, y -> y.view(16, N).softmax(-1)),
                t -> gradient(t, y -> y.layerNorm(N / 8, 8)));
        for (UnaryOperator<Tensor> op : all) {
            double[] expected = op.apply(x).toDoubleArray();
            try (var _ = Scope.open()) {
                for (int i = 0; i < 8; i++)
                    for (Dtype d : List.of(FLOAT32, FLOAT64)) full(shape(expected.length), Double.NaN, d, null);
            }
            assertArrayEquals(expected, op.apply(x).toDoubleArray());
        }
    }

    private static Tensor gradient(Tensor x, UnaryOperator<Tensor> op) {
        Tensor leaf = x.detach().requiresGrad_();
        op.apply(leaf).square().sum().backward();
        return leaf.grad();
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
