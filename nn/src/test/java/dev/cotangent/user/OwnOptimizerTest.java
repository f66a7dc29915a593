package dev.cotangent.user;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.Warnings;
import dev.cotangent.optim.LRScheduler;
import dev.cotangent.optim.Optimizer;
import dev.cotangent.optim.ParamGroup;
import dev.cotangent.optim.ParamState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An optimiser and a scheduler of a user's package. */
class OwnOptimizerTest {
    /** Gradient descent that remembers the running sum of gradients and counts steps. */
    private static final class Summing extends Optimizer {
        Summing(List<Tensor> params, double lr) {
            super(params, Map.of("lr", lr));
        }

        Summing(double lr, ParamGroup... groups) {
            super(Map.of("lr", lr), List.of(groups));
        }

        @Override
        protected void update(ParamGroup group) {
            for (Tensor p : group.params()) {
                Tensor gradient = p.grad();
                if (gradient == null) continue;
                ParamState state = state(p);
                state.nextStep();
                Tensor sum = state.tensor("sum", gradient::zerosLike);
                sum.add_(gradient);
                p.sub_(sum.mul(group.lr()));
            }
        }
    }

    private static final class Halving extends LRScheduler {
        private final int every;

        Halving(Optimizer optimizer, int every) {
            this.every = every;
            super(optimizer);
        }

        @Override
        protected double[] getLr() {
            return scaled(baseLrs(), Math.pow(0.5, lastEpoch() / every));
        }
    }

    private static Tensor parameter() {
        return ones(2).requiresGrad_();
    }

    private static void step(Optimizer optimizer, Tensor... params) {
        for (Tensor p : params) p.sum().backward();
        optimizer.step();
        optimizer.zeroGrad();
    }

    @Test
    void changesParametersByItsOwnRule() {
        Tensor p = parameter();
        var optimizer = new Summing(List.of(p), 0.25);
        try (var _ = Scope.open()) {
            step(optimizer, p);
        }
        assertNull(p.grad());
        step(optimizer, p);
        assertArrayEquals(new float[] {0.25f, 0.25f}, p.detach().toFloatArray());
        assertEquals(2, optimizer.state(p).steps());
        assertEquals("Summing (\nParameter Group 0\n    lr: 0.25\n)", optimizer.toString());
    }

    @Test
    void closureAndHooks() {
        Tensor p = parameter();
        var optimizer = new Summing(List.of(p), 0.5);
        List<String> order = new ArrayList<>();
        optimizer.registerStepPreHook(o -> order.add("before"));
        Runnable after = optimizer.registerStepPostHook(o -> order.add("after"));
        Tensor loss = optimizer.step(() -> {
            order.add("closure");
            Tensor l = p.sum();
            l.backward();
            return l;
        });
        assertNotNull(loss);
        assertEquals(2, loss.itemDouble());
        after.run();
        optimizer.step();
        assertEquals(List.of("before", "closure", "after", "before"), order);
        optimizer.zeroGrad(false);
        assertArrayEquals(new float[] {0, 0}, p.grad().toFloatArray());
    }

    @Test
    void groupsHaveOptionsOfTheirOwn() {
        Tensor p = parameter();
        Tensor q = parameter();
        var optimizer = new Summing(0.5, ParamGroup.of(List.of(p)), ParamGroup.of(List.of(q), Map.of("lr", 0.25)));
        step(optimizer, p, q);
        assertArrayEquals(new float[] {0.5f, 0.5f}, p.detach().toFloatArray());
        assertArrayEquals(new float[] {0.75f, 0.75f}, q.detach().toFloatArray());
        Tensor r = parameter();
        optimizer.addParamGroup(ParamGroup.of(List.of(r)));
        assertEquals(3, optimizer.paramGroups().size());
        assertEquals(0.5, optimizer.paramGroups().get(2).lr());
        assertEquals(List.of(p, q, r), optimizer.parameters());
        refuses(
                "some parameters appear in more than one parameter group",
                () -> optimizer.addParamGroup(ParamGroup.of(List.of(parameter(), q))));
        refuses("can't optimize a non-leaf Tensor", () -> optimizer.addParamGroup(ParamGroup.of(List.of(q.mul(2)))));
        assertEquals(3, optimizer.paramGroups().size());
        refuses(
                "the parameter group has no option \"beta\", only [lr]",
                () -> optimizer.paramGroups().getFirst().number("beta"));
        optimizer.paramGroups().getFirst().set("lr", "fast");
        refuses("option \"lr\" of the parameter group has to be a Number, but is fast", optimizer::lr);
    }

