package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.tests.autograd.Waves.assertThrowsSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.NodePreHook;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The hooks of a backward pass, in PyTorch 2.13's order and with its values. */
final class EngineHooksTest {
    private final List<String> log = new ArrayList<>();

    private static String text(@Nullable Tensor t) {
        return t == null ? "None" : Arrays.toString(t.toDoubleArray());
    }

    private static String text(List<@Nullable Tensor> tensors) {
        return tensors.stream().map(EngineHooksTest::text).toList().toString();
    }

    @Test
    void runInPyTorchsOrder() {
        Tensor x = tensor(new double[] {1, 2}).requiresGrad_();
        Tensor y = x.mul(3);
        y.registerHook(g -> {
            log.add("tensor " + text(g));
            return g.mul(2);
        });
        y.gradFn().registerPreHook(g -> {
            log.add("pre " + text(g));
            return List.of(g.getFirst().mul(5));
        });
        y.gradFn().registerHook((in, out) -> {
            log.add("post " + text(in) + " " + text(out));
            return null;
        });
        y.retainGrad();
        x.registerHook(g -> {
            log.add("x " + text(g));
            return null;
        });
        x.registerPostAccumulateGradHook(leaf -> log.add("accumulated " + text(leaf.grad())));
        y.sum().backward(Autograd.options().retainGraph());
        List<String> first = List.of(
                "tensor [1.0, 1.0]",
                "pre [[2.0, 2.0]]",
                "post [[30.0, 30.0], None] [[10.0, 10.0]]",
                "x [30.0, 30.0]",
                "accumulated [30.0, 30.0]");
        assertEquals(first, log);
        assertArrayEquals(new double[] {2, 2}, y.grad().toDoubleArray());
        log.clear();
        var grads = Autograd.grad(y.sum(), y, x).retainGraph().run();
        assertEquals(first.subList(0, 4), log);
        assertArrayEquals(new double[] {1, 1}, grads.get(0).toDoubleArray());
        assertArrayEquals(new double[] {30, 30}, grads.get(1).toDoubleArray());
        log.clear();
        y.sum().backward(Autograd.options().retainGraph().inputs(x));
        assertEquals("accumulated [60.0, 60.0]", log.getLast());
        assertEquals(first.subList(0, 4), log.subList(0, 4));
        log.clear();
        assertArrayEquals(
                new double[] {2, 2},
                Autograd.grad(y.sum(), y).retainGraph().get().toDoubleArray());
    }

    private static Tensor throughNode(NodePreHook hook) {
        Tensor x = ones(2).requiresGrad_();
        Tensor y = x.mul(2);
        y.gradFn().registerPreHook(hook);
        y.sum().backward();
        return x.grad();
    }

    @Test
    void beforeNodesKeepNumberShapeAndType() {
        assertThrowsSaying(
                "hook '<lambda>' has returned an incorrect number of values (got 2, but expected 1)",
                () -> throughNode(g -> List.of(g.getFirst(), g.getFirst())));
        assertThrowsSaying("hook '<lambda>' has changed the size of value", () -> throughNode(g -> List.of(ones(3))));
        assertThrowsSaying(
                "hook '<lambda>' has changed the type of value (was torch.FloatTensor got torch.DoubleTensor)",
                () -> throughNode(g -> List.of(g.getFirst().to(Dtype.FLOAT64))));
        assertArrayEquals(new double[] {2, 2}, throughNode(g -> null).toDoubleArray());
    }

    @Test
    void canBeRemoved() {
        Tensor x = ones(2).requiresGrad_();
        Runnable after = x.registerPostAccumulateGradHook(leaf -> log.add("after"));
        Tensor y = x.mul(2);
        Runnable before = y.gradFn().registerPreHook(g -> {
            log.add("before");
            return null;
        });
        y.sum().backward(Autograd.options().retainGraph());
        before.run();
        after.run();
        y.sum().backward();
        assertEquals(List.of("before", "after"), log);
    }

    @Test
    void afterAccumulationNeedLeaves() {
        Tensor x = ones(2).requiresGrad_();
        assertThrowsSaying(
                "post accumulate grad hooks cannot be registered on non-leaf tensors",
                () -> x.mul(2).registerPostAccumulateGradHook(t -> {}));
        assertThrowsSaying(
                "cannot register a hook on a tensor that doesn't require gradient",
                () -> ones(2).registerPostAccumulateGradHook(t -> {}));
    }

