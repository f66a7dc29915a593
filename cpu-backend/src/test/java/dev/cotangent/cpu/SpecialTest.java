package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Values from tables (DLMF, Abramowitz and Stegun) and identities that tie the functions to each other. */
class SpecialTest {
    private static void near(double expected, double actual) {
        assertEquals(expected, actual, 4e-15 * Math.max(Math.abs(expected), 1e-300));
    }

    @Test
    void errorFunction() {
        near(0.5204998778130465, Special.erf(0.5));
        near(0.8427007929497149, Special.erf(1));
        near(-0.9953222650189527, Special.erf(-2));
        near(0.15729920705028513, Special.erfc(1));
        near(1.5374597944280349e-12, Special.erfc(5));
        near(2.0884875837625448e-45, Special.erfc(10));
        assertEquals(1, Special.erf(Double.POSITIVE_INFINITY));
        assertEquals(2, Special.erfc(Double.NEGATIVE_INFINITY));
        assertTrue(Double.isNaN(Special.erf(Double.NaN)));
        assertTrue(Double.isNaN(Special.erfc(Double.NaN)));
    }

    @Test
    void inverseErrorFunction() {
        for (double x = -4.9; x < 5; x += 0.0137) {
            double y = Special.erf(x);
            double slope = 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
            assertEquals(x, Special.erfinv(y), 1e-14 * Math.abs(x) + 1.2e-16 / slope);
        }
        near(1e-20 * Math.sqrt(Math.PI) / 2, Special.erfinv(1e-20));
        assertEquals(Double.NEGATIVE_INFINITY, Special.erfinv(-1));
        assertTrue(Double.isNaN(Special.erfinv(1.5)));
    }

    @Test
    void gamma() {
        double log = 0;
        for (int n = 1; n < 170; n++) {
            assertEquals(log, Special.lgamma(n), 1e-14 * Math.max(log, 1e-300));
            log = 0;
            for (int k = 2; k <= n; k++) log += Math.log(k);
        }
        near(0.5723649429247001, Special.lgamma(0.5));
        near(1.2655121234846454, Special.lgamma(-0.5));
        double e = 0x1p-20;
        double zeta3 = 1.2020569031595942;
        near(-0.5772156649015329 * e + Math.PI * Math.PI / 12 * e * e - zeta3 / 3 * e * e * e, Special.lgamma(1 + e));
        near(
                0.4227843350984671 * e + (Math.PI * Math.PI / 12 - 0.5) * e * e - (zeta3 - 1) / 3 * e * e * e,
                Special.lgamma(2 + e));
        near(359.1342053695754, Special.lgamma(100));
        assertEquals(Double.POSITIVE_INFINITY, Special.lgamma(-3));
    }

    @Test
    void digamma() {
        near(-0.5772156649015329, Special.digamma(1));
        near(-1.9635100260214235, Special.digamma(0.5));
        near(2.2517525890667211, Special.digamma(10));
        assertEquals(0.03648997397857652, Special.digamma(-0.5), 1e-15);
        assertEquals(Double.NEGATIVE_INFINITY, Special.digamma(0.0));
        assertTrue(Double.isNaN(Special.digamma(-2)));
    }

    @Test
    void polygamma() {
        near(Math.PI * Math.PI / 6, Special.polygamma(1.0, 1.0));
        near(Math.PI * Math.PI / 2, Special.polygamma(1.0, 0.5));
        near(-2.4041138063191886, Special.polygamma(2.0, 1.0));
        near(Math.pow(Math.PI, 4) / 15, Special.polygamma(3.0, 1.0));
        near(8.934802200544679, Special.polygamma(1.0, -0.5));
    }

    @Test
    void inverseHyperbolic() {
        for (double x : new double[] {1e-10, 0.001, 0.3, 0.7, 0.99}) {
            near(x, Special.asinh(Math.sinh(x)));
            near(x, Math.tanh(Special.atanh(x)));
            near(Math.cosh(x), Math.cosh(Special.acosh(Math.cosh(x))));
        }
        near(Math.log(2) + 200 * Math.log(10), Special.asinh(1e200));
        near(-Math.log(2) - 200 * Math.log(10), Special.asinh(-1e200));
        assertTrue(Double.isNaN(Special.acosh(0.5)));
    }
}
