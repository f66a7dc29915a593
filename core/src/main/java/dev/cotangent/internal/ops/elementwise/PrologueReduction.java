package dev.cotangent.internal.ops.elementwise;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.fusion.FusionPolicy;
import dev.cotangent.internal.ops.Axes;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A reduction fused with a prologue, an element-wise computation of its input; compiled per combination of dtypes. */
public final class PrologueReduction {
    /** Defines the prologue over inputs and run-time scalars, all of one type. */
    @FunctionalInterface
    public interface Body {
        /** Returns the value to be reduced, of the same type. */
        Expr of(Expr[] x, Expr[] p);
    }

    /** The identity. */
    public static final PrologueReduction IDENTITY = new PrologueReduction(0, (x, p) -> x[0]);

    /** The difference of two inputs. */
    public static final PrologueReduction DIFFERENCE = new PrologueReduction(0, (x, p) -> x[0].sub(x[1]));

    /** The squared difference of two inputs. */
    public static final PrologueReduction SQUARED_DIFFERENCE =
            new PrologueReduction(0, (x, p) -> x[0].sub(x[1]).square());

    private record Known(long key, Program program) {}

    private static final Number[] NO_NUMBERS = {};
    private static final long[] NO_BITS = {};

    /** Division programs by dtype. */
    private static final @Nullable Program[] QUOTIENTS = new Program[Dtype.values().length];

    private final int scalars;
    private final Body body;
    private final ConcurrentHashMap<Long, Program> programs = new ConcurrentHashMap<>();
    private volatile @Nullable Known last;

    /**
     * Creates a reduction with a prologue.
     *
     * @param scalars the number of run-time scalars
     * @param body the prologue
     */
    public PrologueReduction(int scalars, Body body) {
        this.scalars = scalars;
        this.body = body;
    }

    private Program program(Dtype compute, Dtype reduced, Tensor[] x) {
        long key = compute.ordinal() * 16L + reduced.ordinal() + 16;
        for (Tensor t : x) key = key * 16 + t.dtype().ordinal() + 1;
        Known recent = last;
        if (recent != null && recent.key == key) return recent.program;
        Program program = programs.computeIfAbsent(key, unused -> {
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
            return new Program(types, numbers, List.of(body.of(in, p).cast(reduced)));
        });
        last = new Known(key, program);
        return program;
    }

    /**
     * Reduces over some dimensions, not recorded.
     *
     * @param axes the dimensions, of the shape that the inputs broadcast to
     * @param compute the type that inputs are converted to first
     * @param result the result's type, in which it accumulates: bool for ANY and ALL, int64 for ARGMAX and ARGMIN
     * @param numbers the run-time scalars
     * @param x the inputs
     */
    public Tensor reduce(Reduction kind, Axes axes, Dtype compute, Dtype result, Number[] numbers, Tensor... x) {
        Strided[] in = new Strided[x.length];
        for (int i = 0; i < in.length; i++) {
            Layout layout = Internals.layout(x[i]).expand(axes.sizes());
            in[i] = layout == Internals.layout(x[i])
                    ? Internals.operand(x[i])
                    : Internals.operand(x[i]).with(layout);
        }
        long[] bits = numbers.length == 0 ? NO_BITS : new long[numbers.length];
        for (int i = 0; i < bits.length; i++) bits[i] = Promotion.bits(numbers[i], compute.computeType());
        boolean values = switch (kind) {
            case SUM, PROD, MAX, MIN -> true;
            case ARGMAX, ARGMIN, ANY, ALL -> false;
        };
        return reduce(
                kind, axes, Internals.backend(x[0]), result, program(compute, values ? result : compute, x), in, bits);
    }

    /** Reduces the result of a program, whose inputs are expanded to one shape. */
    static Tensor reduce(
            Reduction kind, Axes axes, Backend backend, Dtype result, Program program, Strided[] in, long[] scalars) {
        Layout keepdim = axes.keepdimLayout();
        Strided out = new Strided(backend.allocateUnset(result, keepdim.numel()), keepdim);
        if (keepdim.numel() > 0) FusionPolicy.reduce(kind, program, out, in, scalars);
        return Internals.wrap(axes.keepdim() ? out : out.with(axes.resultLayout()));
    }

    /** Divides a new floating-point tensor by a number, in place. */
    public static Tensor divide(Tensor fresh, double by) {
        Dtype dtype = fresh.dtype();
        Program quotient = QUOTIENTS[dtype.ordinal()];
        if (quotient == null) {
            Exprs e = new Exprs();
            Dtype wide = dtype.computeType();
            Expr value = e.input(0, dtype).cast(wide).div(e.scalar(0, wide)).cast(dtype);
            QUOTIENTS[dtype.ordinal()] = quotient = new Program(List.of(dtype), List.of(wide), List.of(value));
        }
        Strided data = Internals.operand(fresh);
        FusionPolicy.evaluateInto(quotient, data, new Strided[] {data}, new long[] {Double.doubleToRawLongBits(by)});
        return fresh;
    }

    /** Works as {@link #reduce(Reduction, Axes, Dtype, Dtype, Number[], Tensor...)} without run-time scalars. */
    public Tensor reduce(Reduction kind, Axes axes, Dtype compute, Dtype result, Tensor... x) {
        return reduce(kind, axes, compute, result, NO_NUMBERS, x);
    }

    /** Computes the mean in a floating-point type; the sum is divided in the compute type. */
    public Tensor mean(Axes axes, Dtype type, Tensor... x) {
        return divide(sum(axes, type.computeType(), x), axes.count()).to(type);
    }

    /** Computes the sum in a type. */
    public Tensor sum(Axes axes, Dtype type, Tensor... x) {
        return reduce(Reduction.SUM, axes, type, type, NO_NUMBERS, x);
    }
}