    private static void refuses(String message, Runnable what) {
        assertEquals(message, assertThrows(CotangentException.class, what::run).getMessage());
    }

    @Test
    void twoOfTheSameParameterAreWarnedOf() {
        List<String> warnings = new ArrayList<>();
        Tensor p = parameter();
        Warnings.setHandler(warnings::add);
        try {
            new Summing(List.of(p, p), 0.5);
        } finally {
            Warnings.reset();
        }
        assertTrue(warnings.getFirst().startsWith("optimizer contains a parameter group with duplicate parameters"));
    }

    @Test
    void goesOnFromItsState() {
        Tensor p = parameter();
        var optimizer = new Summing(List.of(p), 0.25);
        step(optimizer, p);
        Map<String, Object> saved = optimizer.stateDict();
        assertEquals(
                "{lr=0.25, params=[0]}",
                ((List<?>) saved.get("param_groups")).getFirst().toString());
        Tensor q = p.detach().clone().requiresGrad_();
        var other = new Summing(List.of(q), 1);
        other.loadStateDict(saved);
        assertEquals(0.25, other.lr());
        step(optimizer, p);
        step(other, q);
        assertArrayEquals(p.detach().toFloatArray(), q.detach().toFloatArray());
        assertEquals(2, other.state(q).steps());
        assertThrows(
                ValueException.class,
                () -> new Summing(0.1, ParamGroup.of(List.of(p)), ParamGroup.of(List.of(q))).loadStateDict(saved));
        assertThrows(ValueException.class, () -> new Summing(List.of(p, q), 1).loadStateDict(saved));
        assertThrows(CotangentException.class, () -> other.loadStateDict(Map.of("state", Map.of())));
    }

    @Test
    void aStateWithoutDimensionsComesBackAsATensor() {
        Tensor p = parameter();
        var optimizer = new Summing(List.of(p), 0.25);
        optimizer.state(p).tensor("norm", () -> scalar(3f));
        var other = new Summing(List.of(p), 0.25);
        other.loadStateDict(optimizer.stateDict());
        assertEquals(3, other.state(p).tensor("norm", () -> zeros(1)).itemDouble());
        assertEquals(3, other.state(p).number("norm", 0));
    }

    @Test
    void schedulerSetsRates() {
        Tensor p = parameter();
        var optimizer = new Summing(List.of(p), 0.5);
        var scheduler = new Halving(optimizer, 2);
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            rates.add(optimizer.lr());
            step(optimizer, p);
            scheduler.step();
        }
        assertEquals(List.of(0.5, 0.5, 0.25, 0.25, 0.125), rates);
        assertEquals(0.125, scheduler.getLastLr()[0]);
        Map<String, Object> saved = scheduler.stateDict();
        assertEquals(5, saved.get("last_epoch"));
        var fresh = new Halving(new Summing(List.of(p), 0.5), 2);
        fresh.loadStateDict(saved);
        fresh.optimizer().step();
        fresh.step();
        assertEquals(0.0625, fresh.optimizer().lr());
    }

    @Test
    void aSchedulerSteppedBeforeItsOptimiserWarns() {
        List<String> warnings = new ArrayList<>();
        var scheduler = new Halving(new Summing(List.of(parameter()), 0.5), 2);
        Warnings.setHandler(warnings::add);
        try {
            scheduler.step();
        } finally {
            Warnings.reset();
        }
        assertTrue(warnings.getFirst().startsWith("Detected call of `lr_scheduler.step()` before `optimizer.step()`."));
    }
}
