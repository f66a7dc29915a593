package dev.cotangent.tests.memory;

import static dev.cotangent.Dtype.BOOL;
import static dev.cotangent.Dtype.FLOAT32;
import static dev.cotangent.Dtype.FLOAT64;
import static dev.cotangent.Dtype.INT64;
import static dev.cotangent.Tensors.arange;
import static dev.cotangent.Tensors.cat;
import static dev.cotangent.Tensors.fromNumpy;
import static dev.cotangent.Tensors.full;
import static dev.cotangent.Tensors.linspace;
import static dev.cotangent.Tensors.manualSeed;
import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.rand;
import static dev.cotangent.Tensors.randint;
import static dev.cotangent.Tensors.randn;
import static dev.cotangent.Tensors.randperm;
import static dev.cotangent.Tensors.shape;
import static dev.cotangent.Tensors.stack;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.MemoryFormat;
import dev.cotangent.NdArray;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Storage;
import dev.cotangent.cli.ChildJvm;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.AutogradMeta;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.SGD;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Memory that the engine knows nobody refers to is used again; what somebody may refer to is not. */
class FreeingTest {
    private static final int N = 128;
    private static final long BYTES = 4L * N * N;
    private static final int STEPS = 50;

    private static Tensor leaf() {
        return ones(N, N).requiresGrad_();
    }

    private static Storage gradient(Tensor x) {
        AutogradMeta meta = Internals.meta(x);
        assertNotNull(meta);
        Tensor g = meta.grad();
        assertNotNull(g);
        return Internals.storage(g);
    }

    @Test
    void aGradientThatNobodySawIsFreed() {
        Tensor x = leaf();
        x.mm(x).sum().backward();
        Storage unseen = gradient(x);
        Internals.clearGrad(x);
        assertTrue(unseen.isClosed());

        x.mm(x).sum().backward();
        Tensor seen = x.grad();
        Internals.clearGrad(x);
        assertFalse(Internals.storage(seen).isClosed());
        x.mm(x).mul(5).sum().backward();
        assertEquals(2 * N, seen.select(0, 0).select(0, 0).itemDouble());
        assertEquals(10 * N, x.grad().select(0, 0).select(0, 0).itemDouble());
    }

    @Test
    void aGradientThatWasGivenIsNotFreed() {
        Tensor x = leaf();
        Tensor mine = ones(N, N);
        x.setGrad(mine);
        Internals.clearGrad(x);
        assertFalse(Internals.storage(mine).isClosed());
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
        assertEquals(2 * N, seen.getFirst().select(0, 3).select(0, 3).itemDouble());
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

    /** Checks results that are allocated uninitialized and fully overwritten. */
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
        for (UnaryOperator<Tensor> op : all) isWritten(op, x);
    }

