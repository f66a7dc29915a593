package dev.cotangent.ir;

import dev.cotangent.Dtype;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lowers a program over complex numbers to one over their real and imaginary parts, which every backend runs. An input of
 * complex type becomes two real inputs, a scalar two real scalars, the output two outputs.
 *
 * <p>Functions have their principal values, by formulas that neither overflow nor cancel: W. Kahan, "Branch cuts for complex
 * elementary functions" (1987); division by R. L. Smith's algorithm.
 */
public final class ComplexLowering {
    /** The parts of a complex value. */
    record Pair(Expr re, Expr im) {
        Pair neg() {
            return new Pair(re.neg(), im.neg());
        }

        Pair conj() {
            return new Pair(re, im.neg());
        }

        /** Returns this times i. */
        Pair timesI() {
            return new Pair(im.neg(), re);
        }

        /** Returns this divided by i. */
        Pair overI() {
            return new Pair(im, re.neg());
        }

        Pair scale(double by) {
            return new Pair(re.mul(by), im.mul(by));
        }
    }

    private final Program program;
    private final int conjugated;
    private final Exprs e = new Exprs();
    private final int[] position;
    private final Map<Expr, Pair> pairs = new IdentityHashMap<>();
    private final Map<Expr, Expr> reals = new IdentityHashMap<>();

    private ComplexLowering(Program program, int conjugated) {
        this.program = program;
        this.conjugated = conjugated;
        List<Dtype> inputs = program.inputs();
        position = new int[inputs.size()];
        int n = 0;
        for (int i = 0; i < position.length; i++) {
            position[i] = n;
            n += inputs.get(i).isComplex() ? 2 : 1;
        }
    }

    /**
     * Returns the real program.
     *
     * @param program has one output; its scalars are followed by as many imaginary parts in the real program
     * @param conjugated the bits of the inputs that are conjugated in memory; the bit after those of the output
     */
    public static Program lower(Program program, int conjugated) {
        ComplexLowering lowering = new ComplexLowering(program, conjugated);
        Expr root = program.outputs().getFirst();
        List<Expr> outputs = new ArrayList<>();
        if (root.dtype().isComplex()) {
            Pair out = lowering.complex(root);
            boolean conj = lowering.isConjugated(program.inputs().size());
            outputs.add(out.re);
            outputs.add(conj ? out.im.neg() : out.im);
        } else {
            outputs.add(lowering.real(root));
        }
        List<Dtype> inputs = new ArrayList<>();
        for (Dtype type : program.inputs()) {
            inputs.add(type.realType());
            if (type.isComplex()) inputs.add(type.realType());
        }
        List<Dtype> scalars = new ArrayList<>();
        for (int i = 0; i < 2; i++) for (Dtype type : program.scalars()) scalars.add(type.realType());
        return new Program(inputs, scalars, outputs);
    }

    private boolean isConjugated(int index) {
        return (conjugated >> index & 1) != 0;
    }

    /** Returns the real value of an expression that is not complex. */
    private Expr real(Expr x) {
        Expr known = reals.get(x);
        if (known != null) return known;
        Expr made = switch (x.kind()) {
            case INPUT -> e.input(position[x.index()], x.dtype());
            case SCALAR -> e.scalar(x.index(), x.dtype());
            case CONST -> e.constant(x);
            case CAST ->
                x.arg(0).dtype().isComplex()
                        ? narrowed(complex(x.arg(0)), x.dtype())
                        : e.cast(real(x.arg(0)), x.dtype());
            case CALL -> isOfComplex(x) ? compared(x) : call(x);
        };
        reals.put(x, made);
        return made;
    }

    private Expr call(Expr x) {
        Expr[] args = new Expr[x.arity()];
        for (int i = 0; i < args.length; i++) args[i] = real(x.arg(i));
        return e.call(x.op(), args);
    }

    private static boolean isOfComplex(Expr call) {
        return call.arg(call.arity() - 1).dtype().isComplex();
    }

    /** Returns the real part; of a conversion to bool, whether any part is not 0. */
    private Expr narrowed(Pair z, Dtype to) {
        return to == Dtype.BOOL ? z.re.ne(0).or(z.im.ne(0)) : z.re.cast(to);
    }

