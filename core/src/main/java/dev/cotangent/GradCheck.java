package dev.cotangent;

import dev.cotangent.op.Factories;
import dev.cotangent.op.HostOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares gradients with central differences; PyTorch's {@code torch.autograd.gradcheck}. For functions of float64
 * tensors that are smooth around the inputs. Immutable; each method gives a changed check.
 *
 * @param eps the step of the differences
 * @param atol how far a gradient may be off, absolutely
 * @param rtol how far it may be off, relative to the difference quotient
 */
public record GradCheck(double eps, double atol, double rtol) {
    /** With PyTorch's defaults: steps of 1e-6, tolerances 1e-5 and 1e-3. */
    public GradCheck() {
        this(1e-6, 1e-5, 1e-3);
    }

    /** With other tolerances. */
    public GradCheck tolerance(double absolute, double relative) {
        return new GradCheck(eps, absolute, relative);
    }

    /**
     * Checks the gradients of a function with respect to those inputs that require one.
     *
     * @param function gives one or more tensors, the same ones for the same inputs
     * @throws CotangentException that names the input and the element and shows both numbers, where they differ
     */
    public void check(Function<List<Tensor>, List<Tensor>> function, Tensor... inputs) {
        List<Tensor> given = List.of(inputs);
        boolean any = false;
        for (int i = 0; i < inputs.length; i++) {
            Tensor t = inputs[i];
            if (!t.requiresGrad()) continue;
            any = true;
            if (t.dtype() != Dtype.FLOAT64) {
                throw new ValueException("gradcheck needs inputs of float64, got " + t.dtype());
            }
            if (t.layout().overlaps()) {
                throw new CotangentException("The " + i + "th input has a dimension with stride 0. gradcheck only"
                        + " supports inputs that are non-overlapping to be able to compute the numerical gradients"
                        + " correctly. You should call .contiguous on the input before passing it to gradcheck.");
            }
        }
        if (!any)
            throw new ValueException("gradcheck expects at least one input tensor to require gradient, but none of"
                    + " them have requires_grad=True.");
        List<Tensor> outputs = function.apply(given);
        boolean differentiable = false;
        for (Tensor out : outputs) differentiable |= out.requiresGrad();
        for (int o = 0; o < outputs.size(); o++) {
            Tensor out = outputs.get(o);
            // Where other outputs have gradients, one without is meant to have none.
            if (!out.dtype().isFloatingPoint() || !out.requiresGrad() && differentiable) continue;
            for (int i = 0; i < inputs.length; i++) {
                if (!inputs[i].requiresGrad()) continue;
                if (differentiable) checkPair(function, given, i, o, out);
                else checkZero(function, given, i, o, out);
            }
            if (differentiable) checkBackward(given, o, out);
        }
    }

    /** Checks that an output without history does not depend on an input. */
    private void checkZero(
            Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, int i, int o, Tensor out) {
        double[] values = inputs.get(i).toDoubleArray();
        for (int c = 0; c < values.length; c++) {
            double[] up = shifted(function, inputs, i, o, values, c, eps);
            double[] down = shifted(function, inputs, i, o, values, c, -eps);
            for (int r = 0; r < up.length; r++) {
                if (!(Math.abs(up[r] - down[r]) <= atol * 2 * eps)) {
                    throw new CotangentException("Numerical gradient for function expected to be zero: output " + o
                            + " does not require grad, but depends on input " + i);
                }
            }
        }
    }

    /** Checks that the backward gives zeros for zeros, and the same for the same. */
    private static void checkBackward(List<Tensor> inputs, int o, Tensor out) {
        for (Tensor g : gradients(inputs, out, 0)) {
            if (g != null && g.ne(0).any().itemBoolean()) {
                throw new CotangentException("backward not multiplied by grad_output: output " + o);
            }
        }
        List<@Nullable Tensor> once = gradients(inputs, out, 1);
        List<@Nullable Tensor> again = gradients(inputs, out, 1);
        for (int i = 0; i < once.size(); i++) {
            Tensor a = once.get(i);
            Tensor b = again.get(i);
            if (a == null && b == null) continue;
            if (a == null || b == null || !Arrays.equals(a.toDoubleArray(), b.toDoubleArray())) {
                throw new CotangentException("Backward is not reentrant, i.e., running backward with same input and"
                        + " grad_output multiple times gives different values, although analytical gradient matches"
                        + " numerical gradient.The tolerance for nondeterminism was 0.0.");
            }
        }
    }

    private static List<@Nullable Tensor> gradients(List<Tensor> inputs, Tensor out, double seed) {
        List<Tensor> wanted = inputs.stream().filter(Tensor::requiresGrad).toList();
        return Autograd.grad(List.of(out), wanted)
                .gradOutputs(out.detach().fullLike(seed))
                .retainGraph()
                .allowUnused()
                .run();
    }

