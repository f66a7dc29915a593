package dev.cotangent.tests.reference;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.math.BigInteger;

/** A program at work on one element after the other: of each step the value, a double or a long after its type. */
final class Evaluation {
    private final Program program;
    private final Strided[] ins;
    private final long[] scalars;
    private final double[] real;
    private final long[] whole;

    Evaluation(Program program, Strided[] ins, long[] scalars) {
        this.program = program;
        this.ins = ins;
        this.scalars = scalars;
        this.real = new double[program.steps().size()];
        this.whole = new long[program.steps().size()];
    }

    /** Computes all steps for the element that is number {@code n} in row-major order. */
    void at(long n) {
        for (int s = 0; s < real.length; s++) {
            Expr e = program.steps().get(s);
            Dtype type = e.dtype();
            switch (e.kind()) {
                case INPUT -> {
                    Strided in = ins[e.index()];
                    long place = ReferenceBackend.place(in.layout(), n);
                    if (type.isFloatingPoint())
                        real[s] = ReferenceBackend.cells(in).real(place);
                    else whole[s] = ReferenceBackend.cells(in).whole(place);
                }
                case SCALAR -> literal(s, type, scalars[e.index()]);
                case CONST -> literal(s, type, e.bits());
                case CAST -> {
                    int a = program.position(e.arg(0));
                    cast(s, type, e.arg(0).dtype(), real[a], whole[a]);
                }
                case CALL -> call(s, e);
            }
        }
    }

    double real(Expr output) {
        return real[program.position(output)];
    }

    long whole(Expr output) {
        return whole[program.position(output)];
    }

    private void literal(int s, Dtype type, long bits) {
        if (type.isFloatingPoint()) real[s] = Cells.round(type, Double.longBitsToDouble(bits));
        else whole[s] = Cells.wrap(type, bits);
    }

    private void cast(int s, Dtype to, Dtype from, double r, long w) {
        if (to.isFloatingPoint()) real[s] = toReal(to, from, r, w);
        else whole[s] = toWhole(to, from, r, w);
    }

    static double toReal(Dtype to, Dtype from, double r, long w) {
        if (from.isFloatingPoint()) return Cells.round(to, r);
        return to == Dtype.FLOAT64 ? w : Cells.round(to, (float) w);
    }

    static long toWhole(Dtype to, Dtype from, double r, long w) {
        if (!from.isFloatingPoint()) return Cells.wrap(to, w);
        return to == Dtype.BOOL ? (r != 0 ? 1 : 0) : Cells.wrap(to, (long) r);
    }

    private void call(int s, Expr e) {
        int[] at = new int[3];
        for (int i = 0; i < e.arity(); i++) at[i] = program.position(e.arg(i));
        Dtype type = e.arg(e.arity() - 1).dtype();
        ScalarOp op = e.op();
        switch (op.kind()) {
            case SELECT -> {
                real[s] = whole[at[0]] != 0 ? real[at[1]] : real[at[2]];
                whole[s] = whole[at[0]] != 0 ? whole[at[1]] : whole[at[2]];
            }
            case COMPARE ->
                whole[s] = (type.isFloatingPoint()
                                ? compare(op, real[at[0]], real[at[1]])
                                : compare(op, whole[at[0]], whole[at[1]]))
                        ? 1
                        : 0;
            case SAME, FLOAT, BITS -> {
                if (type.isFloatingPoint()) real[s] = Cells.round(type, of(op, type, real[at[0]], real[at[1]]));
                else whole[s] = Cells.wrap(type, of(op, type, whole[at[0]], whole[at[1]]));
            }
        }
    }

    private static boolean compare(ScalarOp op, double a, double b) {
        return switch (op) {
            case EQ -> a == b;
            case NE -> a != b;
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
            default -> throw new UnsupportedOperationException(op + " compares nothing known here");
        };
    }

    private static boolean compare(ScalarOp op, long a, long b) {
        return switch (op) {
            case EQ -> a == b;
            case NE -> a != b;
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
            default -> throw new UnsupportedOperationException(op + " compares nothing known here");
        };
    }

