package dev.cotangent.ir;

/**
 * The primitives of scalar programs, which every backend implements. Operands of an op have one type (as its {@link
 * Kind} says); half types compute in float32.
 *
 * <p>The C text is an expression for device compilers, over {@code a}, {@code b}, {@code c} of the operand type {@code
 * T}; {@code f_x(..)} is a function of the math library in the type's precision, {@code x_(..)} one defined for every
 * type by the device's prelude. Integers wrap around.
 */
public enum ScalarOp {
    /** Sum. On bool: or. */
    ADD(2, Kind.SAME, "add_(a, b)"),
    /** Difference. */
    SUB(2, Kind.SAME, "sub_(a, b)"),
    /** Product. On bool: and. */
    MUL(2, Kind.SAME, "mul_(a, b)"),
    /** Quotient; of integers truncated towards zero, where a division by zero is raised by the caller. */
    DIV(2, Kind.SAME, "div_(a, b)"),
    /** Quotient rounded towards minus infinity, as Python's {@code //}; x // 0 of floating point is x / 0. */
    FLOOR_DIV(2, Kind.SAME, "floor_div(a, b)"),
    /** Remainder with the sign of the divisor, as Python's {@code %}. */
    REMAINDER(2, Kind.SAME, "remainder_(a, b)"),
    /** Remainder with the sign of the dividend, as C's {@code fmod}. */
    FMOD(2, Kind.SAME, "fmod_(a, b)"),
    /** Power. Of integers by repeated squaring, 0 for negative exponents unless the base is 1 or -1. */
    POW(2, Kind.SAME, "pow_(a, b)"),
    /** The angle of the point (b, a), in radians. */
    ATAN2(2, Kind.FLOAT, "f_atan2(a, b)"),
    /** Maximum, propagating NaN. */
    MAX(2, Kind.SAME, "max_(a, b)"),
    /** Minimum, propagating NaN. */
    MIN(2, Kind.SAME, "min_(a, b)"),
    /** Negation. */
    NEG(1, Kind.SAME, "neg_(a)"),
    /** Absolute value. */
    ABS(1, Kind.SAME, "abs_(a)"),
    /** -1, 0 or 1; 0 of NaN. */
    SIGN(1, Kind.SAME, "(T)((a > T(0)) - (a < T(0)))"),
    /** Rounding down. */
    FLOOR(1, Kind.FLOAT, "f_floor(a)"),
    /** Rounding up. */
    CEIL(1, Kind.FLOAT, "f_ceil(a)"),
    /** Nearest integer, ties to even. */
    ROUND(1, Kind.FLOAT, "f_rint(a)"),
    /** Rounding towards zero. */
    TRUNC(1, Kind.FLOAT, "f_trunc(a)"),
    /** Square root. */
    SQRT(1, Kind.FLOAT, "f_sqrt(a)"),
    /** e to the a. */
    EXP(1, Kind.FLOAT, "f_exp(a)"),
    /** e to the a, minus 1, exact near 0. */
    EXPM1(1, Kind.FLOAT, "f_expm1(a)"),
    /** Natural logarithm. */
    LOG(1, Kind.FLOAT, "f_log(a)"),
    /** Logarithm to base 2. */
    LOG2(1, Kind.FLOAT, "f_log2(a)"),
    /** Logarithm to base 10. */
    LOG10(1, Kind.FLOAT, "f_log10(a)"),
    /** Natural logarithm of 1 + a, exact near 0. */
    LOG1P(1, Kind.FLOAT, "f_log1p(a)"),
    /** Sine. */
    SIN(1, Kind.FLOAT, "f_sin(a)"),
    /** Cosine. */
    COS(1, Kind.FLOAT, "f_cos(a)"),
    /** Tangent. */
    TAN(1, Kind.FLOAT, "f_tan(a)"),
    /** Inverse sine. */
    ASIN(1, Kind.FLOAT, "f_asin(a)"),
    /** Inverse cosine. */
    ACOS(1, Kind.FLOAT, "f_acos(a)"),
    /** Inverse tangent. */
    ATAN(1, Kind.FLOAT, "f_atan(a)"),
    /** Hyperbolic sine. */
    SINH(1, Kind.FLOAT, "f_sinh(a)"),
    /** Hyperbolic cosine. */
    COSH(1, Kind.FLOAT, "f_cosh(a)"),
    /** Hyperbolic tangent. */
    TANH(1, Kind.FLOAT, "f_tanh(a)"),
    /** Inverse hyperbolic sine. */
    ASINH(1, Kind.FLOAT, "f_asinh(a)"),
    /** Inverse hyperbolic cosine. */
    ACOSH(1, Kind.FLOAT, "f_acosh(a)"),
    /** Inverse hyperbolic tangent. */
    ATANH(1, Kind.FLOAT, "f_atanh(a)"),
    /** Error function. */
    ERF(1, Kind.FLOAT, "f_erf(a)"),
    /** Complementary error function, accurate where it is small. */
    ERFC(1, Kind.FLOAT, "f_erfc(a)"),
    /** Inverse error function. */
    ERFINV(1, Kind.FLOAT, "f_erfinv(a)"),
    /** Logarithm of the absolute value of the gamma function. */
    LGAMMA(1, Kind.FLOAT, "f_lgamma(a)"),
    /** Digamma function. */
    DIGAMMA(1, Kind.FLOAT, "digamma_(a)"),
    /** Polygamma function of order a (an integer of at least 1) at b; order 1 is trigamma. */
    POLYGAMMA(2, Kind.FLOAT, "polygamma_(a, b)"),
    /** Hurwitz's zeta function: the sum of 1 / (b + n)^a over n = 0, 1, ... */
    ZETA(2, Kind.FLOAT, "hurwitz_zeta(a, b)"),
    /** The regularised lower incomplete gamma function of a, at b. */
    GAMMAINC(2, Kind.FLOAT, "gammainc_(a, b)"),
    /** 1 minus GAMMAINC, exact where it is small. */
    GAMMAINCC(2, Kind.FLOAT, "gammaincc_(a, b)"),
    /** Chebyshev polynomial of the first kind, at a, of degree b, which is truncated; 0 of a negative degree. */
    CHEBYSHEV_T(2, Kind.FLOAT, "chebyshev_t(a, b)"),
    /** Chebyshev polynomial of the second kind. */
    CHEBYSHEV_U(2, Kind.FLOAT, "chebyshev_u(a, b)"),
    /** Chebyshev polynomial of the third kind. */
    CHEBYSHEV_V(2, Kind.FLOAT, "chebyshev_v(a, b)"),
    /** Chebyshev polynomial of the fourth kind. */
    CHEBYSHEV_W(2, Kind.FLOAT, "chebyshev_w(a, b)"),
    /** Physicists' Hermite polynomial; NaN of a degree whose coefficients exceed the type. */
    HERMITE_H(2, Kind.FLOAT, "hermite_h(a, b)"),
    /** Probabilists' Hermite polynomial. */
    HERMITE_HE(2, Kind.FLOAT, "hermite_he(a, b)"),
    /** Laguerre polynomial. */
    LAGUERRE_L(2, Kind.FLOAT, "laguerre_l(a, b)"),
    /** Legendre polynomial. */
    LEGENDRE_P(2, Kind.FLOAT, "legendre_p(a, b)"),
    /** Magnitude of a with the sign of b. */
    COPYSIGN(2, Kind.FLOAT, "f_copysign(a, b)"),
    /** Next representable number from a towards b. */
    NEXTAFTER(2, Kind.FLOAT, "f_nextafter(a, b)"),
    /** Square root of a^2 + b^2 without intermediate overflow. */
    HYPOT(2, Kind.FLOAT, "f_hypot(a, b)"),
    /** Equal. */
    EQ(2, Kind.COMPARE, "a == b"),
    /** Not equal. */
    NE(2, Kind.COMPARE, "a != b"),
    /** Less. */
    LT(2, Kind.COMPARE, "a < b"),
    /** Less or equal. */
    LE(2, Kind.COMPARE, "a <= b"),
    /** Greater. */
    GT(2, Kind.COMPARE, "a > b"),
    /** Greater or equal. */
    GE(2, Kind.COMPARE, "a >= b"),
    /** Bitwise and; logical for bool. */
    AND(2, Kind.BITS, "a & b"),
    /** Bitwise or; logical for bool. */
    OR(2, Kind.BITS, "a | b"),
    /** Bitwise exclusive or. */
    XOR(2, Kind.BITS, "a ^ b"),
    /** Bitwise complement; logical not for bool. */
    NOT(1, Kind.BITS, "not_(a)"),
    /** Left shift; 0 if the distance is negative or at least the width. */
    SHL(2, Kind.BITS, "shl_(a, b)"),
    /** Arithmetic right shift; distances that are negative or at least the width shift out all bits. */
    SHR(2, Kind.BITS, "shr_(a, b)"),
    /** Greatest common divisor of integers, non-negative; gcd(0, 0) is 0. */
    GCD(2, Kind.BITS, "gcd_(a, b)"),
    /** b where a is true, else c; a is bool, b and c have one type. */
    WHERE(3, Kind.SELECT, "a ? b : c");

