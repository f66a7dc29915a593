package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.ir.ScalarOp;
import java.util.EnumSet;
import java.util.Set;

/** How far a result may be from the reference: an absolute error for each element. */
@FunctionalInterface
interface Tolerance {
    /** Not a bit, the sign of a zero included; any NaN is as good as another. */
    Tolerance EXACT = (n, expected) -> 0;

    /** Not a bit, but either zero will do: which of them is the larger, nobody says. */
    Tolerance EXACT_BUT_ZEROS = (n, expected) -> 0;

    /** Ops of math libraries that are rounded correctly everywhere. */
    Set<ScalarOp> EXACT_OPS = EnumSet.of(
            ScalarOp.FLOOR,
            ScalarOp.CEIL,
            ScalarOp.ROUND,
            ScalarOp.TRUNC,
            ScalarOp.SQRT,
            ScalarOp.COPYSIGN,
            ScalarOp.NEXTAFTER);

    /** Ops whose results cross zero where they are ill-conditioned, or that are long sums even in the best library. */
    Set<ScalarOp> HARD_OPS = EnumSet.of(
            ScalarOp.ERF,
            ScalarOp.ERFC,
            ScalarOp.ERFINV,
            ScalarOp.LGAMMA,
            ScalarOp.DIGAMMA,
            ScalarOp.POLYGAMMA,
            ScalarOp.ZETA,
            ScalarOp.GAMMAINC,
            ScalarOp.GAMMAINCC,
            ScalarOp.CHEBYSHEV_T,
            ScalarOp.CHEBYSHEV_U,
            ScalarOp.CHEBYSHEV_V,
            ScalarOp.CHEBYSHEV_W,
            ScalarOp.HERMITE_H,
            ScalarOp.HERMITE_HE,
            ScalarOp.LAGUERRE_L,
            ScalarOp.LEGENDRE_P,
            ScalarOp.POW);

    /** Those of the hard ones that cross zero, or are 1 minus something. */
    Set<ScalarOp> CROSSING_OPS = EnumSet.of(
            ScalarOp.LGAMMA,
            ScalarOp.DIGAMMA,
            ScalarOp.ZETA,
            ScalarOp.GAMMAINC,
            ScalarOp.GAMMAINCC,
            ScalarOp.CHEBYSHEV_T,
            ScalarOp.CHEBYSHEV_U,
            ScalarOp.CHEBYSHEV_V,
            ScalarOp.CHEBYSHEV_W,
            ScalarOp.HERMITE_H,
            ScalarOp.HERMITE_HE,
            ScalarOp.LAGUERRE_L,
            ScalarOp.LEGENDRE_P);

    /** Returns the largest error of element number {@code n} for a reference value. */
    double bound(long n, double expected);

    /** Returns the distance from 1 to the next number. */
    static double epsilon(Dtype dtype) {
        return switch (dtype) {
            case FLOAT64 -> 0x1p-52;
            case FLOAT32 -> 0x1p-23;
            case FLOAT16 -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
            default -> 0;
        };
    }

    /** Returns the smallest number above 0. */
    static double tiny(Dtype dtype) {
        return switch (dtype) {
            case FLOAT64 -> Double.MIN_VALUE;
            case FLOAT32 -> Float.MIN_VALUE;
            case FLOAT16 -> 0x1p-24;
            case BFLOAT16 -> 0x1p-133;
            default -> 0;
        };
    }

    /** Returns the largest finite number. */
    static double huge(Dtype dtype) {
        return switch (dtype) {
            case FLOAT64 -> Double.MAX_VALUE;
            case FLOAT32 -> Float.MAX_VALUE;
            case FLOAT16 -> 65504;
            case BFLOAT16 -> 0x1.FEp127;
            default -> 0;
        };
    }

    /** Creates a tolerance of some units in the last place. */
    static Tolerance ulps(Dtype dtype, double count) {
        double relative = count * epsilon(dtype);
        return (n, expected) -> relative * Math.abs(expected) + count * tiny(dtype);
    }

    /**
     * Returns the tolerance of a scalar op: none where IEEE 754 defines the result; 4 ulps for functions of a math
     * library; for the hard ones what PyTorch's own tests allow.
     */
    static Tolerance of(ScalarOp op, Dtype dtype) {
        if (!dtype.isFloatingPoint() || op.kind() == ScalarOp.Kind.COMPARE || op.kind() == ScalarOp.Kind.SELECT) {
            return EXACT;
        }
        if (op == ScalarOp.MAX || op == ScalarOp.MIN) return EXACT_BUT_ZEROS;
        if (op == ScalarOp.FLOOR_DIV) return ulps(dtype, 2);
        boolean hard = HARD_OPS.contains(op);
        if (EXACT_OPS.contains(op) || op.kind() != ScalarOp.Kind.FLOAT && !hard) return EXACT;
        if (!hard) return ulps(dtype, dtype.isHalf() ? 1 : 4);
        double relative = dtype == Dtype.FLOAT64 ? 1e-12 : dtype.isHalf() ? epsilon(dtype) : 1.3e-6;
        // Some cross zero; the others may flush denormals.
        boolean crosses = CROSSING_OPS.contains(op);
        double absolute = crosses ? (dtype == Dtype.FLOAT64 ? 1e-12 : 1.3e-6) : tiny(dtype) / epsilon(dtype);
        return (n, expected) -> relative * Math.abs(expected) + absolute;
    }
}
