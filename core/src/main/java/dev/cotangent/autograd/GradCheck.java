package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.HostOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares gradients with central differences; PyTorch's {@code torch.autograd.gradcheck}. For functions of float64
 * tensors that are smooth around the inputs. Immutable; each method returns a changed check.
 *
 * @param eps the step of the differences
 * @param atol absolute tolerance
 * @param rtol tolerance relative to the difference quotient
 * @param nondeterminism tolerance between two backward passes over one graph, PyTorch's {@code nondet_tol}
 * @param isFast whether one projection of each Jacobian is compared instead of all elements
 * @param checksUndefined whether backward is also tested with undefined gradients of outputs
 * @param checksBatched whether batched gradients are compared with separate passes
 * @param checksForward whether forward-mode derivatives are compared with the differences as well
 */
public record GradCheck(
        double eps,
        double atol,
        double rtol,
        double nondeterminism,
        boolean isFast,
        boolean checksUndefined,
        boolean checksBatched,
        boolean checksForward) {
    /**
     * Creates a check with PyTorch's defaults: eps 1e-6, tolerances 1e-5 and 1e-3, all elements, undefined gradients.
     */
    public GradCheck() {
        this(1e-6, 1e-5, 1e-3);
    }

    /** Creates a check with a step and tolerances. */
    public GradCheck(double eps, double atol, double rtol) {
        this(eps, atol, rtol, 0, false, true, false, false);
    }

    /** Sets the tolerances. */
    public GradCheck tolerance(double absolute, double relative) {
        return new GradCheck(
                eps, absolute, relative, nondeterminism, isFast, checksUndefined, checksBatched, checksForward);
    }

    /** Sets the tolerance between backward passes; PyTorch's {@code nondet_tol}. */
    public GradCheck nondeterminismTolerance(double value) {
        return new GradCheck(eps, atol, rtol, value, isFast, checksUndefined, checksBatched, checksForward);
    }

    /** Compares one projection of each Jacobian, which takes two calls of the function; {@code fast_mode=True}. */
    public GradCheck fast() {
        return new GradCheck(eps, atol, rtol, nondeterminism, true, checksUndefined, checksBatched, checksForward);
    }

    /** Sets whether undefined gradients of outputs are tested; PyTorch's {@code check_undefined_grad}. */
    public GradCheck undefined(boolean value) {
        return new GradCheck(eps, atol, rtol, nondeterminism, isFast, value, checksBatched, checksForward);
    }

    /** Tests batched gradients too; PyTorch's {@code check_batched_grad=True}. */
    public GradCheck batched() {
        return new GradCheck(eps, atol, rtol, nondeterminism, isFast, checksUndefined, true, checksForward);
    }

    /** Tests forward-mode derivatives too; PyTorch's {@code check_forward_ad=True}. */
    public GradCheck forward() {
        return new GradCheck(eps, atol, rtol, nondeterminism, isFast, checksUndefined, checksBatched, true);
    }

    /**
     * Checks the gradients of a function with respect to the inputs that require grad.
     *
     * @param function returns one or more tensors, deterministically
     * @throws CotangentException on a mismatch, with input, element and both numbers
     */
    public void check(Function<List<Tensor>, List<Tensor>> function, Tensor... inputs) {
        if (RealParts.hasComplex(inputs)) {
            check(RealParts.of(function, inputs), RealParts.of(inputs));
            return;
        }
        List<Tensor> given = List.of(inputs);
        boolean any = false;
        for (int i = 0; i < inputs.length; i++) {
            Tensor t = inputs[i];
            if (!t.requiresGrad()) continue;
            any = true;
            if (t.dtype() != Dtype.FLOAT64) {
                throw new ValueException("gradcheck needs inputs of float64, got " + t.dtype());
            }
            if (Internals.layout(t).overlaps()) {
                throw new CotangentException("The " + i + "th input has a dimension with stride 0. gradcheck only"
                        + " supports inputs that are non-overlapping to be able to compute the numerical gradients"
                        + " correctly. You should call .contiguous on the input before passing it to gradcheck.");
            }
        }
        if (!any)
            throw new ValueException("gradcheck expects at least one input tensor to require gradient, but none of"
                    + " them have requires_grad=True.");
        List<Tensor> outputs = function.apply(given);
        if (RealParts.hasComplex(outputs.toArray(Tensor[]::new))) {
            check(RealParts.of(function, inputs), inputs);
            return;
        }
        boolean differentiable = false;
        for (Tensor out : outputs) differentiable |= out.requiresGrad();
        if (differentiable && checksUndefined) checkUndefined(function, given);
        for (int o = 0; o < outputs.size(); o++) {
            Tensor out = outputs.get(o);
            // If other outputs are differentiable, one that is not is meant to be.
            if (!out.dtype().isFloatingPoint() || !out.requiresGrad() && differentiable) continue;
            for (int i = 0; i < inputs.length; i++) {
                if (!inputs[i].requiresGrad()) continue;
                if (differentiable && isFast) checkProjection(function, given, i, o, out);
                else if (differentiable) checkPair(function, given, i, o, out);
                else checkZero(function, given, i, o, out);
            }
            if (differentiable && checksForward) checkForward(function, given, o);
            if (differentiable) checkBackward(given, o, out);
            if (differentiable && checksBatched) checkBatched(given, o, out);
        }
    }

    /** Returns its input, with an undefined gradient. */
    private static final class Undefined extends dev.cotangent.autograd.Function {
        @Override
        protected Tensor[] forward(Context ctx, Tensor... inputs) {
            return new Tensor[] {inputs[0].clone()};
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... grads) {
            return new Tensor[1];
        }
    }

    /** Checks that backward treats undefined gradients, of all outputs and of each, as zeros. */
    private static void checkUndefined(Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs) {
        List<Tensor> wanted = inputs.stream().filter(Tensor::requiresGrad).toList();
        List<Tensor> outputs = new ArrayList<>();
        for (Tensor t : function.apply(inputs)) if (t.requiresGrad()) outputs.add(t);
        for (int without = -1; without < (outputs.size() == 1 ? 0 : outputs.size()); without++) {
            List<Tensor> roots = new ArrayList<>();
            List<Tensor> zeros = new ArrayList<>();
            for (int o = 0; o < outputs.size(); o++) {
                Tensor out = outputs.get(o);
                roots.add(without < 0 || o == without ? new Undefined().apply(out) : out);
                zeros.add(out.detach().zerosLike());
            }
            List<@Nullable Tensor> grads;
            try {
                grads = Autograd.grad(roots, wanted)
                        .gradOutputs(zeros.toArray(new Tensor[0]))
                        .retainGraph()
                        .allowUnused()
                        .run();
            } catch (NullPointerException e) {
                throw new CotangentException(
                        "Expected backward function to handle undefined output grads. Please look at \"Notes about"
                                + " undefined output gradients\" in \"tools/autograd/derivatives.yaml\". In Java: a"
                                + " Function that calls setMaterializeGrads(false) gets null for such outputs.",
                        e);
            }
            for (Tensor g : grads) {
                if (g == null || !g.ne(0).any().itemBoolean()) continue;
                throw new CotangentException("Expected all input grads to be undefined or zero when all output grads"
                        + " are undefined or zero. Please look at \"Notes about undefined output gradients\" in"
                        + " \"tools/autograd/derivatives.yaml\".");
            }
        }
    }

    /** Checks that a batch of two gradients returns the same results as two passes. */
    private void checkBatched(List<Tensor> inputs, int o, Tensor out) {
        List<Tensor> wanted = inputs.stream().filter(Tensor::requiresGrad).toList();
        Tensor batch = Tensors.stack(weights(out, 0.9), weights(out, 1.3));
        List<@Nullable Tensor> together = Autograd.grad(List.of(out), wanted)
                .gradOutputs(batch)
                .isGradsBatched()
                .retainGraph()
                .allowUnused()
                .run();
        for (int b = 0; b < 2; b++) {
            List<@Nullable Tensor> alone = Autograd.grad(List.of(out), wanted)
                    .gradOutputs(batch.select(0, b))
                    .retainGraph()
                    .allowUnused()
                    .run();
            for (int i = 0; i < alone.size(); i++) {
                Tensor one = alone.get(i);
                Tensor all = together.get(i);
                if (one == null && all == null) continue;
                if (one != null && all != null && all.select(0, b).allclose(one, rtol, atol, true)) continue;
                throw new CotangentException("gradcheck failed while testing batched gradient computation: output " + o
                        + ", input " + i + ", batch " + b);
            }
        }
    }

    /** Returns a tensor like another with pseudo-random elements that are the same in every run. */
    private static Tensor weights(Tensor like, double phase) {
        double[] values = new double[Math.toIntExact(like.numel())];
        for (int k = 0; k < values.length; k++) values[k] = Math.sin(1.7 * k + phase) + 0.3;
        return doubles(values).to(like.device()).view(Internals.layout(like).sizes());
    }

    /** Compares {@code v J u} for one direction u of an input and one v of an output. */
    private void checkProjection(
            Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, int i, int o, Tensor out) {
        Tensor input = inputs.get(i);
        Tensor u = weights(input, 0.4);
        Tensor length = u.square().sum().sqrt();
        if (length.itemDouble() > 0) u = u.div(length);
        Tensor v = weights(out, 1.1);
        Tensor g = Autograd.grad(out, input)
                .gradOutputs(v)
                .retainGraph()
                .allowUnused()
                .run()
                .getFirst();
        double analytic = g == null ? 0 : g.detach().mul(u).sum().itemDouble();
        double[] direction = u.toDoubleArray();
        double[] up = moved(function, inputs, i, o, direction, eps);
        double[] down = moved(function, inputs, i, o, direction, -eps);
        double[] weights = v.toDoubleArray();
        double numeric = 0;
        for (int r = 0; r < up.length; r++) numeric += weights[r] * (up[r] - down[r]) / (2 * eps);
        if (Math.abs(analytic - numeric) <= atol + rtol * Math.abs(numeric)) return;
        throw new CotangentException("Jacobian computed with reverse mode mismatch for output " + o
                + " with respect to input " + i + ": projected by fast mode, numerical: " + numeric + ", analytical: "
                + analytic + ". The check without fast() shows the elements.");
    }

    /** Compares the tangents of an output with the differences, for each element of each input or, if fast, one direction. */
    private void checkForward(Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, int o) {
        for (int i = 0; i < inputs.size(); i++) {
            Tensor input = inputs.get(i);
            if (!input.requiresGrad()) continue;
            int columns = Math.toIntExact(input.numel());
            for (int c = 0; c < (isFast ? Math.min(1, columns) : columns); c++) {
                double[] direction = new double[columns];
                if (isFast) direction = weights(input, 0.4).toDoubleArray();
                else direction[c] = 1;
                Tensor tangent = doubles(direction)
                        .to(input.device())
                        .view(Internals.layout(input).sizes());
                double[] up = moved(function, inputs, i, o, direction, eps);
                double[] down = moved(function, inputs, i, o, direction, -eps);
                double[] analytic = tangent(function, inputs, i, o, tangent);
                for (int r = 0; r < up.length; r++) {
                    double numeric = (up[r] - down[r]) / (2 * eps);
                    double a = analytic == null ? 0 : analytic[r];
                    if (Math.abs(a - numeric) <= atol + rtol * Math.abs(numeric)) continue;
                    throw new CotangentException("Jacobian computed with forward mode mismatch for output " + o
                            + " with respect to input " + i + ": element " + r + " of the output"
                            + (isFast ? ", projected by fast mode" : " by element " + c + " of the input")
                            + ", numerical: " + numeric + ", analytical: " + a);
                }
            }
        }
    }

    private static double @Nullable [] tangent(
            Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, int i, int o, Tensor tangent) {
        try (var _ = ForwardAD.dualLevel()) {
            List<Tensor> given = new ArrayList<>(inputs);
            given.set(i, ForwardAD.makeDual(inputs.get(i).detach(), tangent));
            Tensor found = ForwardAD.unpackDual(function.apply(given).get(o)).tangent();
            return found == null ? null : found.toDoubleArray();
        }
    }

    /** Checks that a non-differentiable output does not depend on an input. */
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

    /** Checks that backward returns zeros for zeros, and is deterministic. */
    private void checkBackward(List<Tensor> inputs, int o, Tensor out) {
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
            if (a == null || b == null || !isSame(a.toDoubleArray(), b.toDoubleArray())) {
                throw new CotangentException("Backward is not reentrant, i.e., running backward with same input and"
                        + " grad_output multiple times gives different values, although analytical gradient matches"
                        + " numerical gradient.The tolerance for nondeterminism was " + nondeterminism + ".");
            }
        }
    }

    private boolean isSame(double[] a, double[] b) {
        for (int k = 0; k < a.length; k++) {
            if (Double.compare(a[k], b[k]) != 0 && !(Math.abs(a[k] - b[k]) <= nondeterminism)) return false;
        }
        return true;
    }

    private static List<@Nullable Tensor> gradients(List<Tensor> inputs, Tensor out, double seed) {
        List<Tensor> wanted = inputs.stream().filter(Tensor::requiresGrad).toList();
        return Autograd.grad(List.of(out), wanted)
                .gradOutputs(out.detach().fullLike(seed))
                .retainGraph()
                .allowUnused()
                .run();
    }

    /** Works as {@link #check(Function, Tensor...)}, for a function with one result. */
    public void checkOne(Function<List<Tensor>, Tensor> function, Tensor... inputs) {
        check(in -> List.of(function.apply(in)), inputs);
    }

    /** Checks second derivatives; PyTorch's {@code gradgradcheck}. The outputs' gradients are varied as well. */
    public void checkSecond(Function<List<Tensor>, List<Tensor>> function, Tensor... inputs) {
        List<Tensor> outputs = function.apply(List.of(inputs));
        List<Tensor> all = new ArrayList<>(List.of(inputs));
        for (int o = 0; o < outputs.size(); o++) {
            Tensor out = outputs.get(o);
            double[] weights = new double[Math.toIntExact(out.numel())];
            for (int k = 0; k < weights.length; k++) weights[k] = Math.sin(1.7 * k + o + 0.5) + 0.3;
            Tensor g = out.detach().clone();
            g.copy_(doubles(weights).to(out.device()).view(Internals.layout(out).sizes()));
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
            Tensor seed =
                    doubles(unit).to(out.device()).view(Internals.layout(out).sizes());
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
                    throw new CotangentException("Jacobian mismatch for output " + o + " with respect to input " + i
                            + ": element " + r + " of the output by element " + c + " of the input, numerical: "
                            + numeric + ", analytical: " + a);
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
        double[] unit = new double[values.length];
        unit[element] = 1;
        return moved(function, inputs, i, o, unit, by);
    }

    /** Returns an output with an input shifted along a direction. */
    private static double[] moved(
            Function<List<Tensor>, List<Tensor>> function,
            List<Tensor> inputs,
            int i,
            int o,
            double[] direction,
            double by) {
        double[] moved = inputs.get(i).toDoubleArray();
        for (int k = 0; k < moved.length; k++) if (direction[k] != 0) moved[k] += by * direction[k];
        Tensor input = inputs.get(i);
        List<Tensor> changed = new ArrayList<>();
        for (int k = 0; k < inputs.size(); k++) {
            Tensor t = inputs.get(k);
            // A detached clone keeps the strides, which the function may depend on.
            Tensor copy = t.detach().clone();
            if (k == i)
                copy.copy_(doubles(moved)
                        .to(input.device())
                        .view(Internals.layout(input).sizes()));
            changed.add(copy.requiresGrad_(t.requiresGrad()));
        }
        return function.apply(changed).get(o).toDoubleArray();
    }

    private static Tensor doubles(double[] values) {
        Tensor t = CreationOps.zeros(Dtype.FLOAT64, Device.cpu(), values.length);
        return HostOps.write(t, MemorySegment.ofArray(values));
    }
}
