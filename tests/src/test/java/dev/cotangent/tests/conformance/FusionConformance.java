package dev.cotangent.tests.conformance;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.fusion.FusionPolicy;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.elementwise.ElementwiseOp;
import dev.cotangent.internal.ops.elementwise.ElementwiseOps;
import dev.cotangent.internal.ops.elementwise.TernaryOp;
import dev.cotangent.internal.ops.movement.HostOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks that computations have the same bits and the same errors whether operations are fused or not: random ones over
 * the rows of the elementwise table, in all dtypes, with views, in-place writes, reductions, conversions and gradients.
 */
final class FusionConformance {
    private static final int COUNT = 150;
    private static final Dtype[] TYPES = Dtype.reals();

    /** A step: adds a tensor to those made so far, or writes to one of them. */
    private interface Step {
        Tensor apply(List<Tensor> made);
    }

    private record Outcome(List<String> names, List<Tensor> tensors) {}

    private FusionConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            int steps = 3 + i / 4;
            checks.add(new Check("fused or not " + i, t -> compare(t, steps)));
        }
        return checks.stream();
    }

    private static void compare(Trial t, int count) {
        Device device = t.lab().device().device();
        List<double[]> values = new ArrayList<>();
        for (int i = 0; i < 5; i++) values.add(t.random().doubles(20, -4, 4).toArray());
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) steps.add(step(t.random()));
        Outcome eager = with(Long.MAX_VALUE, () -> run(device, values, steps));
        Outcome fused = with(1, () -> run(device, values, steps));
        Trial.require(eager.names.equals(fused.names), () -> "fused: " + fused.names + "\ninstead of: " + eager.names);
        for (int i = 0; i < eager.tensors.size(); i++) {
            int n = i;
            Trial.compare(
                    fused.tensors.get(i),
                    eager.tensors.get(i),
                    Tolerance.EXACT,
                    () -> "tensor " + n + " of " + eager.names);
        }
    }

    private interface Work {
        Outcome run();
    }

    /** Runs one at a time, since the setting is global. */
    private static synchronized Outcome with(long smallest, Work work) {
        long before = FusionPolicy.minElements();
        FusionPolicy.setMinElements(smallest);
        try {
            return work.run();
        } finally {
            FusionPolicy.setMinElements(before);
        }
    }

    private static Outcome run(Device device, List<double[]> values, List<Step> steps) {
        Tensor[] leaves = {
            leaf(device, values.get(0), 4, 5).requiresGrad_(),
            leaf(device, values.get(1), 5, 4).t().to(Dtype.FLOAT32).requiresGrad_(),
            leaf(device, values.get(2), 20).narrow(0, 0, 5).to(Dtype.FLOAT16),
            leaf(device, values.get(3), 4, 5).to(Dtype.INT32),
            leaf(device, values.get(4), 20).narrow(0, 0, 4).unsqueeze(1).gt(0)
        };
        List<Tensor> made = new ArrayList<>(List.of(leaves));
        List<String> names = new ArrayList<>();
        for (Step s : steps) {
            try {
                Tensor result = s.apply(made);
                made.add(result);
                names.add(result.dtype() + " " + result.shape());
            } catch (CotangentException e) {
                names.add(String.valueOf(e.getMessage()));
            }
        }
        Tensor loss = leaves[0].sum().add(leaves[1].sum());
        for (Tensor m : made) {
            if (m.dtype().isFloatingPoint() && m.requiresGrad()) {
                loss = loss.add(m.to(Dtype.FLOAT64).mul(0.25).sum());
            }
        }
        List<Tensor> all = new ArrayList<>(made);
        all.add(loss);
        try {
            for (Tensor g : Autograd.grad(List.of(loss), List.of(leaves[0], leaves[1]))
                    .allowUnused()
                    .run()) {
                if (g != null) all.add(g);
            }
        } catch (CotangentException e) {
            names.add(String.valueOf(e.getMessage()));
        }
        return new Outcome(names, all);
    }

    private static Tensor leaf(Device device, double[] values, long... sizes) {
        return HostOps.write(CreationOps.zeros(Dtype.FLOAT64, device, sizes), MemorySegment.ofArray(values.clone()));
    }

    private static Step step(RandomGenerator random) {
        int a = random.nextInt(1000);
        int b = random.nextInt(1000);
        Dtype type = TYPES[random.nextInt(TYPES.length)];
        return switch (random.nextInt(24)) {
            case 0 -> m -> pick(m, a).t();
            case 1 -> m -> pick(m, a).narrow(0, 1, 2);
            case 2 -> m -> pick(m, a).unsqueeze(-1);
            case 3 -> m -> pick(m, a).reshape(-1);
            case 4 -> m -> pick(m, a).sum(0);
            case 5 -> m -> pick(m, a).sum(-1);
            case 6 -> m -> pick(m, a).mean();
            case 7 -> m -> pick(m, a).amax(0);
            case 8 -> m -> pick(m, a).argmin();
            case 9 -> m -> pick(m, a).prod();
            case 10 -> m -> pick(m, a).cumsum(0);
            case 11 -> m -> pick(m, a).to(type);
            case 12 -> m -> pick(m, a).copy_(pick(m, b));
            case 13 -> m -> pick(m, a).fill_(0.5);
            case 14, 15, 16 -> row(random, a, b, true);
            default -> row(random, a, b, false);
        };
    }

    private static Tensor pick(List<Tensor> made, int a) {
        // Late ones more often, so that chains get long.
        int back = Math.min(a % made.size(), a / 7 % made.size());
        return made.get(made.size() - 1 - back);
    }

    private static Step row(RandomGenerator random, int a, int b, boolean inPlace) {
        List<ElementwiseOp> rows = ElementwiseOps.rows();
        ElementwiseOp row = rows.get(random.nextInt(rows.size()));
        @Nullable Double[] numbers = new Double[row.operands() + row.parameters()];
        for (int i = 1; i < numbers.length; i++) {
            // The end of lerp is no number, nor are the factors of addcmul.
            boolean always = row instanceof TernaryOp.WithScalar || row.name().equals("lerp") && i == 1;
            boolean tensor = i < row.operands() && (always || random.nextInt(3) > 0);
            if (!tensor) numbers[i] = random.nextInt(-8, 9) / 4.0;
            // A recurrence has as many steps as the degree says, which no result of a step bounds.
            if (row.name().contains("polynomial")) numbers[i] = (double) random.nextInt(-1, 9);
        }
        return m -> {
            Object[] operands = new Object[numbers.length];
            for (int i = 0; i < operands.length; i++) {
                Double n = numbers[i];
                operands[i] = n != null ? n : pick(m, i == 0 ? a : b + 13 * (i - 1));
            }
            return inPlace ? OpCall.callInPlace(row, operands) : OpCall.call(row, operands);
        };
    }
}
