package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.Internals;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The histories of views: in-place changes of shape, detached bases, windows. The numbers are PyTorch 2.13's. */
final class ViewHistoryTest {
    private static final String VIEW_OF_LEAF =
            "a view of a leaf Variable that requires grad is being used in an in-place operation.";

    private static final String MORE_THAN_ONE =
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location."
                    + " Please clone() the tensor before performing the operation.";

    private static void assertElements(@Nullable Tensor t, double... expected) {
        assertNotNull(t);
        assertArrayEquals(expected, t.flatten().toDoubleArray(), 1e-6);
    }

    private static String messageOf(Runnable work) {
        return assertThrows(CotangentException.class, work::run).getMessage();
    }

    private static Tensor leaf(int n) {
        return arange(n).to(FLOAT32).detach().requiresGrad_();
    }

    /** Computes the gradient of a leaf of n elements after a change of a view of it, weighted with 1, 2 and so on. */
    private static Tensor gradient(int n, UnaryOperator<Tensor> view, Consumer<Tensor> change) {
        Tensor x = leaf(n);
        Tensor y = view.apply(x.mul(1));
        change.accept(y);
        y.mul(arange(1, y.numel() + 1).view(Internals.layout(y).sizes())).sum().backward();
        return x.grad();
    }

    @Test
    void aViewThatChangesItsShapeKeepsItsPlaces() {
        assertElements(gradient(4, x -> x.view(2, 2), Tensor::t_), 1, 3, 2, 4);
        assertElements(gradient(6, x -> x.view(2, 3), Tensor::t_), 1, 3, 5, 2, 4, 6);
        assertElements(gradient(6, x -> x.view(2, 3), y -> y.transpose_(0, 1)), 1, 3, 5, 2, 4, 6);
        assertElements(gradient(3, x -> x.view(1, 3), y -> y.squeeze_(0)), 1, 2, 3);
        assertElements(gradient(3, x -> x.view(1, 3, 1), Tensor::squeeze_), 1, 2, 3);
        assertElements(gradient(6, x -> x.view(2, 3), y -> y.unsqueeze_(1)), 1, 2, 3, 4, 5, 6);
        assertElements(
                gradient(6, x -> x.view(2, 3), y -> y.asStrided_(new long[] {2}, new long[] {1}, 4L)),
                0,
                0,
                0,
                0,
                1,
                2);
        assertElements(gradient(6, x -> x.view(2, 3), y -> y.t_().mul_(2)), 2, 6, 10, 4, 8, 12);
        assertElements(gradient(6, x -> x.view(2, 3), y -> y.mul_(2).t_().mul_(2)), 4, 12, 20, 8, 16, 24);
        assertElements(gradient(6, x -> x.view(2, 3).narrow(1, 1, 2), Tensor::t_), 0, 1, 3, 0, 2, 4);
    }

    @Test
    void aViewThatChangesItsShapeWithoutRecordingKeepsItsPlacesToo() {
        Consumer<Tensor> quietly = y -> Autograd.noGrad(() -> {
            y.t_();
        });
        assertElements(gradient(6, x -> x.view(2, 3), quietly), 1, 3, 5, 2, 4, 6);
    }

    @Test
    void theBaseAndOtherViewsOfAChangedViewStayAsTheyWere() {
        Tensor x = leaf(6);
        Tensor base = x.mul(1);
        Tensor row = base.narrow(0, 0, 3);
        Tensor y = base.view(2, 3);
        y.t_();
        assertEquals("MulBackward0", base.gradFn().name());
        row.sum().add(base.sum()).add(y.get(0).sum()).backward();
        assertElements(x.grad(), 3, 2, 2, 2, 1, 1);
        Tensor l = leaf(6);
        Tensor v = l.view(2, 3);
        assertEquals(VIEW_OF_LEAF, messageOf(v::t_));
    }

    @Test
    void aViewOfADetachedBaseKeepsItsHistoryUntilTheBaseIsWritten() {
        Tensor x = leaf(3);
        Tensor y = x.mul(2);
        Tensor v = y.narrow(0, 1, 2);
        y.detach_();
        assertFalse(y.requiresGrad());
        assertTrue(v.requiresGrad());
        v.sum().backward();
        assertElements(x.grad(), 0, 2, 2);
    }

