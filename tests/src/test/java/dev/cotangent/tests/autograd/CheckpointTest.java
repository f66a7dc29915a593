package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.cat;
import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.rand;
import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.CheckpointOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a checkpoint promises; the numbers are PyTorch 2.13's. */
final class CheckpointTest {
    private static final CheckpointOptions REENTRANT =
            Autograd.checkpointOptions().reentrant();

    private static void assertElements(@Nullable Tensor t, double... expected) {
        assertNotNull(t);
        assertArrayEquals(expected, t.flatten().toDoubleArray(), 1e-3);
    }

    private static Tensor leaf(double... values) {
        return tensor(values).to(Dtype.FLOAT32).detach().requiresGrad_();
    }

    static Stream<CheckpointOptions> options() {
        return Stream.of(Autograd.checkpointOptions(), REENTRANT);
    }

    private static String messageOf(Runnable work) {
        return assertThrows(CotangentException.class, work::run).getMessage();
    }

    @ParameterizedTest
    @MethodSource("options")
    void addsTheSameGradients(CheckpointOptions options) {
        Tensor w = leaf(3, 4);
        Tensor x = leaf(0.5, 1);
        Tensor[] y =
                Autograd.checkpointAll(options, in -> new Tensor[] {in[0].exp().mul(w), in[0].sin()}, x.mul(1));
        y[0].add(y[1].mul(10)).sum().backward();
        double[] both = {Math.exp(0.5) * 3 + 10 * Math.cos(0.5), Math.E * 4 + 10 * Math.cos(1)};
        assertElements(x.grad(), both);
        assertElements(w.grad(), Math.exp(0.5), Math.E);
    }

    @ParameterizedTest
    @MethodSource("options")
    void drawsTheSameRandomNumbersAndNoneOfThoseThatFollow(CheckpointOptions options) {
        Tensor x = ones(1000).requiresGrad_();
        List<Tensor> drawn = new ArrayList<>();
        Tensor y = Autograd.checkpoint(
                options,
                in -> {
                    Tensor noise = rand(1000);
                    drawn.add(noise);
                    return in[0].mul(noise).exp();
                },
                x);
        Tensor next = rand(10);
        y.sum().backward();
        assertEquals(2, drawn.size());
        assertArrayEquals(drawn.get(0).toDoubleArray(), drawn.get(1).toDoubleArray());
        assertFalse(next.eq(rand(10)).all().itemBoolean());
        assertArrayEquals(
                drawn.get(0).mul(drawn.get(0).exp()).toDoubleArray(), x.grad().toDoubleArray(), 1e-6);
    }

    @Test
    void hasGradientsOfGradients() {
        Tensor x = leaf(1, 2);
        Tensor y = Autograd.checkpoint(in -> in[0].pow(3), x).mul(x);
        Tensor g = Autograd.grad(y.sum(), x).createGraph().get();
        assertElements(g, 4, 32);
        assertElements(Autograd.grad(g.sum(), x).get(), 12, 48);
        assertNull(x.grad());
    }

    @Test
    void givesAPenaltyOnTheGradientToTheWeights() {
        Tensor w = tensor(new float[][] {{1, 2}, {3, 4}}).requiresGrad_();
        Tensor x = tensor(new float[][] {{1, -1}}).requiresGrad_();
        Tensor y = Autograd.checkpoint(in -> in[0].matmul(w).tanh(), x).sum();
        Tensor g = Autograd.grad(y, x).createGraph().get();
        g.pow(2).sum().backward();
        assertElements(w.grad(), 0.4919, 0.6844, -0.3921, -0.5845);
    }

    @Test
    void leavesOtherLeavesAlone() {
        Tensor x = leaf(1, 1);
        Tensor l = leaf(3, 3);
        Function<Tensor[], Tensor> f = in -> in[0].mul(l).exp();
        assertElements(Autograd.grad(Autograd.checkpoint(f, x).sum(), x).get(), 60.2566, 60.2566);
        assertNull(l.grad());
        assertNull(x.grad());
        Autograd.checkpoint(f, x).sum().backward(Autograd.options().inputs(l));
        assertElements(l.grad(), 20.0855, 20.0855);
        assertNull(x.grad());
        String message = "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an"
                + " `inputs` parameter to .backward(). To resolve this error, you can either set use_reentrant=False,"
                + " or call .backward() without passing the `inputs` argument.";
        Tensor again = Autograd.checkpoint(REENTRANT, f, x).sum();
        assertTrue(messageOf(() -> Autograd.grad(again, x).run()).startsWith(message));
        Tensor third = Autograd.checkpoint(REENTRANT, f, x).sum();
        assertTrue(messageOf(() -> third.backward(Autograd.options().inputs(x))).startsWith(message));
    }

