package dev.cotangent.cpu;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.ir.ScalarOp;
import java.lang.invoke.MethodHandles;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of what each {@link ScalarOp} computes of an element, per kind of register. */
final class ScalarFunctions {
    private static final double LN2 = 0.6931471805599453;
    private static final Map<ScalarOp, Row> ROWS = new EnumMap<>(ScalarOp.class);

    /** The functions of {@link ScalarFunction} that an op is, by kind; null where another kind's has to do. */
    private record Row(
            @Nullable Object ofFloat,
            @Nullable Object ofDouble,
            @Nullable Object ofLong,
            @Nullable Object ofBool) {}

    private ScalarFunctions() {}

    static {
        binary(ScalarOp.ADD, (a, b) -> a + b, (a, b) -> a + b, (a, b) -> a + b, (a, b) -> a | b);
        binary(ScalarOp.SUB, (a, b) -> a - b, (a, b) -> a - b, (a, b) -> a - b, null);
        binary(ScalarOp.MUL, (a, b) -> a * b, (a, b) -> a * b, (a, b) -> a * b, (a, b) -> a & b);
        binary(ScalarOp.DIV, (a, b) -> a / b, (a, b) -> a / b, (a, b) -> a / nonZero(b), null);
        binary(
                ScalarOp.FLOOR_DIV,
                FloatMath::floorDiv,
                ScalarFunctions::floorDiv,
                (a, b) -> Math.floorDiv(a, nonZero(b)),
                null);
        binary(
                ScalarOp.REMAINDER,
                FloatMath::remainder,
                ScalarFunctions::remainder,
                (a, b) -> Math.floorMod(a, nonZero(b)),
                null);
        binary(ScalarOp.FMOD, (a, b) -> a % b, (a, b) -> a % b, (a, b) -> a % nonZero(b), null);
        binary(ScalarOp.POW, FloatPow::pow, ScalarFunctions::pow, ScalarFunctions::pow, null);
        binary(ScalarOp.MAX, (a, b) -> Math.max(a, b), (a, b) -> Math.max(a, b), Math::max, (a, b) -> a | b);
        binary(ScalarOp.MIN, (a, b) -> Math.min(a, b), (a, b) -> Math.min(a, b), Math::min, (a, b) -> a & b);
        binary(ScalarOp.ATAN2, null, Math::atan2, null, null);
        binary(ScalarOp.POLYGAMMA, SpecialMath::polygamma, SpecialMath::polygamma, null, null);
        real(ScalarOp.ZETA, SpecialMath::hurwitz);
        real(ScalarOp.GAMMAINC, IncompleteGamma::lower);
        real(ScalarOp.GAMMAINCC, IncompleteGamma::upper);
        real(ScalarOp.CHEBYSHEV_T, OrthogonalPolynomials::chebyshevT);
        real(ScalarOp.CHEBYSHEV_U, OrthogonalPolynomials::chebyshevU);
        real(ScalarOp.CHEBYSHEV_V, OrthogonalPolynomials::chebyshevV);
        real(ScalarOp.CHEBYSHEV_W, OrthogonalPolynomials::chebyshevW);
        binary(ScalarOp.HERMITE_H, OrthogonalPolynomials::hermiteH, OrthogonalPolynomials::hermiteH, null, null);
        binary(ScalarOp.HERMITE_HE, OrthogonalPolynomials::hermiteHe, OrthogonalPolynomials::hermiteHe, null, null);
        real(ScalarOp.LAGUERRE_L, OrthogonalPolynomials::laguerreL);
        real(ScalarOp.LEGENDRE_P, OrthogonalPolynomials::legendreP);
        binary(ScalarOp.COPYSIGN, (a, b) -> Math.copySign(a, b), (a, b) -> Math.copySign(a, b), null, null);
        binary(ScalarOp.NEXTAFTER, (a, b) -> Math.nextAfter(a, b), (a, b) -> Math.nextAfter(a, b), null, null);
        binary(ScalarOp.HYPOT, null, Math::hypot, null, null);

        unary(ScalarOp.NEG, a -> -a, a -> -a, a -> -a);
        unary(ScalarOp.ABS, a -> Math.abs(a), a -> Math.abs(a), a -> Math.abs(a));
        unary(
                ScalarOp.SIGN,
                a -> (a > 0 ? 1 : 0) - (a < 0 ? 1 : 0),
                a -> (a > 0 ? 1 : 0) - (a < 0 ? 1 : 0),
                a -> Long.signum(a));
        unary(ScalarOp.SQRT, a -> (float) Math.sqrt(a), Math::sqrt, null);
        real(ScalarOp.FLOOR, Math::floor);
        real(ScalarOp.CEIL, Math::ceil);
        real(ScalarOp.ROUND, Math::rint);
        real(ScalarOp.TRUNC, a -> a < 0 ? Math.ceil(a) : Math.floor(a));
        real(ScalarOp.EXP, FloatMath::exp, DoubleMath::exp);
        real(ScalarOp.EXPM1, FloatMath::expm1, Math::expm1);
        real(ScalarOp.LOG, FloatMath::log, DoubleMath::log);
        real(ScalarOp.LOG2, FloatMath::log2, ScalarFunctions::log2);
        real(ScalarOp.LOG10, FloatMath::log10, Math::log10);
        real(ScalarOp.LOG1P, FloatMath::log1p, Math::log1p);
        real(ScalarOp.SIN, FloatMath::sin, Math::sin);
        real(ScalarOp.COS, FloatMath::cos, Math::cos);
        real(ScalarOp.TAN, Math::tan);
        real(ScalarOp.ASIN, Math::asin);
        real(ScalarOp.ACOS, Math::acos);
        real(ScalarOp.ATAN, Math::atan);
        real(ScalarOp.SINH, Math::sinh);
        real(ScalarOp.COSH, Math::cosh);
        real(ScalarOp.TANH, FloatMath::tanh, Math::tanh);
        real(ScalarOp.ASINH, SpecialMath::asinh);
        real(ScalarOp.ACOSH, SpecialMath::acosh);
        real(ScalarOp.ATANH, SpecialMath::atanh);
        real(ScalarOp.ERF, FloatMath::erf, SpecialMath::erf);
        real(ScalarOp.ERFC, SpecialMath::erfc);
        real(ScalarOp.ERFINV, SpecialMath::erfinv);
        real(ScalarOp.LGAMMA, SpecialMath::lgamma);
        real(ScalarOp.DIGAMMA, SpecialMath::digamma);

        test(ScalarOp.EQ, (a, b) -> a == b, (a, b) -> a == b, (a, b) -> a == b, (a, b) -> a == b);
        test(ScalarOp.NE, (a, b) -> a != b, (a, b) -> a != b, (a, b) -> a != b, (a, b) -> a != b);
        test(ScalarOp.LT, (a, b) -> a < b, (a, b) -> a < b, (a, b) -> a < b, (a, b) -> !a & b);
        test(ScalarOp.LE, (a, b) -> a <= b, (a, b) -> a <= b, (a, b) -> a <= b, (a, b) -> !a | b);
        test(ScalarOp.GT, (a, b) -> a > b, (a, b) -> a > b, (a, b) -> a > b, (a, b) -> a & !b);
        test(ScalarOp.GE, (a, b) -> a >= b, (a, b) -> a >= b, (a, b) -> a >= b, (a, b) -> a | !b);

        binary(ScalarOp.GCD, null, null, ScalarFunctions::gcd, null);
        binary(ScalarOp.AND, null, null, (a, b) -> a & b, (a, b) -> a & b);
        binary(ScalarOp.OR, null, null, (a, b) -> a | b, (a, b) -> a | b);
        binary(ScalarOp.XOR, null, null, (a, b) -> a ^ b, (a, b) -> a ^ b);
        ROWS.put(ScalarOp.NOT, new Row(null, null, (ScalarFunction.LongUnary) a -> ~a, (ScalarFunction.BoolUnary)
                a -> !a));
        ROWS.put(
                ScalarOp.WHERE,
                new Row(ScalarFunction.WHERE, ScalarFunction.WHERE, ScalarFunction.WHERE, ScalarFunction.WHERE));
        // The distance counts against the width, so these two are made for each type in function().
        ROWS.put(ScalarOp.SHL, new Row(null, null, null, null));
        ROWS.put(ScalarOp.SHR, new Row(null, null, null, null));
    }

