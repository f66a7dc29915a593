package dev.cotangent.tests.fusion;

import static dev.cotangent.Tensors.floatTensor;
import static dev.cotangent.Tensors.fromNumpy;
import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.randn;
import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Fusion;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.fusion.FusionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deferred results: when there are some, and when they are computed. */
class FusionTest {
    private final long before = FusionPolicy.minElements();

    @BeforeEach
    void joinEverything() {
        Fusion.on(1);
    }

    @AfterEach
    void restore() {
        FusionPolicy.setMinElements(before);
    }

    private static double number(Tensor t) {
        return numbers(t)[0];
    }

    private static double[] numbers(Tensor t) {
        return t.detach().toDoubleArray();
    }

    @Test
    void resultsInBetweenAreNeverComputed() {
        Tensor p = floatTensor(1, 2, 3);
        Tensor product = p.mul(p);
        Tensor result = product.add(0.5).neg();
        assertTrue(Fusion.isDeferred(product) && Fusion.isDeferred(result));
        assertArrayEquals(new double[] {-1.5, -4.5, -9.5}, numbers(result));
        assertFalse(Fusion.isDeferred(result), "reading computes");
        assertTrue(Fusion.isDeferred(product), "intermediate results stay deferred");
        assertArrayEquals(new double[] {1, 4, 9}, numbers(product));
    }

    @Test
    void aReductionComputesWhatItJoins() {
        Tensor squares = floatTensor(1, 2, 3).square();
        assertEquals(14, number(squares.sum()));
        assertTrue(Fusion.isDeferred(squares));
        assertEquals(2, number(squares.argmax()));
        assertTrue(Fusion.isDeferred(squares), "cheap results are recomputed");
    }

    @Test
    void whatIsNotCheapIsComputedOnce() {
        Tensor x = floatTensor(1, 2, 3).exp().log().sin();
        Tensor a = x.add(1);
        Tensor b = x.add(2);
        Fusion.evaluate(a);
        assertFalse(Fusion.isDeferred(x), "somebody else reads it, so it is written on the way");
        assertTrue(Fusion.isDeferred(b));
        assertArrayEquals(numbers(x.add(2)), numbers(b));
    }

    @Test
    void whatHasMuchInCommonIsComputedTogether() {
        Tensor x = floatTensor(1, 2, 3).exp().log().sin();
        Tensor a = x.add(1);
        Tensor b = x.add(2);
        Fusion.evaluate(a, b, floatTensor(1, 2).neg());
        assertFalse(Fusion.isDeferred(a) || Fusion.isDeferred(b));
        assertTrue(Fusion.isDeferred(x), "nobody else reads it");
        assertArrayEquals(numbers(a.add(1)), numbers(b), 1e-6);
    }

    @Test
    void whatABackwardPassKeepsIsWrittenInTheSamePass() {
        Tensor x = floatTensor(0.1f, 0.2f, 0.3f).requiresGrad_();
        Tensor y = x.sin().cos().exp();
        Tensor z = y.mul(3);
        assertTrue(Fusion.isDeferred(y));
        Fusion.evaluate(z);
        assertFalse(Fusion.isDeferred(y), "exp keeps its result");
        Tensor g = Autograd.grad(z, x).gradOutputs(ones(3)).get();
        assertArrayEquals(
                numbers(x.cos()
                        .mul(x.sin().sin().neg())
                        .mul(x.sin().cos().exp())
                        .mul(3)),
                numbers(g),
                1e-6);
    }

    @Test
    void aWriteIsNotSeenByWhatWasComputedBefore() {
        Tensor x = floatTensor(1, 2, 3);
        Tensor y = x.mul(2);
        Tensor z = y.add(1);
        x.add_(10);
        assertArrayEquals(new double[] {2, 4, 6}, numbers(y));
        assertArrayEquals(new double[] {3, 5, 7}, numbers(z));
        y.zero_();
        assertArrayEquals(new double[] {3, 5, 7}, numbers(z));
    }

    @Test
    void aWriteToASmallOperandLeavesItsReadersDeferred() {
        Tensor rate = floatTensor(2f).reshape();
        Tensor y = floatTensor(1, 2, 3).mul(rate);
        rate.mul_(10);
        assertTrue(Fusion.isDeferred(y), "a copy of one number is cheaper");
        assertArrayEquals(new double[] {2, 4, 6}, numbers(y));
        assertEquals(20, number(rate));
    }

    @Test
    void aWriteThroughAViewIsAWrite() {
        Tensor x = floatTensor(1, 2, 3);
        Tensor y = x.mul(2);
        x.narrow(0, 1, 1).fill_(7);
        assertArrayEquals(new double[] {2, 4, 6}, numbers(y));
        Tensor view = y.narrow(0, 0, 2);
        view.add_(1);
        assertArrayEquals(new double[] {3, 5, 6}, numbers(y));
    }

    @Test
    void aDeferredTensorMayBeWritten() {
        Tensor y = floatTensor(1, 2, 3).mul(2);
        Tensor z = y.add(100);
        y.add_(1);
        assertArrayEquals(new double[] {3, 5, 7}, numbers(y));
        assertArrayEquals(new double[] {102, 104, 106}, numbers(z));
        assertArrayEquals(new double[] {3, 5, 7}, numbers(y.data()));
    }

