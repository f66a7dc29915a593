package dev.cotangent.tests.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.GradMode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** The modes of recording and their guards. */
final class GradModeTest {
    @Test
    void guardsAreClosedInnermostFirst() {
        GradMode.Guard outer = Autograd.noGrad();
        GradMode.Guard inner = Autograd.enableGrad();
        CotangentException e = assertThrows(CotangentException.class, outer::close);
        assertTrue(e.getMessage().contains("close the innermost first"), e.getMessage());
        assertTrue(Autograd.isGradEnabled(), "what the inner guard says");
        inner.close();
        assertTrue(Autograd.isGradEnabled(), "both are closed");
        inner.close();
        outer.close();
        assertTrue(Autograd.isGradEnabled(), "closing twice does nothing");
    }

    @Test
    void aGuardOfInferenceModeClosedTooEarlyLeavesNoInferenceModeBehind() {
        GradMode.Guard first = Autograd.inferenceMode();
        GradMode.Guard second = Autograd.setGradEnabled(false);
        GradMode.Guard third = Autograd.enableGrad();
        assertThrows(CotangentException.class, first::close);
        assertThrows(CotangentException.class, second::close);
        assertTrue(Autograd.isInferenceMode());
        third.close();
        assertFalse(Autograd.isInferenceMode());
        assertTrue(Autograd.isGradEnabled());
    }

    @Test
    void aGuardIsClosedByItsThread() {
        try (GradMode.Guard guard = Autograd.noGrad()) {
            var elsewhere = CompletableFuture.runAsync(guard::close);
            CompletionException e = assertThrows(CompletionException.class, elsewhere::join);
            assertEquals(CotangentException.class, e.getCause().getClass());
            assertFalse(Autograd.isGradEnabled());
        }
        assertTrue(Autograd.isGradEnabled());
    }

    @Test
    void aGuardLeftOpenInAHookEndsWithTheBackwardPass() {
        Tensor x = Tensors.ones(2).requiresGrad_();
        x.registerHook(g -> {
            Autograd.noGrad();
            return null;
        });
        x.mul(2).sum().backward();
        assertTrue(Autograd.isGradEnabled());
        x.registerHook(g -> {
            Autograd.inferenceMode();
            throw new IllegalStateException("of the hook");
        });
        assertThrows(IllegalStateException.class, () -> x.mul(2).sum().backward());
        assertTrue(Autograd.isGradEnabled());
        assertFalse(Autograd.isInferenceMode());
    }
}
