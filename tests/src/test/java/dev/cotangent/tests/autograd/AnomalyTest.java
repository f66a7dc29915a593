package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Anomaly mode as a scope. */
final class AnomalyTest {
    private static Tensor zero() {
        return tensor(new double[] {0}).requiresGrad_();
    }

    private static boolean names(Throwable trace, String method) {
        return Arrays.stream(trace.getStackTrace())
                .anyMatch(e -> e.getMethodName().equals(method));
    }

    @Test
    void namesTheForwardCall() {
        try (var _ = Autograd.detectAnomaly()) {
            Tensor loss = zero().sqrt().mul(0).sum();
            CotangentException e = assertThrows(CotangentException.class, loss::backward);
            assertEquals("Function 'SqrtBackward0' returned nan values in its 0th output.", e.getMessage());
            Throwable trace = e.getSuppressed()[0];
            assertEquals("forward call of SqrtBackward0", trace.getMessage());
            assertTrue(names(trace, "namesTheForwardCall"));
        }
        Tensor x = zero();
        x.sqrt().mul(0).sum().backward();
        assertTrue(Double.isNaN(x.grad().itemDouble()));
    }

    @Test
    void leavesNansAloneIfTold() {
        Tensor x = zero();
        try (var _ = Autograd.detectAnomaly(false)) {
            x.sqrt().mul(0).sum().backward();
        }
        assertTrue(Double.isNaN(x.grad().itemDouble()));
    }

    private static Tensor penalty(Tensor x) {
        return x.pow(1.5).sum();
    }

    private static void second(Tensor g) {
        g.mul(0).sum().backward();
    }

    /** Checks that the derivative of a derivative names the call that the first derivative belongs to. */
    @Test
    void namesTheParentInDoubleBackward() {
        try (var _ = Autograd.detectAnomaly()) {
            Tensor x = zero();
            Tensor g = Autograd.grad(penalty(x), x).createGraph().get();
            CotangentException e = assertThrows(CotangentException.class, () -> second(g));
            Throwable trace = e.getSuppressed()[0];
            assertTrue(trace.getMessage().endsWith(", made by the backward of PowBackward0"), trace.getMessage());
            assertEquals("forward call of PowBackward0", trace.getCause().getMessage());
            assertTrue(names(trace.getCause(), "penalty"));
        }
    }

    @Test
    void belongsToOneThread() throws InterruptedException {
        try (var _ = Autograd.detectAnomaly()) {
            boolean[] raised = new boolean[1];
            Thread other = new Thread(() -> {
                try {
                    zero().sqrt().mul(0).sum().backward();
                } catch (CotangentException e) {
                    raised[0] = true;
                }
            });
            other.start();
            other.join();
            assertFalse(raised[0]);
        }
    }
}