    @Test
    void memorySharedWithJavaIsReadAtTheCall() {
        float[] array = {1, 2, 3};
        Tensor x = fromNumpy(NdArray.wrap(Dtype.FLOAT32, array, 3));
        Tensor y = x.mul(2);
        array[0] = 50;
        assertArrayEquals(new double[] {2, 4, 6}, numbers(y));

        Tensor own = floatTensor(1, 2, 3);
        Tensor later = own.mul(2);
        NdArray shared = own.numpy();
        own.narrow(0, 0, 1).fill_(9);
        assertArrayEquals(new double[] {2, 4, 6}, numbers(later));
        assertEquals(9, numbers(fromNumpy(shared))[0]);
        assertFalse(Fusion.isDeferred(own.mul(3)));
    }

    @Test
    void errorsAreRaisedByTheCall() {
        Tensor x = tensor(new long[] {1, 2, 3}).mul(2);
        CotangentException e =
                assertThrows(CotangentException.class, () -> x.floorDivide(tensor(new long[] {1, 0, 1})));
        assertEquals("ZeroDivisionError", e.getMessage());
        assertThrows(CotangentException.class, () -> x.add(floatTensor(1, 2)));
        assertThrows(ValueException.class, () -> Fusion.on(0));
    }

    @Test
    void aWriteThatRaisesWritesNothing() {
        long[] numbers = new long[10_000];
        long[] divisors = new long[numbers.length];
        for (int i = 0; i < numbers.length; i++) numbers[i] = divisors[i] = i + 1;
        divisors[numbers.length - 1] = 0;
        Tensor x = tensor(numbers);
        Tensor by = tensor(divisors);
        assertThrows(CotangentException.class, () -> x.remainder_(by));
        assertThrows(CotangentException.class, () -> x.floorDivide_(by));
        assertArrayEquals(numbers, x.toLongArray());
        assertEquals(0, Internals.version(x).current());
        divisors[numbers.length - 1] = 1;
        x.view(100, 100).t().remainder_(tensor(divisors).view(100, 100).t().add(1));
        assertEquals(1, x.toLongArray()[0]);
        assertEquals(0, x.toLongArray()[numbers.length - 1]);
        assertEquals(1, Internals.version(x).current());
    }

    @Test
    void aLoopDoesNotGrow() {
        Tensor x = floatTensor(1, 2);
        for (int i = 0; i < 1_000_000; i++) x = x.add(1);
        assertArrayEquals(new double[] {1_000_001, 1_000_002}, numbers(x));
        Tensor square = floatTensor(1f, 0.5f);
        for (int i = 0; i < 1000; i++) square = square.mul(square);
        assertArrayEquals(new double[] {1, 0}, numbers(square));
    }

    @Test
    void manyOperandsAreJoinedInParts() {
        Tensor sum = floatTensor(0, 0);
        for (int i = 0; i < 100; i++) sum = sum.add(floatTensor(i, 1));
        assertArrayEquals(new double[] {4950, 100}, numbers(sum));
    }

    @Test
    void backwardLeavesNothingDeferred() {
        Tensor p = randn(3).requiresGrad_();
        Tensor q = randn(3).requiresGrad_();
        p.mul(q).mean().backward();
        Tensor g = p.grad();
        assertTrue(g != null && !Fusion.isDeferred(g));
        assertArrayEquals(numbers(q.div(3)), numbers(g), 1e-7);
        assertFalse(Fusion.isDeferred(Autograd.grad(p.mul(q).sum(), p).get()));
    }

    @Test
    void offComputesAtOnce() {
        Fusion.off();
        assertFalse(Fusion.isOn());
        assertFalse(Fusion.isDeferred(floatTensor(1, 2, 3).mul(2)));
        Fusion.on();
        assertTrue(Fusion.isOn());
        assertFalse(Fusion.isDeferred(floatTensor(1, 2, 3).mul(2)), "small ones are not worth it");
        assertTrue(Fusion.isDeferred(ones(1 << 20).mul(2)));
    }

    /** Checks that a write waits for pending readers in other threads. */
    @Test
    void threadsSeeWhatTheyAskedFor() throws Exception {
        int n = 100_000;
        int rounds = 200;
        Tensor x = ones(n);
        CyclicBarrier turn = new CyclicBarrier(3);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> all = new ArrayList<>();
            for (int k = 0; k < 2; k++) {
                all.add(threads.submit(() -> {
                    for (int i = 1; i <= rounds; i++) {
                        Tensor y = x.mul(2).add(1);
                        Tensor z = y.mul(3);
                        turn.await();
                        Tensor sum = i % 2 == 0 ? z.sum() : z.add(0).sum();
                        assertEquals((2.0 * i + 1) * 3 * n, number(sum));
                        assertEquals((2.0 * i + 1) * n, number(y.sum()));
                        turn.await();
                    }
                    return null;
                }));
            }
            all.add(threads.submit(() -> {
                for (int i = 1; i <= rounds; i++) {
                    turn.await();
                    x.add_(1);
                    turn.await();
                }
                return null;
            }));
            for (Future<?> f : all) f.get();
        }
    }

    /** Reads one deferred result in two threads at once. */
    @Test
    void threadsShareAResult() throws Exception {
        Tensor x = ones(100_000);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 200; i++) {
                Tensor y = x.mul(i).sin().add(1);
                Tensor z = y.add(1);
                Future<Double> a = threads.submit(() -> number(z));
                Future<Double> b = threads.submit(() -> number(y));
                assertEquals(a.get(), (float) (b.get() + 1));
            }
        }
    }
}