    @Test
    void aViewOfADetachedBaseThatIsWrittenHasNoGradientToGive() {
        for (boolean writtenFirst : new boolean[] {false, true}) {
            Tensor x = leaf(3);
            Tensor y = x.mul(2);
            Tensor v = y.narrow(0, 1, 2);
            if (writtenFirst) y.mul_(3).detach_();
            else y.detach_().mul_(3);
            assertTrue(v.requiresGrad());
            assertFalse(v.isLeaf());
            assertEquals("AsStridedBackward0", v.gradFn().name());
            assertNull(v.gradFn().nextFunctions().getFirst());
            v.sum().backward();
            assertNull(x.grad());
            assertElements(v, 6, 12);
        }
        Tensor x = leaf(3);
        Tensor y = x.mul(2);
        Tensor v = y.narrow(0, 1, 2);
        Tensor w = ones(3).requiresGrad_();
        y.detach_().mul_(w);
        v.sum().backward();
        assertNull(x.grad());
        assertElements(w.grad(), 0, 2, 4);
        Tensor z = x.mul(2);
        Tensor part = z.narrow(0, 1, 2);
        z.detach_();
        assertEquals(VIEW_OF_LEAF, messageOf(() -> part.mul_(3)));
    }

    @Test
    void windowsThatOverlapCanBeFilled() {
        Tensor x = leaf(6);
        Tensor y = x.mul(1);
        Tensor windows = y.unfold(0, 2, 1).narrow(0, 0, 2);
        windows.fill_(7);
        assertElements(y, 7, 7, 7, 3, 4, 5);
        y.mul(arange(6)).sum().backward();
        assertElements(x.grad(), 0, 0, 0, 3, 4, 5);
        Tensor z = leaf(5);
        Tensor all = z.mul(1);
        Tensor u = all.unfold(0, 3, 1);
        u.zero_();
        all.sum().add(u.sum()).backward();
        assertElements(z.grad(), 0, 0, 0, 0, 0);
        Tensor one = leaf(3).mul(1);
        one.narrow(0, 0, 1).expand(3).fill_(7);
        assertElements(one, 7, 1, 2);
        assertEquals(MORE_THAN_ONE, messageOf(one.sum()::backward));
    }

    @Test
    void windowsThatOverlapGiveEachPlaceOnceToWhatTheyAreFilledWith() {
        Tensor x = leaf(6);
        Tensor value = ones(1).squeeze().mul(3).detach().requiresGrad_();
        Tensor y = x.mul(1);
        y.unfold(0, 2, 1).narrow(0, 0, 2).fill_(value);
        y.mul(arange(6)).sum().backward();
        assertElements(x.grad(), 0, 0, 0, 3, 4, 5);
        // Three places were written, whose weights are 0, 1 and 2. (PyTorch counts the middle one twice.)
        assertElements(value.grad(), 3);
    }

    @Test
    void inPlaceOperationsOnWindowsThatOverlapRaise() {
        Tensor windows = zeros(6).unfold(0, 2, 1);
        for (UnaryOperator<Tensor> write :
                List.<UnaryOperator<Tensor>>of(Tensor::neg_, w -> w.mul_(2), w -> w.copy_(ones(5, 2)))) {
            assertEquals(MORE_THAN_ONE, messageOf(() -> write.apply(windows)));
        }
    }

    private static Tensor writtenUnseen(Tensor base) {
        return Autograd.noGrad(() -> base.narrow(0, 0, 2).mul_(2));
    }