    /** Checks the same for operations that move, sort, scan or create elements. */
    @Test
    void whatLayInMemoryBeforeIsNotSeenWhereElementsMove() {
        Tensor x = arange(16L * N).mul(37).remainder(101).view(2, 8, N / 8, 8).to(FLOAT32);
        Tensor rows = x.view(16, N);
        Tensor down = arange(N - 1, -1, -1);
        Tensor mask = rows.gt(50);
        Tensor at = rows.argsort(1);
        List<UnaryOperator<Tensor>> all = List.of(
                t -> cat(List.of(t, t.mul(2)), 1),
                t -> cat(List.of(t.transpose(1, 3), t.transpose(1, 3)), 3),
                t -> cat(List.of(t, t.to(FLOAT64)), 0),
                t -> stack(List.of(t, t.mul(2), t), 2),
                t -> t.repeat(1, 2, 1, 3),
                t -> t.flip(1, 3),
                t -> t.transpose(0, 2).flip(0),
                t -> t.roll(new long[] {3, -1}, 2, 0),
                t -> t.cumsum(2),
                t -> t.cumprod(3),
                t -> t.to(INT64).cumsum(0),
                t -> t.cummax(1).values(),
                t -> t.cummax(1).indices(),
                t -> t.view(16, N).sort(1).values(),
                t -> t.view(16, N).t().sort(1, true).indices(),
                t -> t.view(16, N).topk(N / 2).values(),
                t -> t.view(16, N).indexSelect(1, down),
                t -> t.view(16, N).gather(1, at),
                t -> t.view(16, N).get(at.select(0, 0).remainder(16), at.select(0, 1)),
                t -> t.take(at),
                t -> t.view(16, N).maskedSelect(mask),
                t -> t.maskedScatter(t.gt(50), t.mul(-1)),
                t -> t.view(16, N).gt(50).nonzero(),
                t -> t.view(16, N).tril(1),
                t -> t.view(N, 16).triu(),
                t -> t.pad(1, 2, 3, 0),
                t -> t.onesLike(),
                t -> t.fullLike(7),
                t -> arange(t.numel()).add(t.flatten().to(INT64)),
                t -> linspace(0, 1, t.numel()).mul(t.flatten()),
                t -> t.flatten().sort(0).values().searchsorted(t, false, false, null, null),
                t -> t.isin(t.view(16, N).select(0, 1), false, false).to(FLOAT32),
                t -> seeded(() -> rand(16, N)).add(t.view(16, N)),
                t -> seeded(() -> randn(FLOAT64, 16, N)),
                t -> seeded(() -> randint(0, 9, shape(16, N))),
                t -> seeded(() -> randperm(t.numel())),
                t -> seeded(() -> t.dropout(0.5, true)),
                t -> gradient(t, y -> cat(List.of(y, y.mul(2)), 1)),
                t -> gradient(t, y -> y.cumsum(2)),
                t -> gradient(t, y -> y.view(16, N).gather(1, at)),
                t -> gradient(t, y -> y.flip(1)));
        for (UnaryOperator<Tensor> op : all) isWritten(op, x);
    }

    private static Tensor seeded(Supplier<Tensor> op) {
        manualSeed(5);
        return op.get();
    }

    /** Checks that an operation has the same result in memory with other contents. */
    private static void isWritten(UnaryOperator<Tensor> op, Tensor x) {
        Tensor before = op.apply(x);
        double[] expected = before.toDoubleArray();
        try (var _ = Scope.open()) {
            for (long n : new long[] {expected.length, x.numel()}) {
                for (int i = 0; i < 8; i++) {
                    for (Dtype d : List.of(FLOAT32, FLOAT64)) full(shape(n), Double.NaN, d);
                    full(shape(n), -1, INT64);
                    full(shape(n), 1, BOOL);
                }
            }
        }
        assertArrayEquals(expected, op.apply(x).toDoubleArray(), () -> "" + before);
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
        Internals.clearGrad(x);
        x.mm(x).sum().backward();
        assertEquals(1, y.grad().select(0, 0).select(0, 0).itemDouble());
    }

    /**
     * Says how many bytes a step in a scope allocates at least. For a process of its own with scalar loops: vectors are
     * allocated until the compiler has come to their loops, however long that takes.
     */
    public static void main(String[] args) {
        var model = new Sequential(new Linear(N, 4 * N), new ReLU(), new Linear(4 * N, N));
        var optimizer = new SGD(model.parameters(), SGD.options().lr(0.01).momentum(0.9));
        Tensor images = ones(N, N);
        var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < STEPS; i++) {
            long before = bean.getCurrentThreadAllocatedBytes();
            try (var _ = Scope.open()) {
                optimizer.zeroGrad();
                model.forward(images).square().mean().backward();
                optimizer.step();
            }
            least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
        }
        System.out.println(least);
    }

    /** Checks that after some steps in scopes a step allocates no large array. */
    @Test
    void aTrainingLoopComesToASteadyState() throws Exception {
        List<String> command = ChildJvm.command(List.of("-Dcotangent.vector=off"), FreeingTest.class);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        long bytes = Long.parseLong(said.strip());
        // Weights, their gradients and the values between the layers are larger, each.
        assertTrue(bytes < BYTES * 4, () -> "a step still allocates " + bytes + " bytes");
    }
}
