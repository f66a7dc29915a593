package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Values from tables (DLMF, Abramowitz and Stegun) and identities that tie the functions to each other. */
class SpecialMathTest {
    private static void near(double expected, double actual) {
        assertEquals(expected, actual, 4e-15 * Math.max(Math.abs(expected), 1e-300));
    }

    @Test
    void errorFunction() {
        near(0.5204998778130465, SpecialMath.erf(0.5));
        near(0.8427007929497149, SpecialMath.erf(1));
        near(-0.9953222650189527, SpecialMath.erf(-2));
        near(0.15729920705028513, SpecialMath.erfc(1));
        near(1.5374597944280349e-12, SpecialMath.erfc(5));
        near(2.0884875837625448e-45, SpecialMath.erfc(10));
        assertEquals(1, SpecialMath.erf(Double.POSITIVE_INFINITY));
        assertEquals(2, SpecialMath.erfc(Double.NEGATIVE_INFINITY));
        assertTrue(Double.isNaN(SpecialMath.erf(Double.NaN)));
        assertTrue(Double.isNaN(SpecialMath.erfc(Double.NaN)));
    }

    @Test
    void inverseErrorFunction() {
        for (double x = -4.9; x < 5; x += 0.0137) {
            double y = SpecialMath.erf(x);
            double slope = 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
            assertEquals(x, SpecialMath.erfinv(y), 1e-14 * Math.abs(x) + 1.2e-16 / slope);
        }
        near(1e-20 * Math.sqrt(Math.PI) / 2, SpecialMath.erfinv(1e-20));
        assertEquals(Double.NEGATIVE_INFINITY, SpecialMath.erfinv(-1));
        assertTrue(Double.isNaN(SpecialMath.erfinv(1.5)));
    }

    @Test
    void gamma() {
        double log = 0;
        for (int n = 1; n < 170; n++) {
            assertEquals(log, SpecialMath.lgamma(n), 1e-14 * Math.max(log, 1e-300));
            log = 0;
            for (int k = 2; k <= n; k++) log += Math.log(k);
        }
        near(0.5723649429247001, SpecialMath.lgamma(0.5));
        near(1.2655121234846454, SpecialMath.lgamma(-0.5));
        double e = 0x1p-20;
        double zeta3 = 1.2020569031595942;
        near(
                -0.5772156649015329 * e + Math.PI * Math.PI / 12 * e * e - zeta3 / 3 * e * e * e,
                SpecialMath.lgamma(1 + e));
        near(
                0.4227843350984671 * e + (Math.PI * Math.PI / 12 - 0.5) * e * e - (zeta3 - 1) / 3 * e * e * e,
                SpecialMath.lgamma(2 + e));
        near(359.1342053695754, SpecialMath.lgamma(100));
        assertEquals(Double.POSITIVE_INFINITY, SpecialMath.lgamma(-3));
    }

    @Test
    void digamma() {
        near(-0.5772156649015329, SpecialMath.digamma(1));
        near(-1.9635100260214235, SpecialMath.digamma(0.5));
        near(2.2517525890667211, SpecialMath.digamma(10));
        assertEquals(0.03648997397857652, SpecialMath.digamma(-0.5), 1e-15);
        assertEquals(Double.NEGATIVE_INFINITY, SpecialMath.digamma(0.0));
        assertTrue(Double.isNaN(SpecialMath.digamma(-2)));
    }

    @Test
    void polygamma() {
        near(Math.PI * Math.PI / 6, SpecialMath.polygamma(1.0, 1.0));
        near(Math.PI * Math.PI / 2, SpecialMath.polygamma(1.0, 0.5));
        near(-2.4041138063191886, SpecialMath.polygamma(2.0, 1.0));
        near(Math.pow(Math.PI, 4) / 15, SpecialMath.polygamma(3.0, 1.0));
        near(8.934802200544679, SpecialMath.polygamma(1.0, -0.5));
    }

    @Test
    void inverseHyperbolic() {
        for (double x : new double[] {1e-10, 0.001, 0.3, 0.7, 0.99}) {
            near(x, SpecialMath.asinh(Math.sinh(x)));
            near(x, Math.tanh(SpecialMath.atanh(x)));
            near(Math.cosh(x), Math.cosh(SpecialMath.acosh(Math.cosh(x))));
        }
        near(Math.log(2) + 200 * Math.log(10), SpecialMath.asinh(1e200));
        near(-Math.log(2) - 200 * Math.log(10), SpecialMath.asinh(-1e200));
        assertTrue(Double.isNaN(SpecialMath.acosh(0.5)));
    }
}
