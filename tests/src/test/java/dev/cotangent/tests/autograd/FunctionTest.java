package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.Context;
import dev.cotangent.autograd.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Functions of users, at their edges. The numbers and messages are PyTorch 2.13's. */
final class FunctionTest {
    private interface Forward {
        @Nullable
        Tensor @Nullable [] of(Context ctx, Tensor[] in);
    }

    private interface Backward {
        @Nullable
        Tensor @Nullable [] of(Context ctx, @Nullable Tensor[] g);
    }

    private static final class Fn extends Function {
        private final Forward forward;
        private final Backward backward;

        Fn(Forward forward, Backward backward) {
            this.forward = forward;
            this.backward = backward;
        }

        @Override
        @SuppressWarnings("NullAway")
        protected Tensor[] forward(Context ctx, Tensor... in) {
            return forward.of(ctx, in);
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
            return backward.of(ctx, g);
        }
    }

    private static @Nullable Tensor[] all(@Nullable Tensor... tensors) {
        return tensors;
    }

    private static void assertElements(@Nullable Tensor t, double... expected) {
        assertNotNull(t);
        assertArrayEquals(expected, t.flatten().toDoubleArray(), 1e-6);
    }

    private static String messageOf(Runnable work) {
        return assertThrows(CotangentException.class, work::run).getMessage();
    }

    private static Tensor leaf() {
        return ones(2).requiresGrad_();
    }

    @Test
    void mayWriteSeveralInputs() {
        Function f = new Fn(
                (ctx, in) -> {
                    ctx.markDirty(in[0], in[1]);
                    return all(in[0].mul_(2), in[1].mul_(3));
                },
                (ctx, g) -> all(g[0].mul(2), g[1].mul(3)));
        Tensor x = leaf();
        Tensor a = x.mul(1);
        Tensor b = x.mul(1);
        Tensor[] out = f.applyAll(a, b);
        assertSame(a, out[0]);
        assertSame(b, out[1]);
        assertEquals(1, b.outputIndex());
        assertSame(a.gradFn(), b.gradFn());
        a.add(b.mul(10)).sum().backward();
        assertElements(x.grad(), 32, 32);
    }

    @Test
    void mayReturnAWrittenInputAsAnyOutput() {
        Function f = new Fn(
                (ctx, in) -> {
                    ctx.markDirty(in[0]);
                    return all(in[1].mul(3), in[0].mul_(2));
                },
                (ctx, g) -> all(g[1].mul(2), g[0].mul(3)));
        Tensor x = leaf();
        Tensor a = x.mul(1);
        Tensor[] out = f.applyAll(a, x.mul(1));
        assertSame(a, out[1]);
        assertEquals(1, a.outputIndex());
        out[0].add(a.mul(10)).sum().backward();
        assertElements(x.grad(), 23, 23);
    }

    @Test
    void mayWriteAViewThatIsAnyInput() {
        for (int place = 0; place < 2; place++) {
            int written = place;
            Function f = new Fn(
                    (ctx, in) -> {
                        ctx.markDirty(in[written]);
                        return all(in[written].copy_(in[1 - written]));
                    },
                    (ctx, g) -> written == 0 ? all(null, g[0]) : all(g[0], null));
            Tensor x = leaf();
            Tensor base = zeros(4);
            Tensor view = base.narrow(0, 1, 2);
            Tensor out = written == 0 ? f.apply(view, x) : f.apply(x, view);
            assertSame(view, out);
            assertEquals("torch::autograd::CopySlices", base.gradFn().name());
            base.mul(tensor(new float[] {1, 2, 3, 4})).sum().backward();
            assertElements(x.grad(), 2, 3);
        }
    }

    private static Fn doubling(boolean alsoAnother) {
        return new Fn(
                (ctx, in) -> {
                    ctx.markDirty(in[0]);
                    Tensor t = in[0].mul_(2);
                    return alsoAnother ? all(t, t.mul(3)) : all(t);
                },
                (ctx, g) -> all(g[0].mul(2)));
    }