    @Test
    void nests() {
        Tensor x = leaf(1, 1);
        Tensor y = Autograd.checkpoint(
                outer -> Autograd.checkpoint(in -> in[0].exp().sin(), outer[0].mul(2))
                        .cos(),
                x);
        Tensor g = Autograd.grad(y.sum(), x).createGraph().get();
        assertElements(g, -5.1648, -5.1648);
        g.sum().backward();
        assertElements(x.grad(), 114.3354, 114.3354);
    }

    @Test
    void isRecomputedForEveryPassOverARetainedGraph() {
        AtomicInteger calls = new AtomicInteger();
        Tensor x = leaf(1, 1);
        Tensor y = Autograd.checkpoint(
                        in -> {
                            calls.incrementAndGet();
                            return in[0].exp().sin();
                        },
                        x)
                .sum();
        y.backward(Autograd.options().retainGraph());
        y.backward();
        assertElements(x.grad(), -4.9567, -4.9567);
        assertEquals(3, calls.get());
        assertTrue(messageOf(y::backward).startsWith("Trying to backward through the graph a second time"));
    }

    @Test
    void stopsWhenAllThatIsNeededIsThere() {
        AtomicInteger after = new AtomicInteger();
        Function<Tensor[], Tensor> f = in -> {
            Tensor y = in[0].exp().sin();
            after.incrementAndGet();
            return y.add(1);
        };
        Tensor x = leaf(1, 1);
        Autograd.checkpoint(f, x).sum().backward();
        assertEquals(1, after.get());
        Autograd.checkpoint(Autograd.checkpointOptions().earlyStop(false), f, x)
                .sum()
                .backward();
        assertEquals(3, after.get());
    }

    @Test
    void stopsAFunctionThatCatchesExceptions() {
        Tensor x = leaf(1, 2);
        Autograd.checkpoint(
                        in -> {
                            Tensor y = in[0];
                            for (int i = 0; i < 3; i++) {
                                try {
                                    y = y.sin();
                                } catch (RuntimeException e) {
                                    // Goes on.
                                }
                            }
                            return y;
                        },
                        x)
                .sum()
                .backward();
        Tensor z = leaf(1, 2);
        z.sin().sin().sin().sum().backward();
        assertArrayEquals(z.grad().toDoubleArray(), x.grad().toDoubleArray(), 1e-6);
    }

    /** Returns a function that computes something else when it is called again. */
    private static Function<Tensor[], Tensor> changing(Function<Tensor, Tensor> first, Function<Tensor, Tensor> then) {
        AtomicInteger calls = new AtomicInteger();
        return in -> (calls.getAndIncrement() == 0 ? first : then).apply(in[0]);
    }

    @Test
    void saysWhatIsNotDeterministic() {
        Tensor x = leaf(1, 1);
        Tensor y = Autograd.checkpoint(
                changing(a -> a.exp().sin(), a -> cat(List.of(a, a)).exp().sin()), x);
        String different = "torch.utils.checkpoint: Recomputed values for the following tensors have different metadata"
                + " than during the forward pass.\n";
        String at = "tensor at position %d:\n"
                + "saved metadata: {'shape': torch.Size([2]), 'dtype': torch.float32, 'device': device(type='cpu')}\n"
                + "recomputed metadata: {'shape': torch.Size([%d]), 'dtype': torch.%s, 'device': device(type='cpu')}\n";
        String message = messageOf(y.sum()::backward);
        assertTrue(
                message.startsWith(different + at.formatted(0, 4, "float32") + at.formatted(1, 4, "float32") + "."),
                message);
        Tensor typed = Autograd.checkpoint(
                changing(a -> a.exp().sin(), a -> a.to(Dtype.FLOAT64).exp().sin()), x);
        assertTrue(messageOf(typed.sum()::backward)
                .startsWith(different + at.formatted(0, 2, "float64") + at.formatted(1, 2, "float64") + "."));
        Tensor fewer = Autograd.checkpoint(changing(a -> a.exp().sin(), Tensor::exp), x);
        assertTrue(messageOf(fewer.sum()::backward)
                .startsWith("torch.utils.checkpoint: A different number of tensors was saved during the original"
                        + " forward and recomputation.\nNumber of tensors saved during forward: 2\n"
                        + "Number of tensors saved during recomputation: 1."));
        Tensor more = Autograd.checkpoint(
                Autograd.checkpointOptions().earlyStop(false),
                changing(Tensor::exp, a -> a.exp().sin()),
                x);
        assertTrue(messageOf(more.sum()::backward)
                .startsWith("torch.utils.checkpoint: trying to save more tensors during recomputation than during the"
                        + " original forward pass."));
        Autograd.checkpoint(changing(Tensor::exp, a -> a.exp().sin()), x).sum().backward();
        assertElements(x.grad(), Math.E, Math.E);
    }

