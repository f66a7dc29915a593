package dev.cotangent.op;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Deferral;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.program.Expr;
import dev.cotangent.program.Exprs;
import dev.cotangent.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** What a reduction computes of each element before it joins them; a scalar program for every combination of types. */
final class Prologue {
    /** What is computed, of the inputs and the run-time scalars, all of one type. */
    @FunctionalInterface
    interface Body {
        /** The value to be joined, of the same type. */
        Expr of(Expr[] x, Expr[] p);
    }

    /** The element itself. */
    static final Prologue ITSELF = new Prologue(0, (x, p) -> x[0]);

    /** The square of the difference from another input. */
    static final Prologue SQUARED_DIFFERENCE =
            new Prologue(0, (x, p) -> x[0].sub(x[1]).square());

    private final int scalars;
    private final Body body;
    private final ConcurrentHashMap<Long, Program> programs = new ConcurrentHashMap<>();

    /**
     * A prologue.
     *
     * @param scalars the number of run-time scalars
     * @param body computes
     */
    Prologue(int scalars, Body body) {
        this.scalars = scalars;
        this.body = body;
    }

    private Program program(Dtype compute, Dtype joined, Tensor[] x) {
        long key = compute.ordinal() * 16L + joined.ordinal() + 16;
        for (Tensor t : x) key = key * 16 + t.dtype().ordinal() + 1;
        Program known = programs.get(key);
        if (known != null) return known;
        return programs.computeIfAbsent(key, unused -> {
            Exprs e = new Exprs();
            List<Dtype> types = new ArrayList<>();
            Expr[] in = new Expr[x.length];
            for (int i = 0; i < in.length; i++) {
                types.add(x[i].dtype());
                in[i] = e.input(i, x[i].dtype()).cast(compute.computeType());
            }
            List<Dtype> numbers = new ArrayList<>();
            Expr[] p = new Expr[scalars];
            for (int i = 0; i < p.length; i++) {
                numbers.add(compute.computeType());
                p[i] = e.scalar(i, compute.computeType());
            }
            return new Program(types, numbers, List.of(body.of(in, p).cast(joined)));
        });
    }

    /**
     * Joins the values over some dimensions, not recorded.
     *
     * @param axes which dimensions, of the shape that the inputs broadcast to
     * @param compute the type that inputs are converted to before anything else
     * @param result the type that the reduction gives, and sums and the like are made in: bool for ANY and ALL, int64
     *     for ARGMAX and ARGMIN
     * @param numbers the run-time scalars
     * @param x the inputs
     */
    Tensor reduce(Reduction kind, Axes axes, Dtype compute, Dtype result, Number[] numbers, Tensor... x) {
        Strided[] in = new Strided[x.length];
        for (int i = 0; i < in.length; i++)
            in[i] = x[i].operand().with(x[i].layout().expand(axes.sizes()));
        long[] bits = new long[numbers.length];
        for (int i = 0; i < bits.length; i++) bits[i] = Promotion.bits(numbers[i], compute.computeType());
        Layout kept = Layout.contiguous(axes.kept());
        Strided out = new Strided(x[0].backend().allocateUnset(result, kept.numel()), kept);
        boolean values = switch (kind) {
            case SUM, PROD, MAX, MIN -> true;
            case ARGMAX, ARGMIN, ANY, ALL -> false;
        };
        Program program = program(compute, values ? result : compute, x);
        if (kept.numel() > 0) Deferral.reduce(kind, program, out, in, bits);
        return Tensor.wrap(axes.keeps() ? out : out.with(Layout.contiguous(axes.result())));
    }

    private static final Number[] NO_NUMBERS = {};

    /** As {@link #reduce(Reduction, Axes, Dtype, Dtype, Number[], Tensor...)} without run-time scalars. */
    Tensor reduce(Reduction kind, Axes axes, Dtype compute, Dtype result, Tensor... x) {
        return reduce(kind, axes, compute, result, NO_NUMBERS, x);
    }

    /** The sum in a type. */
    Tensor sum(Axes axes, Dtype type, Tensor... x) {
        return reduce(Reduction.SUM, axes, type, type, NO_NUMBERS, x);
    }
}
