package dev.cotangent.internal.ops.elementwise;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
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
 * Writes several tensors in place in one pass over their elements, as the step of an optimiser does with a parameter and
 * its running means. Not recorded: to be called where {@linkplain dev.cotangent.autograd.Autograd#noGrad no gradient} is.
 */
public final class FusedUpdate {
    /** What becomes of the elements. All expressions are of the type that the tensors' dtype is computed in. */
    @FunctionalInterface
    public interface Formula {
        /**
         * The new values.
         *
         * @param written an element of each tensor that is written
         * @param read an element of each other tensor
         * @param numbers the numbers of the call
         * @return one expression for each tensor that is written
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
     * Of a formula.
     *
     * @param name for messages
     * @param written how many tensors are written
     * @param read how many more are read
     * @param numbers how many numbers go in
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
     * @param tensors those that are written, then those that are only read: of one shape, dtype (floating point) and
     *     device, no two of them sharing memory
     * @param values the numbers; other values need no other program
     */
    public void run(Tensor[] tensors, double... values) {
        if (tensors.length != written + read || values.length != numbers) {
            throw new IllegalArgumentException(name + " takes " + (written + read) + " tensors and " + numbers
                    + " numbers, not " + tensors.length + " and " + values.length);
        }
        Tensor first = tensors[0];
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