    @Test
    void seesThatAnInputWasWritten() {
        Tensor x = leaf(1, 1);
        Tensor a = x.mul(1);
        Tensor y = Autograd.checkpoint(in -> in[0].exp(), a).sum();
        a.mul_(2);
        String message = messageOf(y::backward);
        assertTrue(
                message.startsWith(
                        "one of the variables needed for gradient computation has been modified by an inplace"
                                + " operation: [torch.FloatTensor [2]], which is output 0 of Mul, is at version 1;"
                                + " expected version 0 instead."),
                message);
        Tensor inside = Autograd.checkpoint(in -> in[0].mul(1).mul_(2).exp(), x);
        inside.sum().backward();
        assertElements(x.grad(), 14.7781, 14.7781);
    }

    @Test
    void ofWhatIsNotRecordedHasNoGradient() {
        Tensor x = leaf(1, 1);
        Function<Tensor[], Tensor> f = in -> Autograd.noGrad(() -> in[0].mul(2));
        assertFalse(Autograd.checkpoint(f, x).requiresGrad());
        Tensor y = Autograd.checkpoint(REENTRANT, f, x).sum();
        assertEquals(
                "none of output has requires_grad=True, this checkpoint() is not necessary", messageOf(y::backward));
        // What the inputs do not say: a leaf that the function brings itself.
        Tensor plain = ones(2);
        Tensor l = leaf(3, 3);
        Autograd.checkpoint(in -> in[0].mul(l), plain).sum().backward();
        assertElements(l.grad(), 1, 1);
    }

    @Test
    void mayRunABackwardPassInside() {
        Tensor x = leaf(1, 2);
        Tensor y = Autograd.checkpoint(
                in -> {
                    Tensor z = in[0].sin().cos();
                    Tensor g = Autograd.grad(z.sum(), in[0]).retainGraph().get();
                    return in[0].cos().mul(g);
                },
                x);
        Tensor plainX = leaf(1, 2);
        Tensor z = plainX.sin().cos();
        Tensor g = Autograd.grad(z.sum(), plainX).retainGraph().get();
        plainX.cos().mul(g).sum().backward();
        y.sum().backward();
        assertArrayEquals(plainX.grad().toDoubleArray(), x.grad().toDoubleArray(), 1e-6);
    }

    @Test
    void ofLargeTensorsInAScopeKeepsWhatItNeeds() {
        Tensor x = ones(3000).requiresGrad_();
        for (int i = 0; i < 3; i++) {
            try (var _ = Scope.open()) {
                Tensor h = x.mul(2);
                Tensor y = Autograd.checkpoint(in -> in[0].exp().sin().exp(), h).sum();
                y.backward();
            }
        }
        double once = Math.exp(Math.sin(Math.exp(2))) * Math.cos(Math.exp(2)) * Math.exp(2) * 2;
        assertEquals(3 * once, x.grad().get(7).itemDouble(), 1e-2);
        Tensor out;
        try (var scope = Scope.open()) {
            out = scope.keep(Autograd.checkpoint(in -> in[0].exp().sin().exp(), x.mul(2)));
        }
        x.setGrad(null);
        out.sum().backward();
        assertEquals(once, x.grad().get(2999).itemDouble(), 1e-2);
    }

    @Test
    void isMadeOfSegments() {
        AtomicInteger calls = new AtomicInteger();
        Function<Tensor, Tensor> f = t -> {
            calls.incrementAndGet();
            return t.sin();
        };
        Tensor x = leaf(1, 2);
        Tensor y = Autograd.checkpointSequential(List.of(f, f, f, f, f), 2, x);
        assertEquals(5, calls.get());
        y.sum().backward();
        // Of the checkpointed segment of two.
        assertEquals(7, calls.get());
        Tensor z = leaf(1, 2);
        z.sin().sin().sin().sin().sin().sum().backward();
        assertArrayEquals(z.grad().toDoubleArray(), x.grad().toDoubleArray(), 1e-6);
    }
}
