package dev.cotangent.internal.ops.elementwise;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.movement.ComplexViews;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A fused in-place update of several tensors in one pass, such as an optimizer's step of a parameter and its running
 * averages. Not recorded: run it under {@linkplain dev.cotangent.autograd.Autograd#noGrad no-grad}.
 */
public final class FusedUpdate {
    /** Defines the new elements. All expressions have the compute type of the tensors' dtype. */
    @FunctionalInterface
    public interface Formula {
        /**
         * Returns the new values.
         *
         * @param written an element of each written tensor
         * @param read an element of each tensor that is only read
         * @param numbers the scalars of the call
         * @return one expression per written tensor
         */
        Expr[] of(Expr[] written, Expr[] read, Expr[] numbers);
    }

    private final String name;
    private final int written;
    private final int read;
    private final int numbers;
    private final Formula formula;
    private final Map<Dtype, Program> programs = new EnumMap<>(Dtype.class);

    /**
     * Creates an update from a formula.
     *
     * @param name for messages
     * @param written number of written tensors
     * @param read number of tensors that are only read
     * @param numbers number of scalars
     */
    public FusedUpdate(String name, int written, int read, int numbers, Formula formula) {
        this.name = name;
        this.written = written;
        this.read = read;
        this.numbers = numbers;
        this.formula = formula;
    }

    /**
     * Computes the formula for every element.
     *
     * @param tensors the written tensors, then those only read: of one shape, floating-point dtype and device, none
     *     sharing memory
     * @param values the scalars; changing them does not compile another program
     */
    public void run(Tensor[] tensors, double... values) {
        if (tensors.length != written + read || values.length != numbers) {
            throw new IllegalArgumentException(name + " takes " + (written + read) + " tensors and " + numbers
                    + " numbers, not " + tensors.length + " and " + values.length);
        }
        Tensor first = tensors[0];
        if (first.dtype().isComplex()) {
            // As PyTorch's optimizers do, each part is updated by itself.
            Tensor[] parts = new Tensor[tensors.length];
            for (int i = 0; i < parts.length; i++) {
                Tensor t = tensors[i].detach();
                parts[i] = ComplexViews.viewAsReal(i < written ? t : ComplexViews.resolveConj(t));
            }
            run(parts, values);
            return;
        }
        check(tensors);
        for (int i = 0; i < written; i++) GradientRule.checkInPlace(tensors[i], tensors);
        if (first.numel() == 0) return;
        Strided[] ins = new Strided[tensors.length];
        for (int i = 0; i < ins.length; i++) ins[i] = Internals.strided(tensors[i]);
        long[] scalars = new long[values.length];
        for (int i = 0; i < scalars.length; i++) scalars[i] = Double.doubleToRawLongBits(values[i]);
        Internals.backend(first).pointwise(program(first.dtype()), Arrays.copyOf(ins, written), ins, scalars);
        for (int i = 0; i < written; i++) Internals.version(tensors[i]).bump();
    }

    private void check(Tensor[] tensors) {
        Tensor first = tensors[0];
        if (!first.dtype().isFloatingPoint()) {
            throw new CotangentException(name + " needs tensors of floating point, not of " + first.dtype());
        }
        for (int i = 1; i < tensors.length; i++) {
            Tensor t = tensors[i];
            boolean fits = t.dtype() == first.dtype()
                    && t.device().equals(first.device())
                    && Arrays.equals(
                            Internals.layout(t).sizes(), Internals.layout(first).sizes());
            if (!fits) {
                throw new CotangentException(
                        name + " needs tensors of one shape, dtype and device, but got " + of(first) + " and " + of(t)
                                + ": convert with to(), or make the optimiser anew after moving a module");
            }
            for (int k = 0; k < Math.min(i, written); k++) {
                if (Internals.storage(tensors[k]) == Internals.storage(t)) {
                    throw new CotangentException(
                            name + " writes memory that another of its tensors shares: clone() one of them");
                }
            }
        }
    }

    private static String of(Tensor t) {
        return t.dtype() + " " + t.shape() + " on " + t.device();
    }

    private synchronized Program program(Dtype dtype) {
        return programs.computeIfAbsent(dtype, this::make);
    }

    private Program make(Dtype dtype) {
        var e = new Exprs();
        Dtype compute = dtype.computeType();
        Expr[] in = new Expr[written + read];
        for (int i = 0; i < in.length; i++) in[i] = e.input(i, dtype).cast(compute);
        Expr[] given = new Expr[numbers];
        for (int i = 0; i < numbers; i++) given[i] = e.scalar(i, compute);
        Expr[] results = formula.of(Arrays.copyOf(in, written), Arrays.copyOfRange(in, written, in.length), given);
        List<Expr> outs = new ArrayList<>();
        for (Expr r : results) outs.add(r.cast(dtype));
        return new Program(Collections.nCopies(in.length, dtype), Collections.nCopies(numbers, compute), outs);
    }
}