    @Test
    void mustNotWriteJustAnything() {
        assertEquals(
                "a leaf Variable that requires grad has been used in an in-place operation.",
                messageOf(() -> doubling(false).apply(leaf())));
        assertEquals(
                "a view of a leaf Variable that requires grad is being used in an in-place operation.",
                messageOf(() -> doubling(false).apply(leaf().narrow(0, 0, 1))));
        Tensor view = leaf().mul(1).narrow(0, 0, 1);
        assertTrue(messageOf(() -> doubling(true).applyAll(view))
                .startsWith("If your Function modifies inplace an input that is a view of another Tensor, your Function"
                        + " cannot return more than one Tensor."));
        Function forgetful = new Fn(
                (ctx, in) -> {
                    ctx.markDirty(in[0]);
                    return all(in[0].mul_(2).mul(3));
                },
                (ctx, g) -> all(g[0].mul(6)));
        assertEquals(
                "Some elements marked as dirty during the forward method were not returned as output. The inputs that"
                        + " are modified inplace must all be outputs of the Function.",
                messageOf(() -> forgetful.apply(leaf().mul(1))));
        Function overeager = new Fn(
                (ctx, in) -> {
                    Tensor result = in[0].mul(2);
                    ctx.markDirty(result);
                    return all(result);
                },
                (ctx, g) -> all(g[0].mul(2)));
        Tensor x = leaf();
        overeager.apply(x).sum().backward();
        assertElements(x.grad(), 2, 2);
        Tensor plain = ones(2);
        assertSame(plain, doubling(false).apply(plain));
        assertFalse(plain.requiresGrad());
    }

    @Test
    void viewsThatItReturnsMustNotBeWritten() {
        String message = "Output 0 of Fn is a view and %s modified inplace. This view was created inside a custom"
                + " Function (or because an input was returned as-is) and the autograd logic to handle view+inplace"
                + " would override the custom backward associated with the custom Function, leading to incorrect"
                + " gradients. This behavior is forbidden. You can fix this by cloning the output of the custom"
                + " Function.";
        Function view = new Fn((ctx, in) -> all(in[0].view(2)), (ctx, g) -> g);
        Function same = new Fn((ctx, in) -> all(in[0]), (ctx, g) -> all(g[0].mul(5)));
        for (Function f : List.of(view, same)) {
            assertEquals(
                    message.formatted("is being"),
                    messageOf(() -> f.apply(leaf().mul(1)).mul_(2)));
            Tensor base = leaf().mul(1);
            Tensor out = f.apply(base);
            base.mul_(2);
            assertEquals(
                    message.formatted("its base or another view of its base has been"), messageOf(() -> out.mul(2)));
        }
        assertEquals(
                message.formatted("is being"),
                messageOf(() -> same.apply(leaf()).mul_(2)));
        Function two = new Fn((ctx, in) -> all(in[0].narrow(0, 0, 1), in[0].narrow(0, 1, 1)), (ctx, g) -> all(g[0]));
        assertTrue(messageOf(() -> two.applyAll(leaf().mul(1))[0].mul_(2))
                .startsWith("Output 0 of Fn is a view and is being modified inplace. This view is the output of a"
                        + " function that returns multiple views."));
        Tensor x = leaf();
        same.apply(x).sum().backward();
        assertElements(x.grad(), 5, 5);
        Tensor plain = ones(2);
        Tensor alias = same.apply(plain);
        assertNotSame(plain, alias);
        alias.mul_(2);
        assertElements(plain, 2, 2);
    }

