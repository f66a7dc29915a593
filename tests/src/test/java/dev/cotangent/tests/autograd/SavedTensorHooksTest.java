package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.tests.autograd.Waves.assertClose;
import static dev.cotangent.tests.autograd.Waves.assertThrowsSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What users put in place of saved tensors. */
final class SavedTensorHooksTest {
    @Test
    void replaceWhatIsSaved() {
        Map<Integer, double[]> store = new HashMap<>();
        Tensor x = tensor(new double[] {1, 2, 3}).requiresGrad_();
        Tensor y;
        try (var _ = Autograd.savedTensorsHooks(
                t -> {
                    store.put(store.size(), t.toDoubleArray());
                    return store.size() - 1;
                },
                number -> tensor(store.get(number)))) {
            y = x.mul(x).sin().sum();
        }
        // Both factors, and what the sine is of.
        assertEquals(3, store.size());
        y.backward();
        assertClose(x.detach().square().cos().mul(x.detach()).mul(2).toDoubleArray(), x.grad());
    }

    @Test
    void workWithLowerPrecisionAndDoubleBackward() {
        Tensor x = tensor(new double[] {1, 2, 3}).requiresGrad_();
        Tensor y;
        try (var _ = Autograd.savedTensorsHooks(t -> t.to(Dtype.FLOAT32), t -> t.to(Dtype.FLOAT64))) {
            y = x.pow(3).sum();
        }
        Tensor g = Autograd.grad(y, x).createGraph().get();
        g.sum().backward();
        assertArrayEquals(new double[] {6, 12, 18}, x.grad().toDoubleArray());
    }

    @Test
    void nest() {
        List<String> log = new ArrayList<>();
        Tensor x = ones(2).requiresGrad_();
        try (var _ = Autograd.savedTensorsHooks(
                t -> {
                    log.add("outer");
                    return t;
                },
                t -> t)) {
            try (var _ = Autograd.savedTensorsHooks(
                    t -> {
                        log.add("inner");
                        return t;
                    },
                    t -> t)) {
                x.exp();
            }
            x.exp();
        }
        x.exp();
        assertEquals(List.of("inner", "outer"), log);
    }

    @Test
    void refuseWhatIsWrong() {
        Tensor x = ones(2).requiresGrad_();
        Tensor y;
        try (var _ = Autograd.<Tensor>savedTensorsHooks(t -> t, t -> null)) {
            y = x.exp().sum();
        }
        assertThrowsSaying(
                "Output of saved tensor unpack_hook expected to be a Tensor but got result of type NoneType",
                y::backward);
        try (var _ = Autograd.savedTensorsHooks(t -> t.add_(1), t -> t)) {
            assertThrowsSaying(
                    "A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack hook"
                            + " cannot be modified by in-place operations as this can lead to unexpected side-effects.",
                    x::exp);
        }
        try (var _ = Autograd.disableSavedTensorsHooks("no hooks here")) {
            assertThrowsSaying("no hooks here", () -> Autograd.saveOnCpu());
            assertTrue(x.exp().requiresGrad());
        }
        var outer = Autograd.saveOnCpu();
        var inner = Autograd.saveOnCpu();
        assertThrowsSaying("a scope of saved-tensor hooks is closed by", outer::close);
        inner.close();
        outer.close();
    }

    @Test
    void keepOnTheHost() {
        Tensor x = ones(2).requiresGrad_();
        Tensor y;
        try (var _ = Autograd.saveOnCpu()) {
            y = x.mul(3).exp().sum();
        }
        y.backward();
        assertEquals(3 * Math.exp(3), x.grad().get(0).itemDouble(), 1e-4);
    }
}