    @Test
    void aViewMadeAndWrittenWithoutRecordingIsPrintedButNotUsed() {
        String invalid = "A view was created in no_grad mode and its base or another view of its base has been modified"
                + " inplace with grad mode enabled. Given that";
        for (Tensor base : List.of(leaf(3), leaf(3).mul(1))) {
            Tensor v = writtenUnseen(base);
            assertEquals("tensor([0., 2.], grad_fn=<Invalid>)", v.toString());
            assertTrue(v.requiresGrad());
            assertEquals(
                    "tensor([0., 2.], grad_fn=<Invalid>)", v.requiresGrad_(true).toString());
            assertEquals(
                    "tensor([0., 4.], grad_fn=<Invalid>)",
                    writtenUnseen(base.mul(1)).requiresGrad_(false).toString());
            v.retainGrad();
            assertNull(v.grad());
            assertTrue(messageOf(() -> v.registerHook(g -> g)).startsWith(invalid));
            assertTrue(messageOf(v::sum).startsWith(invalid));
            assertTrue(messageOf(v::isLeaf).startsWith(invalid));
            assertElements(v.detach(), 0, 2);
        }
    }

    @Test
    void aViewMadeWithoutRecordingIsALeaf() {
        Tensor base = leaf(3).mul(1);
        Tensor v = Autograd.noGrad(() -> base.narrow(0, 0, 2));
        assertTrue(v.isLeaf() && v.requiresGrad());
        assertEquals("tensor([0., 1.], requires_grad=True)", v.toString());
        v.retainGrad();
        Runnable remove = v.registerHook(g -> g.mul(5));
        v.sum().backward(Autograd.options().retainGraph());
        assertNull(v.grad());
        v.requiresGrad_(true);
        v.sum().backward();
        assertElements(v.grad(), 5, 5);
        remove.run();
    }

    @Test
    void whetherAViewIsAnInferenceTensorItsBaseSays() {
        Tensor x = ones(3);
        Tensor inference;
        try (var _ = Autograd.inferenceMode()) {
            inference = ones(3);
            for (Tensor v : List.of(
                    x.narrow(0, 0, 2), x.detach(), x.data(), x.view(3), x.expand(2, 3), x.reshape(3), x.contiguous())) {
                assertFalse(v.isInference());
            }
            assertFalse(x.split(2).getFirst().isInference());
            assertFalse(x.unbind().getFirst().isInference());
            assertTrue(x.mul(2).isInference());
            x.mul_(2);
            assertFalse(x.isInference());
        }
        for (Tensor v :
                List.of(inference.narrow(0, 0, 2), inference.detach(), inference.data(), inference.view(3, 1))) {
            assertTrue(v.isInference());
        }
        assertTrue(messageOf(() -> inference.narrow(0, 0, 2).mul_(2))
                .startsWith("Inplace update to inference tensor outside InferenceMode is not allowed."));
        assertFalse(inference.mul(2).isInference());
        Tensor w = ones(3).requiresGrad_();
        assertTrue(messageOf(() -> inference.view(3).mul(w))
                .startsWith("Inference tensors cannot be saved for backward. Please do not use Tensors created in"
                        + " inference mode in computation tracked by autograd."));
    }

    @Test
    void aViewTakenInInferenceModeOfANormalTensorIsUsedOutside() {
        Tensor x = ones(3);
        Tensor v;
        try (var _ = Autograd.inferenceMode()) {
            v = x.narrow(0, 0, 2);
        }
        v.mul_(2);
        assertElements(x, 2, 2, 1);
        v.requiresGrad_(true).mul(2).sum().backward();
        assertElements(v.grad(), 2, 2);
        Tensor y = leaf(3).mul(1);
        Tensor part;
        Tensor written;
        try (var _ = Autograd.inferenceMode()) {
            part = y.narrow(0, 0, 2);
        }
        assertEquals("tensor([0., 1.], requires_grad=True)", part.toString());
        assertTrue(messageOf(() -> part.mul_(2))
                .startsWith("A view was created in inference mode and is being modified inplace in normal mode. Given"
                        + " that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code"
                        + " by moving both the view and the inplace either both inside the inference_mode block"));
        try (var _ = Autograd.inferenceMode()) {
            written = y.narrow(0, 1, 2).mul_(2);
        }
        assertEquals("tensor([2., 4.], grad_fn=<Invalid>)", written.toString());
        assertTrue(messageOf(() -> written.mul(2))
                .startsWith("A view was created in inference mode and its base or another view of its base has been"
                        + " modified inplace in normal mode."));
    }
}
