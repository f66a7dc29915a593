package dev.cotangent.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.nn.Utils;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Scales, steps and messages as those of torch.amp.GradScaler of PyTorch 2.13. */
class GradScalerTest {
    private final Tensor p = Tensors.tensor(1.0, 2.0).requiresGrad_();
    private final Optimizer sgd = new SGD(List.of(p), 0.1);

    private Tensor loss(double factor) {
        sgd.zeroGrad();
        return p.mul(p).sum().mul(factor);
    }

    @Test
    void stepsGrowAndReduceTheScaleAsPyTorchs() {
        GradScaler scaler = new GradScaler(GradScaler.options().initScale(4).growthInterval(2));
        double[] values = {0.8, 0.64, 0.512, 0.512, 0.4096, 0.32768};
        double[] scales = {4, 8, 8, 4, 4, 8};
        long[] trackers = {1, 0, 1, 0, 1, 0};
        for (int i = 0; i < values.length; i++) {
            scaler.scale(loss(i == 3 ? Double.POSITIVE_INFINITY : 1)).backward();
            assertEquals(i != 3, scaler.step(sgd));
            scaler.update();
            assertEquals(values[i], p.detach().get(0).itemDouble(), 1e-6);
            assertEquals(scales[i], scaler.getScale());
            assertEquals(trackers[i], scaler.stateDict().get("_growth_tracker"));
        }
        assertEquals(
                "{scale=8.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2, _growth_tracker=0}",
                scaler.stateDict().toString());
        GradScaler other = new GradScaler();
        other.loadStateDict(scaler.stateDict());
        assertEquals(scaler.stateDict(), other.stateDict());
    }

    @Test
    void unscalesForClipping() {
        GradScaler scaler = new GradScaler(GradScaler.options().initScale(1024));
        scaler.scale(loss(1)).backward();
        assertArrayEquals(new float[] {2048, 4096}, p.grad().toFloatArray());
        scaler.unscale_(sgd);
        assertArrayEquals(new float[] {2, 4}, p.grad().toFloatArray());
        Utils.clipGradNorm_(List.of(p), 1);
        assertTrue(scaler.step(sgd));
        scaler.update();
        assertEquals(1 - 0.1 / Math.sqrt(5), p.detach().get(0).itemDouble(), 1e-5);
    }

    @Test
    void misuseRaisesPyTorchsErrors() {
        GradScaler scaler = new GradScaler();
        raises("Attempted step but _scale is None.  This may indicate your script did not use", () -> scaler.step(sgd));
        scaler.scale(loss(1));
        raises("No inf checks were recorded for this optimizer.", () -> scaler.step(sgd));
        raises("No inf checks were recorded prior to update.", scaler::update);
        scaler.scale(loss(1)).backward();
        scaler.unscale_(sgd);
        raises(
                "unscale_() has already been called on this optimizer since the last update().",
                () -> scaler.unscale_(sgd));
        scaler.step(sgd);
        raises("unscale_() is being called after step().", () -> scaler.unscale_(sgd));
        raises("step() has already been called since the last update().", () -> scaler.step(sgd));
        scaler.update(2);
        assertEquals(2, scaler.getScale());
        raises("Closure use is not currently supported", () -> scaler.step(sgd, () -> p));
        raises("The source state dict is empty", () -> scaler.loadStateDict(Map.of()));
        assertThrows(
                ValueException.class, () -> new GradScaler(GradScaler.options().growthFactor(1)));
        assertThrows(
                ValueException.class, () -> new GradScaler(GradScaler.options().backoffFactor(1)));
    }

    @Test
    void float16GradientsAreRefusedByUnscale() {
        Tensor half = Tensors.ones(2).to(Dtype.FLOAT16).requiresGrad_();
        Optimizer optimizer = new SGD(List.of(half), 0.1);
        GradScaler scaler = new GradScaler(GradScaler.options().initScale(2));
        scaler.scale(half.sum()).backward();
        raises("Attempting to unscale FP16 gradients.", () -> scaler.unscale_(optimizer));
        raises("Attempting to unscale FP16 gradients.", () -> scaler.step(optimizer));
    }

    private static void raises(String message, Runnable call) {
        CotangentException e = assertThrows(CotangentException.class, call::run);
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    @Test
    void aScalerThatIsDisabledDoesNothing() {
        GradScaler scaler = new GradScaler(GradScaler.options().enabled(false));
        assertFalse(scaler.isEnabled());
        scaler.scale(loss(1)).backward();
        scaler.unscale_(sgd);
        scaler.step(sgd);
        scaler.update();
        assertEquals(1, scaler.getScale());
        assertEquals(Map.of(), scaler.stateDict());
        assertEquals(0.8, p.detach().get(0).itemDouble(), 1e-6);
    }
}