    private static double of(ScalarOp op, Dtype type, double a, double b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case FLOOR_DIV -> floorDiv(a, b);
            case REMAINDER -> remainder(a, b);
            case FMOD -> a % b;
            case POW -> ReferenceMath.pow(a, b);
            case ATAN2 -> Math.atan2(a, b);
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case NEG -> -a;
            case ABS -> Math.abs(a);
            case SIGN -> a > 0 ? 1 : a < 0 ? -1 : 0;
            case FLOOR -> Math.floor(a);
            case CEIL -> Math.ceil(a);
            case ROUND -> Math.rint(a);
            case TRUNC -> a < 0 ? Math.ceil(a) : Math.floor(a);
            case SQRT -> Math.sqrt(a);
            case EXP -> Math.exp(a);
            case EXPM1 -> Math.expm1(a);
            case LOG -> Math.log(a);
            case LOG2 -> Math.log(a) / Math.log(2);
            case LOG10 -> Math.log10(a);
            case LOG1P -> Math.log1p(a);
            case SIN -> Math.sin(a);
            case COS -> Math.cos(a);
            case TAN -> Math.tan(a);
            case ASIN -> Math.asin(a);
            case ACOS -> Math.acos(a);
            case ATAN -> Math.atan(a);
            case SINH -> Math.sinh(a);
            case COSH -> Math.cosh(a);
            case TANH -> Math.tanh(a);
            case ASINH -> ReferenceMath.asinh(a);
            case ACOSH -> ReferenceMath.acosh(a);
            case ATANH -> ReferenceMath.atanh(a);
            case ERF -> ReferenceMath.erf(a);
            case ERFC -> ReferenceMath.erfc(a);
            case ERFINV -> ReferenceMath.erfinv(a);
            case LGAMMA -> ReferenceMath.lgamma(a);
            case DIGAMMA -> ReferenceMath.digamma(a);
            case POLYGAMMA -> a == 1 && b < 0.5 ? trigamma(type, b) : ReferenceMath.polygamma(a, b);
            case ZETA -> ReferenceMath.hurwitz(a, b);
            case GAMMAINC -> ReferenceMath.gammainc(a, b, false);
            case GAMMAINCC -> ReferenceMath.gammainc(a, b, true);
            case CHEBYSHEV_T -> ReferenceMath.chebyshev(a, b, 1, 0);
            case CHEBYSHEV_U -> ReferenceMath.chebyshev(a, b, 2, 0);
            case CHEBYSHEV_V -> ReferenceMath.chebyshev(a, b, 2, -1);
            case CHEBYSHEV_W -> ReferenceMath.chebyshev(a, b, 2, 1);
            case HERMITE_H -> ReferenceMath.hermite(a, b, 2);
            case HERMITE_HE -> ReferenceMath.hermite(a, b, 1);
            case LAGUERRE_L -> ReferenceMath.laguerre(a, b);
            case LEGENDRE_P -> ReferenceMath.legendre(a, b);
            case COPYSIGN -> Math.copySign(a, b);
            case NEXTAFTER -> type == Dtype.FLOAT32 ? Math.nextAfter((float) a, b) : Math.nextAfter(a, b);
            case HYPOT -> Math.hypot(a, b);
            default -> throw new UnsupportedOperationException(op + " of " + type);
        };
    }

    /** Computes trigamma by reflection, with pi times x rounded. */
    private static double trigamma(Dtype type, double x) {
        double s = Cells.round(type, Math.sin(Cells.round(type, Cells.round(type, Math.PI) * x)));
        return Math.PI * Math.PI / (s * s) - ReferenceMath.polygamma(1, 1 - x);
    }

    private static double remainder(double a, double b) {
        double r = a % b;
        return r != 0 && r < 0 != b < 0 ? r + b : r;
    }

    private static double floorDiv(double a, double b) {
        if (b == 0) return a / b;
        double q = (a - a % b) / b;
        if (a % b != 0 && a % b < 0 != b < 0) q -= 1;
        return q == 0 ? Math.copySign(0, a / b) : Math.rint(q);
    }

    private static long of(ScalarOp op, Dtype type, long a, long b) {
        boolean divides =
                op == ScalarOp.DIV || op == ScalarOp.FLOOR_DIV || op == ScalarOp.REMAINDER || op == ScalarOp.FMOD;
        if (divides && b == 0) throw new CotangentException("ZeroDivisionError");
        boolean within = b >= 0 && b < 8L * type.bytes();
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case FLOOR_DIV -> Math.floorDiv(a, b);
            case REMAINDER -> Math.floorMod(a, b);
            case FMOD -> a % b;
            case POW -> pow(a, b);
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case NEG -> -a;
            case ABS -> Math.abs(a);
            case SIGN -> Long.signum(a);
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            case GCD -> BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).longValue();
            case NOT -> type == Dtype.BOOL ? 1 - a : ~a;
            case SHL -> within ? a << b : 0;
            case SHR -> within ? a >> b : a < 0 ? -1 : 0;
            default -> throw new UnsupportedOperationException(op + " of " + type);
        };
    }

    private static long pow(long a, long b) {
        if (b < 0) return a == 1 ? 1 : a == -1 ? (b % 2 == 0 ? 1 : -1) : 0;
        long result = 1;
        for (long base = a; b > 0; b >>= 1, base *= base) if ((b & 1) == 1) result *= base;
        return result;
    }
}
