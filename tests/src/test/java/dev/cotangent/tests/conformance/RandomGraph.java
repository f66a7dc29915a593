package dev.cotangent.tests.conformance;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.elementwise.ElementwiseOp;
import dev.cotangent.internal.ops.elementwise.ElementwiseOps;
import dev.cotangent.internal.ops.movement.HostOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A random computation in float64 over the rows of the elementwise table, products, sums, views and in-place writes,
 * which any device can run: its values, the gradients of its leaves and the gradients of those.
 */
final class RandomGraph {
    private static final double LARGEST = 30;

    /** What a step does with the tensors made so far; it adds one. */
    private interface Action {
        Tensor apply(List<Tensor> made);
    }

    private record Step(String text, Action action) {}

    /**
     * What a run gave.
     *
     * @param names of the tensors
     * @param tensors values and gradients; null where no gradient flows
     */
    record Result(List<String> names, List<@Nullable Tensor> tensors) {}

    private final List<double[]> leaves = new ArrayList<>();
    private final List<long[]> shapes = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final RandomGenerator random;

    private RandomGraph(RandomGenerator random) {
        this.random = random;
    }

    /** Draws a computation of {@code steps} steps, leaving out results that become large or NaN on a device. */
    static RandomGraph next(RandomGenerator random, Device device, int steps) {
        RandomGraph graph = new RandomGraph(random);
        for (long[] shape : new long[][] {{3, 3}, {3}, {2, 3}}) {
            double[] values = new double[shape.length == 1 ? 3 : (int) (shape[0] * shape[1])];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextDouble(0.3, 1.7) * (random.nextInt(3) == 0 ? -1 : 1);
            }
            graph.leaves.add(values);
            graph.shapes.add(shape);
        }
        List<Tensor> made = graph.start(device);
        for (int tries = 0; graph.steps.size() < steps && tries < 50 * steps; tries++) {
            Step step = graph.candidate(made.size());
            List<Tensor> trial = new ArrayList<>(made);
            try {
                trial.add(step.action().apply(trial));
            } catch (CotangentException e) {
                continue;
            }
            if (!fine(trial.getLast())) continue;
            graph.steps.add(step);
            made = trial;
        }
        return graph;
    }

    private static boolean fine(Tensor x) {
        if (x.dtype() != Dtype.FLOAT64 || x.numel() == 0 || x.numel() > 60) return false;
        for (double v : x.toDoubleArray()) if (!(Math.abs(v) < LARGEST)) return false;
        return true;
    }

    private List<Tensor> start(Device device) {
        List<Tensor> made = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            Tensor x = CreationOps.zeros(Dtype.FLOAT64, device, shapes.get(i));
            made.add(HostOps.write(x, MemorySegment.ofArray(leaves.get(i).clone()))
                    .requiresGrad_(true));
        }
        return made;
    }

    private Step candidate(int count) {
        int a = Math.max(random.nextInt(count), random.nextInt(count));
        int b = random.nextInt(count);
        return switch (random.nextInt(12)) {
            case 0 -> new Step("mm " + a + " " + b, m -> m.get(a).mm(m.get(b)));
            case 1 -> new Step("t " + a, m -> m.get(a).t());
            case 2 -> new Step("sum 0 of " + a, m -> m.get(a).sum(0));
            case 3 -> new Step("unsqueeze 0 of " + a, m -> m.get(a).unsqueeze(0));
            case 4 -> new Step("select 0, 1 of " + a, m -> m.get(a).select(0, 1));
            case 5 -> new Step("expand as 3, 3 of " + a, m -> m.get(a).expand(3, 3));
            case 6 -> new Step("reshape to -1 of " + a, m -> m.get(a).reshape(-1));
            case 7 -> inPlace(a, b);
            default -> elementwise(a, b);
        };
    }

    private ElementwiseOp row() {
        List<ElementwiseOp> rows = ElementwiseOps.rows();
        while (true) {
            ElementwiseOp row = rows.get(random.nextInt(rows.size()));
            boolean real = row.promotion() == ElementwiseOp.TypePromotion.PROMOTE
                    || row.promotion() == ElementwiseOp.TypePromotion.FLOAT;
            if (real && row.operands() <= 2 && row.parameters() == 0 && smooth(row)) return row;
        }
    }

    /**
     * Returns whether an operation is continuous. Steps would amplify an error in the last bit; such rows have a
     * gradient of 0, or none.
     */
    private static boolean smooth(ElementwiseOp row) {
        Tensor x = HostOps.write(
                CreationOps.zeros(Dtype.FLOAT64, Device.cpu(), 3), MemorySegment.ofArray(new double[] {0.4, 0.6, 1.7}));
        x.requiresGrad_(true);
        Object[] operands = new Object[row.operands()];
        Arrays.fill(operands, x.detach().mul(0.9));
        operands[0] = x;
        try {
            Tensor y = OpCall.call(row, operands);
            Tensor g = Autograd.grad(y, x).gradOutputs(y.detach().onesLike()).get();
            for (double v : g.toDoubleArray()) if (v != 0) return true;
            return false;
        } catch (CotangentException e) {
            return false;
        }
    }

    private Step elementwise(int a, int b) {
        ElementwiseOp row = row();
        if (row.operands() == 1) return new Step(row.name() + " " + a, m -> OpCall.call(row, m.get(a)));
        if (random.nextInt(4) == 0)
            return new Step(row.name() + " " + a + " 1.5", m -> OpCall.call(row, m.get(a), 1.5));
        return new Step(row.name() + " " + a + " " + b, m -> OpCall.call(row, m.get(a), m.get(b)));
    }

    /** Writes into part of a copy, through a view. */
    private Step inPlace(int a, int b) {
        ElementwiseOp row = row();
        return new Step("copy of " + a + ", " + row.name() + "_ of its row 0 and " + b, m -> {
            Tensor copy = m.get(a).clone();
            Tensor part = copy.dim() > 1 ? copy.select(0, 0) : copy;
            if (row.operands() == 1) OpCall.callInPlace(row, part);
            else OpCall.callInPlace(row, part, m.get(b));
            return copy;
        });
    }

    /** Computes all values, the gradients of the leaves, and those of a sum over the gradients. */
    Result run(Device device) {
        List<Tensor> made = start(device);
        for (Step step : steps) made.add(step.action().apply(made));
        List<String> names = new ArrayList<>();
        List<@Nullable Tensor> all = new ArrayList<>();
        Tensor loss = null;
        for (int i = 0; i < made.size(); i++) {
            names.add("value " + i);
            all.add(made.get(i));
            Tensor weighted = made.get(i).mul(0.1 + 0.2 * (i % 5)).sum();
            loss = loss == null ? weighted : loss.add(weighted);
        }
        List<Tensor> inputs = List.copyOf(made.subList(0, leaves.size()));
        if (loss == null) throw new IllegalStateException("no values");
        List<@Nullable Tensor> grads =
                Autograd.grad(List.of(loss), inputs).createGraph().allowUnused().run();
        add("gradient of leaf ", grads, names, all);
        Tensor second = null;
        for (Tensor g : grads) {
            if (g == null || !g.requiresGrad()) continue;
            Tensor sum = g.mul(g).sum();
            second = second == null ? sum : second.add(sum);
        }
        if (second != null) {
            add(
                    "second gradient of leaf ",
                    Autograd.grad(List.of(second), inputs).allowUnused().run(),
                    names,
                    all);
        }
        return new Result(names, all);
    }

    private static void add(String name, List<@Nullable Tensor> grads, List<String> names, List<@Nullable Tensor> all) {
        for (int i = 0; i < grads.size(); i++) {
            names.add(name + i);
            all.add(grads.get(i));
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < leaves.size(); i++) {
            text.append(i).append(" = ").append(Arrays.toString(shapes.get(i))).append(' ');
            text.append(Arrays.toString(leaves.get(i))).append('\n');
        }
        for (int i = 0; i < steps.size(); i++) {
            text.append(leaves.size() + i)
                    .append(" = ")
                    .append(steps.get(i).text())
                    .append('\n');
        }
        return text.toString();
    }
}