    /** Runs an optimiser's step in the backward pass, which frees every gradient at once. */
    @Test
    void afterAccumulationMayTakeTheGradient() {
        Tensor w = ones(64, 64).requiresGrad_();
        Tensor v = ones(64, 64).requiresGrad_();
        for (Tensor p : List.of(w, v)) {
            p.registerPostAccumulateGradHook(leaf -> {
                Autograd.noGrad(() -> {
                    leaf.sub_(leaf.grad().mul(0.125));
                });
                Internals.clearGrad(leaf);
            });
        }
        for (int step = 0; step < 3; step++) {
            w.mul(2).add(v.mul(3)).sum().backward();
            assertNull(w.grad());
        }
        assertEquals(1 - 3 * 2 * 0.125, w.get(63, 63).item());
        assertEquals(1 - 3 * 3 * 0.125, v.get(0, 0).item());
        Tensor u = ones(64, 64).requiresGrad_();
        u.registerPostAccumulateGradHook(Internals::clearGrad);
        u.mul(3).exp().sum().backward();
        assertNull(u.grad());
    }

    @Test
    void onSeveralTensors() {
        Tensor a = ones(2).requiresGrad_();
        Tensor b = ones(2).requiresGrad_();
        Tensor c = a.mul(b);
        Tensor d = a.mul(b);
        Runnable handle = Autograd.registerMultiGradHook(
                List.of(a, b, c, d),
                grads -> log.add(grads.stream().map(Objects::nonNull).toList().toString()));
        var again = Autograd.options().retainGraph();
        c.sum().backward(again);
        c.sum().backward(again.inputs(a));
        c.add(d).sum().backward(again);
        Autograd.grad(c.sum(), a).retainGraph().run();
        assertEquals(
                List.of(
                        "[true, true, true, false]",
                        "[true, false, true, false]",
                        "[true, true, true, true]",
                        "[true, false, true, false]"),
                log);
        handle.run();
        c.sum().backward(again);
        assertEquals(4, log.size());
    }

    @Test
    void onTheFirstOfSeveralTensors() {
        Tensor a = ones(2).requiresGrad_();
        Tensor b = a.mul(2);
        Tensor c = a.mul(3);
        Autograd.registerAnyGradHook(List.of(a, b, c, ones(1)), g -> log.add(text(g)));
        b.add(c).mul(7).sum().backward(Autograd.options().retainGraph());
        assertEquals(List.of("[7.0, 7.0]"), log);
        a.mul(5).sum().backward();
        assertEquals(List.of("[7.0, 7.0]", "[5.0, 5.0]"), log);
    }

    @Test
    void atTheEnd() {
        Tensor w = ones(1).requiresGrad_();
        Tensor q = w.mul(2);
        q.registerHook(g -> {
            Autograd.queueCallback(() -> {
                log.add("callback");
                Autograd.queueCallback(() -> log.add("another"));
            });
            return null;
        });
        w.registerPostAccumulateGradHook(leaf -> log.add("accumulated"));
        q.backward();
        assertEquals(List.of("accumulated", "callback", "another"), log);
        assertThrowsSaying(
                "Final callbacks can only be installed during backward pass.",
                () -> Autograd.queueCallback(() -> log.add("never")));
    }

    @Test
    void ofALeafStayWithItsNextNode() {
        Tensor x = ones(2).requiresGrad_();
        x.registerPostAccumulateGradHook(leaf -> log.add(leaf.dtype().toString()));
        x.mul(3).sum().backward();
        x.setData(ones(3).to(Dtype.FLOAT64));
        x.setGrad(null);
        x.mul(3).sum().backward();
        assertEquals(List.of("torch.float32", "torch.float64"), log);
    }

    @Test
    void gradientsThatAreMissingOrInBatches() {
        Tensor u = ones(2).requiresGrad_();
        Tensor v = ones(2).requiresGrad_();
        var grads = Autograd.grad(u.mul(2).sum(), u, v).materializeGrads().run();
        assertArrayEquals(new double[] {2, 2}, grads.get(0).toDoubleArray());
        assertArrayEquals(new double[] {0, 0}, grads.get(1).toDoubleArray());
        Tensor o = u.mul(tensor(new float[] {2, 3}));
        Tensor eye = tensor(new float[][] {{1, 0}, {0, 1}});
        Tensor g = Autograd.grad(o, u).gradOutputs(eye).isGradsBatched().get();
        assertEquals(List.of(2L, 2L), List.of(g.size(0), g.size(1)));
        assertArrayEquals(new double[] {2, 0, 0, 3}, g.toDoubleArray());
        Tensor p = u.mul(2);
        assertThrowsSaying(
                "If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the batch"
                        + " dimension. The sizes of the remaining dimensions are expected to match the shape of"
                        + " corresponding output, but a mismatch was detected: grad_output[0] has a shape of"
                        + " torch.Size([3, 3]) and output[0] has a shape of torch.Size([2]).",
                () -> Autograd.grad(p, u)
                        .gradOutputs(ones(3, 3))
                        .isGradsBatched()
                        .run());
    }
}