    @Test
    void takesAndGivesNull() {
        Function saving = new Fn(
                (ctx, in) -> {
                    ctx.saveForBackward(null, in[0]);
                    return all(in[0].mul(2), null);
                },
                (ctx, g) -> {
                    assertNull(ctx.savedTensors().get(0));
                    return all(g[0].mul(ctx.savedTensors().get(1)).mul(2), null);
                });
        Tensor x = leaf();
        Tensor[] out = saving.applyAll(x, null);
        assertNull(out[1]);
        out[0].sum().backward();
        assertElements(x.grad(), 2, 2);
        Tensor y = leaf();
        new Fn((ctx, in) -> all(in[0].mul(2)), (ctx, g) -> null).apply(y).sum().backward();
        assertNull(y.grad());
        assertTrue(messageOf(() -> new Fn((ctx, in) -> null, (ctx, g) -> g).apply(leaf()))
                .contains("returned null: it must return an array of tensors"));
        Function few = new Fn((ctx, in) -> all(in[0].mul(2)), (ctx, g) -> null);
        assertEquals(
                "function FnBackward returned an incorrect number of gradients (expected 2, got 1)",
                messageOf(() -> few.apply(leaf(), leaf()).sum().backward()));
        Function wrong = new Fn((ctx, in) -> all(in[0].mul(2)), (ctx, g) -> all(ones(3)));
        assertEquals(
                "Function FnBackward returned an invalid gradient at index 0 - got [3] but expected shape compatible"
                        + " with [2]",
                messageOf(() -> wrong.apply(leaf()).sum().backward()));
    }

    /** Computes only the gradients that are asked for. */
    private static Fn product() {
        return new Fn(
                (ctx, in) -> {
                    ctx.saveForBackward(in[0], in[1]);
                    return all(in[0].mul(in[1]));
                },
                (ctx, g) -> all(
                        ctx.needsInputGrad(0) ? g[0].mul(ctx.savedTensors().get(1)) : null,
                        ctx.needsInputGrad(1) ? g[0].mul(ctx.savedTensors().get(0)) : null));
    }

    @Test
    void knowsWhatEachOfSeveralPassesNeeds() {
        Tensor a = leaf();
        Tensor b = leaf();
        Tensor y = product().apply(a, b).sum();
        int passes = 1000;
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (Tensor input : List.of(a, b)) {
            threads.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < passes; i++) {
                    y.backward(Autograd.options().retainGraph().inputs(input));
                }
            }));
        }
        threads.forEach(CompletableFuture::join);
        assertElements(a.grad(), passes, passes);
        assertElements(b.grad(), passes, passes);
    }

    /** A Function whose backward runs another backward pass through a Function of the kind. */
    private static final class Nested extends Function {
        private final int depth;

        Nested(int depth) {
            this.depth = depth;
        }

        @Override
        protected Tensor[] forward(Context ctx, Tensor... in) {
            ctx.saveForBackward(in[0]);
            return new Tensor[] {in[0].mul(1)};
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
            if (depth == 0) return g;
            Tensor x = ctx.savedTensors().get(0).detach().requiresGrad_();
            try (var _ = Autograd.enableGrad()) {
                new Nested(depth - 1).apply(x).backward(g[0]);
            }
            return new Tensor[] {x.grad()};
        }
    }

    @Test
    void mayStartPassesWithinPassesToAnyDepth() {
        Tensor x = leaf();
        new Nested(3000).apply(x).sum().backward();
        assertElements(x.grad(), 1, 1);
        assertTrue(Autograd.isGradEnabled());
    }

    @Test
    void errorsOfDeepPassesReachTheCaller() {
        Function failing = new Fn((ctx, in) -> all(in[0].mul(2)), (ctx, g) -> {
            throw new IllegalStateException("of the backward");
        });
        Function[] around = {failing};
        for (int i = 0; i < 120; i++) {
            Function inner = around[0];
            around[0] = new Fn((ctx, in) -> all(in[0].mul(1)), (ctx, g) -> {
                try (var _ = Autograd.enableGrad()) {
                    inner.apply(leaf()).sum().backward();
                }
                return g;
            });
        }
        assertEquals(
                "of the backward",
                assertThrows(
                                IllegalStateException.class,
                                () -> around[0].apply(leaf()).sum().backward())
                        .getMessage());
        assertTrue(Autograd.isGradEnabled());
    }
}
