package dev.cotangent.tests.memory;

import static dev.cotangent.Tensors.floatTensor;
import static dev.cotangent.Tensors.ones;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a scope frees, what it must not free, and what a use after its end says. */
class ScopeTest {
    private static final String CLOSED = "a tensor is used after the Scope in which it was made was closed";

    private static float[] floats(Tensor t) {
        float[] all = new float[(int) t.numel()];
        for (int i = 0; i < all.length; i++)
            all[i] = (float) t.reshape(-1).select(0, i).itemDouble();
        return all;
    }

    private static void assertFreed(Tensor t) {
        assertTrue(Internals.storage(t).isClosed());
        String message = assertThrows(
                        CotangentException.class, () -> t.add(1).sum().itemDouble())
                .getMessage();
        assertTrue(message.startsWith(CLOSED), message);
    }

    @Test
    void whatWasMadeInsideIsFreedAndWhatIsKeptIsNot() {
        Tensor outer = floatTensor(1, 2, 3);
        Tensor inside;
        Tensor view;
        Tensor kept;
        Tensor ofOuter;
        try (var scope = Scope.open()) {
            inside = outer.mul(2);
            view = inside.get("1:");
            ofOuter = outer.get("1:");
            kept = scope.keep(inside.add(1));
        }
        assertFreed(inside);
        assertFreed(view);
        assertArrayEquals(new float[] {3, 5, 7}, floats(kept));
        assertArrayEquals(new float[] {2, 3}, floats(ofOuter));
    }

    @Test
    void whatAnOperationCopiesForItselfIsFreedOnce() {
        // Large enough for transposed operands to be copied first.
        Tensor x = ones(300, 300);
        for (int i = 0; i < 2; i++) {
            try (var _ = Scope.open()) {
                assertEquals(90000.0, x.t().sum(1).sum().itemDouble());
                assertEquals(180000.0, x.add(x.t()).sum().itemDouble());
            }
        }
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Tensor fresh = x.mul(i);
            Internals.storage(fresh).memory();
            all.add(fresh);
        }
        for (int i = 0; i < all.size(); i++)
            assertEquals(90000.0 * i, all.get(i).sum().itemDouble());
    }

    @Test
    void aKeptViewKeepsItsMemory() {
        Tensor view;
        try (var scope = Scope.open()) {
            view = scope.keep(floatTensor(1, 2, 3).mul(2).get("1:"));
        }
        assertArrayEquals(new float[] {4, 6}, floats(view));
    }

    @Test
    void theGradientOfALeafFromOutsideStays() {
        Tensor x = floatTensor(1, 2, 3).requiresGrad_();
        Tensor y;
        for (int i = 1; i <= 3; i++) {
            try (var _ = Scope.open()) {
                y = x.mul(x).mul(2);
                y.sum().backward();
            }
            assertFreed(y.detach());
            assertArrayEquals(new float[] {4 * i, 8 * i, 12 * i}, floats(x.grad()));
        }
        Tensor old = x.grad();
        try (var _ = Scope.open()) {
            x.setGrad(old.mul(2));
        }
        assertArrayEquals(new float[] {24, 48, 72}, floats(x.grad()));
    }

    @Test
    void aGradientWithAHistoryKeepsWhatItNeeds() {
        Tensor x = floatTensor(1, 2, 3).requiresGrad_();
        try (var _ = Scope.open()) {
            x.mul(x).mul(x).sum().backward(Autograd.options().createGraph());
        }
        Tensor g = Autograd.grad(x.grad().sum(), x).run().getFirst();
        assertArrayEquals(new float[] {6, 12, 18}, floats(g));
    }

    @Test
    void whatAHistoryKeptLivesAsLongAsTheTensorThatWasLetOut() {
        Tensor x = floatTensor(1, 2, 3).requiresGrad_();
        Tensor loss;
        Tensor middle;
        try (var scope = Scope.open()) {
            middle = x.mul(x);
            loss = scope.keep(middle.exp().mul(middle).sum());
        }
        loss.backward();
        Tensor again = floatTensor(1, 2, 3).requiresGrad_();
        Tensor m = again.mul(again);
        m.exp().mul(m).sum().backward();
        assertArrayEquals(floats(again.grad()), floats(x.grad()));
    }

    @Test
    void anInPlaceWriteToATensorFromOutsideKeepsWhatItsBackwardNeeds() {
        Tensor w = floatTensor(2, 3).requiresGrad_();
        Tensor sum = ones(2, 2);
        try (var _ = Scope.open()) {
            sum.get("0").add_(w.mul(w));
            sum.mul_(floatTensor(4, 5));
        }
        sum.sum().backward();
        assertArrayEquals(new float[] {16, 30}, floats(w.grad()));
    }

    @Test
    void setDataAndRetainedGradientsLetOut() {
        Tensor x = floatTensor(1, 2).requiresGrad_();
        Tensor y = x.mul(3);
        y.retainGrad();
        try (var _ = Scope.open()) {
            y.mul(y).sum().backward();
            x.setData(x.detach().add(10));
        }
        assertArrayEquals(new float[] {6, 12}, floats(y.grad()));
        assertArrayEquals(new float[] {11, 12}, floats(x));
    }

    @Test
    void whatAnInnerScopeKeepsBelongsToTheOuterOne() {
        Tensor leaf = floatTensor(1, 2).requiresGrad_();
        Tensor fromInner;
        Tensor kept;
        try (var outer = Scope.open()) {
            Tensor mine = floatTensor(3, 4).requiresGrad_();
            try (var inner = Scope.open()) {
                fromInner = inner.keep(leaf.mul(2).detach());
                kept = inner.keep(leaf.mul(3).detach());
                leaf.mul(mine).sum().backward();
            }
            assertArrayEquals(new float[] {2, 4}, floats(fromInner));
            assertArrayEquals(new float[] {1, 2}, floats(mine.grad()));
            outer.keep(kept);
        }
        assertFreed(fromInner);
        assertArrayEquals(new float[] {3, 6}, floats(kept));
        assertArrayEquals(new float[] {3, 4}, floats(leaf.grad()));
    }

    @Test
    void whatIsMadeOutsideIsNotFreed() {
        Tensor state;
        try (var _ = Scope.open()) {
            state = Scope.outside(() -> ones(2).mul(5));
        }
        assertArrayEquals(new float[] {5, 5}, floats(state));
    }

    @Test
    void aBackwardThatNeedsFreedMemorySaysSo() {
        Tensor x = floatTensor(1, 2).requiresGrad_();
        List<Tensor> hidden = new ArrayList<>();
        try (var _ = Scope.open()) {
            Tensor y = x.mul(x);
            hidden.add(y.mul(y).sum());
        }
        String message = assertThrows(
                        CotangentException.class, () -> hidden.getFirst().backward())
                .getMessage();
        assertTrue(message.startsWith(CLOSED), message);
    }

    @Test
    void anotherThreadsTensorsAreNotTheScopes() throws InterruptedException {
        List<Tensor> made = new ArrayList<>();
        try (var _ = Scope.open()) {
            Thread t = new Thread(() -> made.add(ones(3).mul(2)));
            t.start();
            t.join();
        }
        assertFalse(Internals.storage(made.getFirst()).isClosed());
    }

    @Test
    void scopesEndInOrder() {
        Scope outer = Scope.open();
        Scope inner = Scope.open();
        assertThrows(CotangentException.class, outer::close);
        inner.close();
        inner.close();
        outer.close();
        assertEquals(
                "the Scope is closed already",
                assertThrows(CotangentException.class, () -> outer.keep(ones(1)))
                        .getMessage());
    }
}
