package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.floatTensor;
import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.Context;
import dev.cotangent.autograd.Function;
import dev.cotangent.autograd.GradCheck;
import dev.cotangent.autograd.Graph;
import dev.cotangent.autograd.Node;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AutogradTest {
    private static void assertElements(@Nullable Tensor t, double... expected) {
        assertNotNull(t);
        assertArrayEquals(expected, t.toDoubleArray(), 1e-6);
    }

    private static final class Cube extends Function {
        @Override
        protected Tensor[] forward(Context ctx, Tensor... in) {
            ctx.saveForBackward(in[0]);
            return new Tensor[] {in[0].mul(in[0]).mul(in[0])};
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... grads) {
            Tensor g = grads[0];
            assertNotNull(g);
            Tensor x = ctx.savedTensors().getFirst();
            return new Tensor[] {g.mul(x).mul(x).mul(3)};
        }
    }

    /** Writes its input in place and says so. */
    private static final class Twice extends Function {
        @Override
        protected Tensor[] forward(Context ctx, Tensor... in) {
            ctx.markDirty(in[0]);
            return new Tensor[] {in[0].mul_(2)};
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... grads) {
            Tensor g = grads[0];
            assertNotNull(g);
            return new Tensor[] {g.mul(2)};
        }
    }

    @Test
    void aUsersFunctionHasGradientsOfEveryOrder() {
        Tensor x = floatTensor(1, 2, 3).requiresGrad_();
        Tensor y = new Cube().apply(x);
        assertElements(y, 1, 8, 27);
        Node node = y.gradFn();
        assertNotNull(node);
        assertEquals("CubeBackward", node.name());
        Tensor g = Autograd.grad(y.sum(), x).createGraph().get();
        assertElements(g, 3, 12, 27);
        assertElements(Autograd.grad(g.sum(), x).get(), 6, 12, 18);
    }

    @Test
    void aUsersFunctionFreesWhatItSaved() {
        Tensor x = floatTensor(1, 2).requiresGrad_();
        Tensor y = new Cube().apply(x).sum();
        y.backward();
        CotangentException e = assertThrows(CotangentException.class, y::backward);
        assertTrue(e.getMessage().startsWith("Trying to backward through the graph a second time"), e.getMessage());
    }

    @Test
    void aUsersFunctionMayWriteInPlace() {
        Tensor x = floatTensor(1, 2).requiresGrad_();
        Tensor y = x.mul(3);
        Tensor z = new Twice().apply(y);
        assertSame(y, z);
        // Once by the write itself, once because the function says that it wrote.
        assertEquals(2, Internals.version(y).current());
        z.sum().backward();
        assertElements(x.grad(), 6, 6);
    }

    @Test
    void nodeHooksSeeAndReplaceGradients() {
        Tensor x = floatTensor(1, 2).requiresGrad_();
        Tensor y = x.mul(3);
        Node node = y.gradFn();
        assertNotNull(node);
        List<Tensor> seen = new ArrayList<>();
        Runnable remove = node.registerHook((in, out) -> {
            Tensor g = in.getFirst();
            assertNotNull(g);
            seen.add(g);
            List<@Nullable Tensor> changed = new ArrayList<>(in);
            changed.set(0, g.mul(10));
            return changed;
        });
        y.sum().backward();
        assertElements(seen.getFirst(), 3, 3);
        assertElements(x.grad(), 30, 30);
        remove.run();
        x.setGrad(null);
        x.mul(3).sum().backward();
        assertElements(x.grad(), 3, 3);
    }

    @Test
    void hooksOfATensorRunBeforeItsGradientIsRetained() {
        Tensor x = floatTensor(1, 2).requiresGrad_();
        Tensor h = x.mul(2);
        h.retainGrad();
        h.registerHook(g -> g == null ? null : g.mul(5));
        h.sum().backward();
        assertElements(h.grad(), 5, 5);
        assertElements(x.grad(), 10, 10);
    }

    @Test
    void aCheckpointComputesAgainAndDrawsNothingNew() {
        AtomicInteger calls = new AtomicInteger();
        Tensor x = floatTensor(0.5f, 1).requiresGrad_();
        Tensor y = Autograd.checkpoint(
                in -> {
                    calls.incrementAndGet();
                    return in[0].exp().mul(in[0]);
                },
                x);
        assertEquals(1, calls.get());
        y.sum().backward();
        assertEquals(2, calls.get());
        assertElements(x.grad(), Math.exp(0.5) * 1.5, Math.E * 2);
    }

    @Test
    void inferenceTensorsStayOutOfAutograd() {
        Tensor x = ones(2).requiresGrad_();
        Tensor y;
        try (var _ = Autograd.inferenceMode()) {
            y = x.mul(2);
        }
        assertTrue(y.isInference());
        assertFalse(y.requiresGrad());
        CotangentException e = assertThrows(CotangentException.class, () -> x.mul(y));
        assertTrue(e.getMessage().startsWith("Inference tensors cannot be saved for backward."), e.getMessage());
        CotangentException w = assertThrows(CotangentException.class, () -> y.add_(1));
        assertTrue(w.getMessage().startsWith("Inplace update to inference tensor outside"), w.getMessage());
    }

    @Test
    void aViewMadeWithoutRecordingMustNotBeWrittenWithIt() {
        Tensor x = ones(3).requiresGrad_().mul(1);
        Tensor v;
        try (var _ = Autograd.noGrad()) {
            v = x.select(0, 0);
        }
        CotangentException e = assertThrows(CotangentException.class, () -> v.mul_(2));
        assertTrue(
                e.getMessage().startsWith("A view was created in no_grad mode and is being modified inplace with grad"),
                e.getMessage());
    }

    @Test
    void modesEndWithTheirGuard() {
        assertTrue(Autograd.isGradEnabled());
        Autograd.noGrad(() -> {
            assertFalse(Autograd.isGradEnabled());
            try (var _ = Autograd.enableGrad()) {
                assertTrue(ones(1).requiresGrad_().mul(2).requiresGrad());
            }
            assertFalse(Autograd.isGradEnabled());
        });
        assertTrue(Autograd.isGradEnabled());
    }

    @Test
    void anomalyModeNamesTheForwardCall() {
        Autograd.setDetectAnomaly(true);
        try {
            Tensor x = zeros(2).requiresGrad_();
            Tensor y = x.div(x).sum();
            CotangentException e = assertThrows(CotangentException.class, y::backward);
            assertEquals("Function 'DivBackward0' returned nan values in its 1th output.", e.getMessage());
            boolean here = false;
            for (StackTraceElement frame : e.getSuppressed()[0].getStackTrace()) {
                here |= frame.getMethodName().equals("anomalyModeNamesTheForwardCall");
            }
            assertTrue(here, "the forward call site is in the trace");
        } finally {
            Autograd.setDetectAnomaly(false);
        }
    }

    @Test
    void leavesThatShareAGradientDoNotShareItsMemory() {
        Tensor a = ones(2).requiresGrad_();
        Tensor b = ones(2).requiresGrad_();
        a.add(b).sum().backward();
        Tensor g = a.grad();
        assertNotNull(g);
        g.zero_();
        assertElements(b.grad(), 1, 1);
    }

    @Test
    void aGradientTakenEarlierSeesTheSum() {
        Tensor x = ones(2).requiresGrad_();
        x.mul(3).sum().backward();
        Tensor g = x.grad();
        x.mul(3).sum().backward();
        assertSame(g, x.grad());
        assertElements(g, 6, 6);
    }

    @Test
    void gradcheckAcceptsTheRightAndFindsTheWrong() {
        Tensor x = floatTensor(0.3f, 0.7f).to(Dtype.FLOAT64).detach().requiresGrad_();
        new GradCheck().checkOne(in -> in.getFirst().exp().mul(in.getFirst()), x);
        new GradCheck().checkSecond(in -> List.of(in.getFirst().exp().mul(in.getFirst())), x);
        Function wrong = new Function() {
            @Override
            protected Tensor[] forward(Context ctx, Tensor... in) {
                return new Tensor[] {in[0].mul(3)};
            }

            @Override
            protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
                Tensor given = g[0];
                assertNotNull(given);
                return new Tensor[] {given.mul(2)};
            }
        };
        CotangentException e = assertThrows(
                CotangentException.class, () -> new GradCheck().checkOne(in -> wrong.apply(in.getFirst()), x));
        assertTrue(
                e.getMessage().startsWith("Jacobian mismatch for output 0 with respect to input 0: element 0"),
                e.getMessage());
    }

    @Test
    void theGraphAsText() {
        Tensor x = ones(2, 3).requiresGrad_();
        String dot = Graph.toDot(x.mul(x).sum());
        assertEquals("""
            digraph autograd {
              node [shape=box, fontname="monospace"];
              n0 [label="SumBackward0"];
              n0 -> n1;
              n1 [label="MulBackward0"];
              n1 -> n2;
              n1 -> n2;
              n2 [label="torch.FloatTensor\\n[2, 3]", style=filled, fillcolor=lightblue];
            }
            """, dot);
    }

    @Test
    void inPlaceWritesThroughOverlappingMemoryAreRefused() {
        Tensor x = ones(1, 3).expand(2, 3);
        CotangentException e = assertThrows(CotangentException.class, () -> x.add_(1));
        assertTrue(e.getMessage().startsWith("unsupported operation: more than one element"), e.getMessage());
        assertNull(x.grad());
    }

    @Test
    void aGradientLiesInMemoryAsItsLeafDoes() {
        for (int n : new int[] {3, 100}) {
            Tensor x = ones(n, 2).requiresGrad_();
            Tensor across = ones(2, n).t().requiresGrad_();
            Tensor gaps = ones(n, 4).narrow(1, 0, 2).t().detach().requiresGrad_();
            x.t().mul(ones(2, n)).sum().backward();
            across.mul(2).sum().backward();
            gaps.mul(2).sum().backward();
            assertArrayEquals(new long[] {2, 1}, Internals.layout(x.grad()).strides());
            assertEquals(2 * n, x.grad().view(-1).sum().itemDouble());
            assertArrayEquals(new long[] {1, n}, Internals.layout(across.grad()).strides());
            assertArrayEquals(new long[] {n, 1}, Internals.layout(gaps.grad()).strides());
        }
    }

    @Test
    void powersThatAreRootsAreComputedAsRoots() {
        double inf = Double.POSITIVE_INFINITY;
        Tensor x = tensor(new double[] {-0.0, 0, 4, -inf, inf}).requiresGrad_();
        Tensor root = x.pow(0.5);
        assertEquals("PowBackward0", root.gradFn().name());
        assertArrayEquals(new double[] {-0.0, 0, 2, Double.NaN, inf}, root.toDoubleArray());
        assertArrayEquals(
                new double[] {-inf, inf, 0.5, Double.NaN, 0}, x.pow(-0.5).toDoubleArray());
        assertArrayEquals(
                new double[] {0, 0, 2, inf, inf}, x.pow(x.fullLike(0.5)).toDoubleArray());
        root.sum().backward();
        assertArrayEquals(
                new double[] {-inf, inf, 0.25, Double.NaN, 0}, x.grad().toDoubleArray());
        Tensor y = tensor(new double[] {0.5, 4}).requiresGrad_();
        new GradCheck().checkSecond(in -> List.of(in.get(0).pow(0.5)), y);
        new GradCheck().checkSecond(in -> List.of(in.get(0).pow(-0.5)), y);
    }

    @Test
    void theNextNumberMovesWithTheNumber() {
        Tensor x = tensor(new double[] {1, 2, 3, Double.NaN, Double.POSITIVE_INFINITY})
                .requiresGrad_();
        Tensor to = tensor(new double[] {2, 2, 1, 1, 1}).requiresGrad_();
        Tensor y = x.nextafter(to);
        assertEquals("NextafterBackward0", y.gradFn().name());
        y.backward(tensor(new double[] {5, 6, 7, 8, 9}));
        assertElements(x.grad(), 5, 0, 7, 8, 9);
        assertElements(to.grad(), 0, 0, 0, 0, 0);
    }

    @Test
    void aMeanOverDimensionsKeepsNothing() {
        Tensor x = ones(2, 3).requiresGrad_().mul(1);
        Tensor y = x.mean(new int[] {1});
        assertEquals(List.of(), y.gradFn().savedTensors());
        x.mul_(2);
        y.sum().backward();
    }

    @Test
    void numbersBesideHalfTypesAreRoundedToThem() {
        Tensor x = tensor(new double[] {0.1, 0.3}).to(Dtype.BFLOAT16);
        for (Tensor tenth : List.of(Tensor.of(0.1), tensor(new double[] {0.1}).select(0, 0))) {
            assertArrayEquals(new boolean[] {true, false}, x.eq(tenth).toBooleanArray());
        }
        assertArrayEquals(new boolean[] {true, false}, x.eq(0.1).toBooleanArray());
        assertArrayEquals(new boolean[] {true, false}, x.le(0.1).toBooleanArray());
        assertArrayEquals(
                new boolean[] {true, false},
                x.to(Dtype.FLOAT16).eq(x.to(Dtype.FLOAT16).get(0).itemDouble()).toBooleanArray());
        assertElements(x.rsub(0.3), 0.201171875, 0);
        assertElements(x.onesLike().add(257), 256, 256);
        // Products and quotients take all bits.
        assertElements(x.onesLike().mul(6).div(1.7), 3.53125, 3.53125);
        assertElements(x.onesLike().mul(2.5).mul(0.3), 0.75, 0.75);
    }

    @Test
    void aBackwardToInputsKeepsTheGradientsOfThoseThatAreNoLeaves() {
        Tensor x = floatTensor(1, 2).requiresGrad_();
        Tensor y = x.mul(3);
        Tensor z = y.mul(y);
        z.sum().backward(Autograd.options().retainGraph(true).inputs(y, x, x));
        assertTrue(y.retainsGrad());
        assertElements(y.grad(), 6, 12);
        assertElements(x.grad(), 18, 36);
        z.sum().backward(Autograd.options().inputs(y));
        assertElements(y.grad(), 12, 24);
        assertElements(x.grad(), 18, 36);
    }

    @Test
    void aViewThatMustNotBeWrittenMustNotBeSoThroughItsBaseEither() {
        Tensor x = floatTensor(1, 2).requiresGrad_();
        Tensor y = x.mul(1);
        Tensor part = y.unbind().getFirst();
        Tensor quiet;
        try (var _ = Autograd.noGrad()) {
            quiet = y.narrow(0, 0, 1);
        }
        y.mul_(2);
        assertTrue(part.requiresGrad());
        assertNull(quiet.grad());
        String multiple = "Output 0 of Unbind is a view and its base or another view of its base has been modified"
                + " inplace. This view is the output of a function that returns multiple views. Such functions do not"
                + " allow the output views to be modified inplace. You should replace the inplace operation by an"
                + " out-of-place one.";
        assertEquals(
                multiple,
                assertThrows(CotangentException.class, () -> part.mul(2)).getMessage());
        assertEquals(
                multiple, assertThrows(CotangentException.class, part::gradFn).getMessage());
        String message =
                assertThrows(CotangentException.class, () -> quiet.mul(2)).getMessage();
        assertTrue(message.startsWith("A view was created in no_grad mode and its base or another view of its base has"
                + " been modified inplace with grad mode enabled. Given that"));
        try (var _ = Autograd.noGrad()) {
            assertElements(part.mul(2), 4);
        }
        try (var scope = Scope.open()) {
            scope.keep(part);
        }
        assertElements(part.detach(), 2);
    }
}