    private static void binary(
            ScalarOp op,
            ScalarFunction.@Nullable FloatBinary f,
            ScalarFunction.@Nullable DoubleBinary d,
            ScalarFunction.@Nullable LongBinary l,
            ScalarFunction.@Nullable BoolBinary z) {
        ROWS.put(op, new Row(f, d, l, z));
    }

    private static void test(
            ScalarOp op,
            ScalarFunction.FloatTest f,
            ScalarFunction.DoubleTest d,
            ScalarFunction.LongTest l,
            ScalarFunction.BoolBinary z) {
        ROWS.put(op, new Row(f, d, l, z));
    }

    private static void unary(
            ScalarOp op,
            ScalarFunction.FloatUnary f,
            ScalarFunction.DoubleUnary d,
            ScalarFunction.@Nullable LongUnary l) {
        ROWS.put(op, new Row(f, d, l, null));
    }

    /** Adds a function of floating point, of float32 computed in float64 and rounded. */
    private static void real(ScalarOp op, ScalarFunction.DoubleUnary d) {
        ROWS.put(op, new Row(null, d, null, null));
    }

    /** Adds a function of two operands of floating point, of float32 computed in float64 and rounded. */
    private static void real(ScalarOp op, ScalarFunction.DoubleBinary d) {
        ROWS.put(op, new Row(null, d, null, null));
    }