    /** {@link #check(Function, Tensor...)} of a function of one result. */
    public void checkOne(Function<List<Tensor>, Tensor> function, Tensor... inputs) {
        check(in -> List.of(function.apply(in)), inputs);
    }

    /** Checks the gradients of the gradients; PyTorch's {@code gradgradcheck}. The outputs' gradients vary as well. */
    public void checkSecond(Function<List<Tensor>, List<Tensor>> function, Tensor... inputs) {
        List<Tensor> outputs = function.apply(List.of(inputs));
        List<Tensor> all = new ArrayList<>(List.of(inputs));
        for (int o = 0; o < outputs.size(); o++) {
            Tensor out = outputs.get(o);
            double[] weights = new double[Math.toIntExact(out.numel())];
            for (int k = 0; k < weights.length; k++) weights[k] = Math.sin(1.7 * k + o + 0.5) + 0.3;
            Tensor g = out.detach().clone();
            g.copy_(doubles(weights).to(out.device()).view(out.layout().sizes()));
            all.add(out.requiresGrad() ? g.requiresGrad_(true) : g);
        }
        int n = inputs.length;
        check(
                in -> {
                    List<Tensor> results = function.apply(in.subList(0, n));
                    List<Tensor> outs = new ArrayList<>();
                    List<Tensor> grads = new ArrayList<>();
                    for (int o = 0; o < results.size(); o++) {
                        if (!results.get(o).requiresGrad()) continue;
                        outs.add(results.get(o));
                        grads.add(in.get(n + o));
                    }
                    List<Tensor> wanted = in.subList(0, n).stream()
                            .filter(Tensor::requiresGrad)
                            .toList();
                    List<@Nullable Tensor> got = Autograd.grad(outs, wanted)
                            .gradOutputs(grads.toArray(new Tensor[0]))
                            .createGraph()
                            .allowUnused()
                            .run();
                    List<Tensor> present = new ArrayList<>();
                    for (Tensor t : got) if (t != null) present.add(t);
                    return present;
                },
                all.toArray(new Tensor[0]));
    }

    private void checkPair(
            Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, int i, int o, Tensor out) {
        Tensor input = inputs.get(i);
        int rows = Math.toIntExact(out.numel());
        int columns = Math.toIntExact(input.numel());
        double[][] analytic = new double[rows][];
        for (int r = 0; r < rows; r++) {
            double[] unit = new double[rows];
            unit[r] = 1;
            Tensor seed = doubles(unit).to(out.device()).view(out.layout().sizes());
            Tensor g = Autograd.grad(out, input)
                    .gradOutputs(seed)
                    .retainGraph()
                    .allowUnused()
                    .run()
                    .getFirst();
            analytic[r] = g == null ? new double[columns] : g.toDoubleArray();
        }
        double[] values = input.toDoubleArray();
        for (int c = 0; c < columns; c++) {
            double[] up = shifted(function, inputs, i, o, values, c, eps);
            double[] down = shifted(function, inputs, i, o, values, c, -eps);
            for (int r = 0; r < rows; r++) {
                double numeric = (up[r] - down[r]) / (2 * eps);
                double a = analytic[r][c];
                if (!(Math.abs(a - numeric) <= atol + rtol * Math.abs(numeric))) {
                    throw new CotangentException("gradcheck: the gradient of output " + o + " (element " + r
                            + ") with respect to input " + i + " (element " + c + ") is " + a + ", differences say "
                            + numeric);
                }
            }
        }
    }

    private static double[] shifted(
            Function<List<Tensor>, List<Tensor>> function,
            List<Tensor> inputs,
            int i,
            int o,
            double[] values,
            int element,
            double by) {
        double[] moved = values.clone();
        moved[element] += by;
        Tensor input = inputs.get(i);
        List<Tensor> changed = new ArrayList<>();
        for (int k = 0; k < inputs.size(); k++) {
            Tensor t = inputs.get(k);
            // A detached copy keeps strides, so that a function of the layout sees the same one.
            Tensor copy = t.detach().clone();
            if (k == i)
                copy.copy_(doubles(moved).to(input.device()).view(input.layout().sizes()));
            changed.add(copy.requiresGrad_(t.requiresGrad()));
        }
        return function.apply(changed).get(o).toDoubleArray();
    }

    private static Tensor doubles(double[] values) {
        Tensor t = Factories.zeros(Dtype.FLOAT64, Device.cpu(), values.length);
        return HostOps.write(t, MemorySegment.ofArray(values));
    }
}