    /** Returns a comparison. Only moduli, whose imaginary part is 0, are ordered. */
    private Expr compared(Expr x) {
        Pair a = complex(x.arg(0));
        Pair b = complex(x.arg(1));
        return switch (x.op()) {
            case EQ -> a.re.eq(b.re).and(a.im.eq(b.im));
            case NE -> a.re.ne(b.re).or(a.im.ne(b.im));
            default -> a.re.call(x.op(), b.re);
        };
    }

    private Pair complex(Expr x) {
        Pair known = pairs.get(x);
        if (known != null) return known;
        Dtype type = x.dtype().realType();
        Pair made = switch (x.kind()) {
            case INPUT -> {
                int i = position[x.index()];
                Expr im = e.input(i + 1, type);
                yield new Pair(e.input(i, type), isConjugated(x.index()) ? im.neg() : im);
            }
            case SCALAR ->
                new Pair(e.scalar(x.index(), type), e.scalar(program.scalars().size() + x.index(), type));
            case CONST -> new Pair(e.constant(type, x.constant()), e.constant(type, 0));
            case CAST -> {
                if (!x.arg(0).dtype().isComplex()) yield new Pair(real(x.arg(0)).cast(type), e.constant(type, 0));
                Pair z = complex(x.arg(0));
                yield new Pair(z.re.cast(type), z.im.cast(type));
            }
            case CALL -> function(x);
        };
        pairs.put(x, made);
        return made;
    }

    private Pair function(Expr x) {
        if (x.is(ScalarOp.WHERE)) {
            Expr condition = real(x.arg(0));
            Pair a = complex(x.arg(1));
            Pair b = complex(x.arg(2));
            return new Pair(condition.where(a.re, b.re), condition.where(a.im, b.im));
        }
        Pair z = complex(x.arg(0));
        return x.arity() == 1 ? function(x.op(), z) : function(x.op(), z, complex(x.arg(1)));
    }

    private static Pair function(ScalarOp op, Pair a, Pair b) {
        return switch (op) {
            case ADD -> new Pair(a.re.add(b.re), a.im.add(b.im));
            case SUB -> new Pair(a.re.sub(b.re), a.im.sub(b.im));
            case MUL -> ComplexFormulas.mul(a, b);
            case DIV -> ComplexFormulas.div(a, b);
            case POW -> ComplexFormulas.pow(a, b);
            default -> throw new IllegalArgumentException(op + " is not defined for complex numbers");
        };
    }

    private static Pair function(ScalarOp op, Pair z) {
        return switch (op) {
            case NEG -> z.neg();
            case ABS -> new Pair(ComplexFormulas.abs(z), z.re.like(0));
            case SQRT -> ComplexFormulas.sqrt(z);
            case EXP -> ComplexFormulas.exp(z);
            case EXPM1 -> ComplexFormulas.expm1(z);
            case LOG -> ComplexFormulas.log(z);
            case LOG2 -> ComplexFormulas.log(z).scale(1 / Math.log(2));
            case LOG10 -> ComplexFormulas.log(z).scale(1 / Math.log(10));
            case LOG1P -> ComplexFormulas.log1p(z);
            case SINH -> ComplexFormulas.sinh(z);
            case COSH -> ComplexFormulas.cosh(z);
            case TANH -> ComplexFormulas.tanh(z);
            case SIN -> ComplexFormulas.sinh(z.timesI()).overI();
            case COS -> ComplexFormulas.cosh(z.timesI());
            case TAN -> ComplexFormulas.tanh(z.timesI()).overI();
            case ASIN -> ComplexFormulas.asin(z);
            case ACOS -> ComplexFormulas.acos(z);
            case ATAN -> ComplexFormulas.atanh(z.timesI()).overI();
            case ASINH -> ComplexFormulas.asin(z.timesI()).overI();
            case ACOSH -> ComplexFormulas.acosh(z);
            case ATANH -> ComplexFormulas.atanh(z);
            default -> throw new IllegalArgumentException(op + " is not defined for complex numbers");
        };
    }
}