    /** Adds a function of floating point, with a separate one for float32. */
    private static void real(ScalarOp op, ScalarFunction.FloatUnary f, ScalarFunction.DoubleUnary d) {
        ROWS.put(op, new Row(f, d, null, null));
    }

    /**
     * Returns the scalar loop of an op for operands (and, but for comparisons, a result) of that type, half types being
     * float32.
     */
    static Loop plain(ScalarOp op, Dtype dtype) {
        Object fn = function(op, dtype);
        Class<? extends Loop> template = switch (RegisterType.of(dtype)) {
            case FLOAT -> FloatLoop.class;
            case DOUBLE -> DoubleLoop.class;
            case LONG -> LongLoop.class;
            case BOOL -> BoolLoop.class;
        };
        return LoopTemplates.define(MethodHandles.lookup(), Loop.class, template, fn);
    }

    /** Returns what an op computes of one element, one of the interfaces of {@link ScalarFunction}. */
    static Object function(ScalarOp op, Dtype dtype) {
        int width = 8 * dtype.bytes();
        if (op == ScalarOp.SHL) return (ScalarFunction.LongBinary) (a, b) -> b < 0 || b >= width ? 0 : a << b;
        if (op == ScalarOp.SHR) return (ScalarFunction.LongBinary) (a, b) -> a >> (b < 0 || b >= width ? 63 : b);
        Row row = ROWS.get(op);
        Object fn = row == null
                ? null
                : switch (RegisterType.of(dtype)) {
                    case FLOAT -> row.ofFloat != null ? row.ofFloat : asFloat(row.ofDouble);
                    case DOUBLE -> row.ofDouble;
                    case LONG -> row.ofLong;
                    case BOOL -> row.ofBool != null ? row.ofBool : asBool(row.ofLong);
                };
        if (fn == null) throw new IllegalArgumentException(op + " is not known of " + dtype);
        return fn;
    }

    private static @Nullable Object asFloat(@Nullable Object ofDouble) {
        return switch (ofDouble) {
            case ScalarFunction.DoubleUnary f -> (ScalarFunction.FloatUnary) a -> (float) f.of(a);
            case ScalarFunction.DoubleBinary f -> (ScalarFunction.FloatBinary) (a, b) -> (float) f.of(a, b);
            case null, default -> null;
        };
    }

    private static @Nullable Object asBool(@Nullable Object ofLong) {
        return switch (ofLong) {
            case ScalarFunction.LongUnary f -> (ScalarFunction.BoolUnary) a -> f.of(a ? 1 : 0) != 0;
            case ScalarFunction.LongBinary f -> (ScalarFunction.BoolBinary) (a, b) -> f.of(a ? 1 : 0, b ? 1 : 0) != 0;
            case null, default -> null;
        };
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) throw new CotangentException("ZeroDivisionError");
        return divisor;
    }

    /** Computes the quotient, rounded down from the exact remainder, as Python's {@code float.__floordiv__}. */
    private static double floorDiv(double a, double b) {
        if (b == 0) return a / b;
        double mod = a % b;
        double quotient = (a - mod) / b;
        if (mod != 0 && b < 0 != mod < 0) quotient -= 1;
        if (quotient == 0) return Math.copySign(0, a / b);
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double remainder(double a, double b) {
        double mod = a % b;
        return mod != 0 && b < 0 != mod < 0 ? mod + b : mod;
    }

    /** Works as C's {@code pow}, which unlike Java's returns 1 for 1 to the NaN and for -1 to the infinity. */
    static double pow(double a, double b) {
        if (b == 2) return a * a;
        if (b == 1) return a;
        if (b == 3) return a * a * a;
        if (b == -1) return 1 / a;
        if (b == 0.5 && a > 0) return Math.sqrt(a);
        if (a == 1 || a == -1 && Double.isInfinite(b)) return 1;
        return Math.pow(a, b);
    }

    private static long pow(long a, long b) {
        if (b < 0) return a == 1 ? 1 : a == -1 ? ((b & 1) == 0 ? 1 : -1) : 0;
        long result = 1;
        for (long base = a, left = b; left != 0; left >>= 1, base *= base) if ((left & 1) != 0) result *= base;
        return result;
    }

    private static long gcd(long a, long b) {
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return Math.abs(a);
    }

    /** Computes the binary logarithm, exact for powers of two, from the exponent and the mantissa. */
    static double log2(double a) {
        if (!(a >= Double.MIN_NORMAL) || a == Double.POSITIVE_INFINITY) return Math.log(a) / LN2;
        int exponent = Math.getExponent(a);
        double m = Math.scalb(a, -exponent);
        if (m > 1.4142135623730951) {
            m *= 0.5;
            exponent++;
        }
        return exponent + Math.log(m) / LN2;
    }
}