    /** Operand and result types of an op. */
    public enum Kind {
        /** Numbers of one type; returns that type. */
        SAME,
        /** Floating point of one type; returns that type. */
        FLOAT,
        /** Any one type; returns bool. */
        COMPARE,
        /** Integers or bool of one type; returns that type. */
        BITS,
        /** A bool and two of one type; returns that type. */
        SELECT
    }

    private final int arity;
    private final Kind kind;
    private final String c;

    ScalarOp(int arity, Kind kind, String c) {
        this.arity = arity;
        this.kind = kind;
        this.c = c;
    }

    /** Returns the number of operands. */
    public int arity() {
        return arity;
    }

    /** Returns the kind of operand and result types. */
    public Kind kind() {
        return kind;
    }

    /** Returns the approximate time per element on one core in tenths of a nanosecond, to compare programs. */
    public int cost() {
        return switch (this) {
            case ADD, SUB, MUL, MAX, MIN, NEG, ABS, SIGN, FLOOR, CEIL, ROUND, TRUNC, COPYSIGN -> 1;
            case EQ, NE, LT, LE, GT, GE, AND, OR, XOR, NOT, SHL, SHR, WHERE -> 1;
            case DIV, SQRT -> 3;
            case FLOOR_DIV, REMAINDER, FMOD, POW, ATAN2, HYPOT, NEXTAFTER, GCD -> 20;
            case ERFINV, LGAMMA, DIGAMMA, POLYGAMMA, ZETA -> 200;
            case CHEBYSHEV_T, CHEBYSHEV_U, CHEBYSHEV_V, CHEBYSHEV_W -> 200;
            case HERMITE_H, HERMITE_HE, LAGUERRE_L, LEGENDRE_P -> 200;
            case GAMMAINC, GAMMAINCC -> 1000;
            default -> 10;
        };
    }

    /** Returns the C expression over {@code a}, {@code b}, {@code c} of type {@code T}. */
    public String c() {
        return c;
    }
}
