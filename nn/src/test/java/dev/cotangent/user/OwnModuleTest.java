package dev.cotangent.user;

import static dev.cotangent.Tensors.*;
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
import dev.cotangent.Tensor;
import dev.cotangent.nn.IncompatibleKeys;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A module of a user's package. */
class OwnModuleTest {
    /** Parameters, buffers, modules, and a parameter that is not there. */
    private static class Scaled extends Module {
        private final Linear linear = registerModule("linear", new Linear(2, 2));
        private final Tensor scale = registerParameter("scale", ones(2));
        private final Tensor count = registerBuffer("count", zeros(1));
        private final Tensor cache = registerBuffer("cache", ones(1), false);

        Scaled() {
            registerParameter("shift", (Tensor) null);
        }

        @Override
        public Tensor forward(Tensor x) {
            count.add_(1);
            return linear.call(x).mul(scale);
        }

        @Override
        protected String extraRepr() {
            return "2, cached=True";
        }
    }

    @Test
    void hasThePartsItRegistered() {
        var module = new Scaled();
        assertEquals(
                List.of("scale", "linear.weight", "linear.bias"),
                List.copyOf(module.namedParameters().keySet()));
        assertEquals(
                List.of("count", "cache"), List.copyOf(module.namedBuffers().keySet()));
        assertEquals(
                List.of("scale", "count", "linear.weight", "linear.bias"),
                List.copyOf(module.stateDict().keySet()));
        assertEquals(List.of("", "linear"), List.copyOf(module.namedModules().keySet()));
        assertSame(module.linear.weight(), module.getParameter("linear.weight"));
        assertSame(module.cache, module.getBuffer("cache"));
        assertSame(module.linear, module.getSubmodule("linear"));
        assertEquals("""
            Scaled(
              2, cached=True
              (linear): Linear(in_features=2, out_features=2, bias=True)
            )\
            """, module.toString());
        assertEquals(
                "Scaled(2, cached=True)",
                new Scaled() {
                    {
                        train(false);
                    }

                    @Override
                    public String toString() {
                        return name() + "(" + extraRepr() + ")";
                    }
                }.toString());
    }

    @Test
    void namesThatAreNotThereAreErrors() {
        var module = new Scaled();
        message("Scaled has no attribute `conv`. Its modules are [linear]", () -> module.getSubmodule("conv"));
        message("`w` is not nn.Parameter of Linear, which has [weight, bias]", () -> module.getParameter("linear.w"));
        message("`scale` is not a buffer of Scaled, which has [count, cache]", () -> module.getBuffer("scale"));
        message("attribute 'scale' already exists", () -> module.registerBuffer("scale", ones(1)));
        message("module name can't contain \".\", got: a.b", () -> module.registerModule("a.b", new ReLU()));
        message(
                "module \"outer\" contains this Linear itself: a module cannot be a part of its own parts",
                () -> module.linear.registerModule("outer", module));
    }

    private static void message(String expected, Runnable what) {
        assertEquals(expected, assertThrows(CotangentException.class, what::run).getMessage());
    }

    @Test
    void laxLoadingSaysWhatDidNotFit() {
        var module = new Scaled();
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put("scale", full(shape(2), 3f));
        state.put("other", ones(1));
        IncompatibleKeys keys = module.loadStateDict(state, false);
        assertEquals(List.of("count", "linear.weight", "linear.bias"), keys.missingKeys());
        assertEquals(
                "_IncompatibleKeys(missing_keys=['count', 'linear.weight', 'linear.bias'], unexpected_keys=['other'])",
                keys.toString());
        assertArrayEquals(new float[] {3, 3}, module.scale.detach().toFloatArray());
        message(
                "Error(s) in loading state_dict for Scaled:\n\tsize mismatch for scale: copying a param with shape"
                        + " torch.Size([3]) from checkpoint, the shape in current model is torch.Size([2]).",
                () -> module.loadStateDict(Map.of("scale", ones(3)), false));
        assertEquals(
                "<All keys matched successfully>",
                module.loadStateDict(new Scaled().stateDict()).toString());
    }

    @Test
    void isConvertedFrozenAndVisitedWhole() {
        var module = new Scaled();
        module.to(Dtype.FLOAT64);
        assertEquals(Dtype.FLOAT64, module.cache.dtype());
        module.requiresGrad_(false);
        assertFalse(module.call(ones(1, 2).to(Dtype.FLOAT64)).requiresGrad());
        List<String> visited = new ArrayList<>();
        new Sequential(module, new ReLU()).apply(m -> visited.add(m.getClass().getSimpleName()));
        assertEquals(List.of("Linear", "Scaled", "ReLU", "Sequential"), visited);
    }

    @Test
    void forwardHooksSeeAndReplace() {
        var linear = new Linear(2, 1, false);
        linear.weight().detach().fill_(1);
        List<String> order = new ArrayList<>();
        Runnable pre = linear.registerForwardPreHook((m, in) -> {
            order.add("pre");
            return new Tensor[] {in[0].mul(2)};
        });
        Runnable post = linear.registerForwardHook((m, in, out) -> {
            order.add("hook " + in[0].detach().sum().itemDouble());
            return out.add(1);
        });
        assertEquals(5, linear.call(ones(1, 2)).itemDouble());
        assertEquals(5, new Sequential(linear).call(ones(1, 2)).itemDouble());
        assertEquals(2, linear.forward(ones(1, 2)).itemDouble());
        pre.run();
        post.run();
        assertEquals(2, linear.call(ones(1, 2)).itemDouble());
        assertEquals(List.of("pre", "hook 4.0", "pre", "hook 4.0"), order);
        linear.registerForwardPreHook((m, in) -> new Tensor[0]);
        assertThrows(CotangentException.class, () -> linear.call(ones(1, 2)));
    }

    @Test
    void backwardHooksSeeAndReplaceGradients() {
        var linear = new Linear(2, 1, false);
        linear.weight().detach().fill_(3);
        List<String> seen = new ArrayList<>();
        linear.registerFullBackwardPreHook((m, g) -> g == null ? null : g.mul(2));
        linear.registerFullBackwardHook((m, in, out) -> {
            assertNotNull(out);
            seen.add((in[0] == null ? "none" : in[0].sum().itemDouble()) + " " + out.itemDouble());
            return in[0] == null ? null : new Tensor[] {in[0].mul(10)};
        });
        Tensor x = ones(1, 2).requiresGrad_();
        linear.call(x).sum().backward();
        assertEquals(List.of("12.0 2.0"), seen);
        assertArrayEquals(new float[] {60, 60}, x.grad().flatten().toFloatArray());
        assertArrayEquals(new float[] {2, 2}, linear.weight().grad().flatten().toFloatArray());
        linear.call(ones(1, 2)).sum().backward();
        assertEquals("none 2.0", seen.getLast());
    }

    @Test
    void trainingReachesEverything() {
        var module = new Sequential(new Scaled());
        assertFalse(module.eval().namedModules().get("0.linear").isTraining());
        assertTrue(module.train().namedModules().get("0.linear").isTraining());
        module.call(ones(1, 2)).sum().backward();
        module.zeroGrad();
        assertNull(module.getParameter("0.scale").grad());
    }
}
