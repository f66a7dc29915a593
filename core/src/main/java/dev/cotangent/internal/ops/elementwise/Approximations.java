package dev.cotangent.internal.ops.elementwise;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import org.jspecify.annotations.Nullable;

/** Builds polynomials, rational functions and Chebyshev series as expressions. */
final class Approximations {
    /** Coefficients below this part of the largest change no float32. */
    private static final double NEGLIGIBLE = 1e-9;

    private Approximations() {}

    /** Returns a polynomial by Horner's rule, the coefficient of the highest power first. */
    static Expr polynomial(Expr x, double... coefficients) {
        Expr p = x.like(coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) p = p.mul(x).add(coefficients[i]);
        return p;
    }

    /** Returns the quotient of two polynomials. */
    static Expr rational(Expr x, double[] numerator, double[] denominator) {
        return polynomial(x, numerator).div(polynomial(x, denominator));
    }

    /**
     * Returns a series of Chebyshev polynomials of {@code y / 2} by Clenshaw's recurrence (C. W. Clenshaw, "A note on
     * the summation of Chebyshev series", 1955), the coefficient of the highest order first; that of order 0 counts
     * half.
     */
    static Expr chebyshev(Expr y, double... coefficients) {
        double largest = 0;
        for (double c : coefficients) largest = Math.max(largest, Math.abs(c));
        double least = y.dtype() == Dtype.FLOAT64 ? 0 : NEGLIGIBLE * largest;
        int first = 0;
        while (Math.abs(coefficients[first]) < least) first++;
        @Nullable Expr before = null;
        @Nullable Expr last = null;
        Expr sum = y.like(coefficients[first]);
        for (int i = first + 1; i < coefficients.length; i++) {
            before = last;
            last = sum;
            sum = y.mul(last);
            if (before != null) sum = sum.sub(before);
            sum = sum.add(coefficients[i]);
        }
        return (before == null ? sum : sum.sub(before)).mul(0.5);
    }
}
