package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.tests.reference.Cells;
import java.util.random.RandomGenerator;

/** Where the elements of an operand come from. */
@FunctionalInterface
interface Values {
    /** Sets all elements. */
    void fill(Cells cells, RandomGenerator random);

    /** Numbers of every size, one in eight of them special. */
    Values ANY = (cells, random) -> {
        boolean real = cells.dtype().isFloatingPoint();
        double[] reals = real ? specialReals(cells.dtype()) : new double[0];
        long[] wholes = real ? new long[0] : specialWholes(cells.dtype());
        for (int i = 0; i < cells.size(); i++) {
            boolean special = random.nextInt(8) == 0;
            if (real) cells.set(i, special ? reals[random.nextInt(reals.length)] : anyReal(random));
            else cells.set(i, special ? wholes[random.nextInt(wholes.length)] : anyWhole(random));
        }
    };

    /** Finite numbers around 0, integers from -9 to 9 (or 0 to 9), for sums that are not to overflow. */
    Values TAME = (cells, random) -> {
        boolean signed = cells.dtype() != Dtype.UINT8;
        for (int i = 0; i < cells.size(); i++) {
            if (cells.dtype().isFloatingPoint()) cells.set(i, random.nextDouble(-2, 2));
            else
                cells.set(
                        i,
                        cells.dtype() == Dtype.BOOL ? random.nextInt(2) : (long) random.nextInt(signed ? -9 : 0, 10));
        }
    };

    /** Few different values, so that many are equal; NaN and both zeros among them. */
    Values FEW = (cells, random) -> {
        double[] some = {1, -1, 0.0, -0.0, 2, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.5};
        for (int i = 0; i < cells.size(); i++) {
            int k = random.nextInt(some.length);
            if (cells.dtype().isFloatingPoint()) cells.set(i, some[k]);
            else cells.set(i, (long) k - 4);
        }
    };

    /** Numbers near 1, for products. */
    Values NEAR_ONE = (cells, random) -> {
        for (int i = 0; i < cells.size(); i++) {
            if (cells.dtype().isFloatingPoint())
                cells.set(i, random.nextDouble(0.75, 1.3) * (random.nextBoolean() ? 1 : -1));
            else cells.set(i, (long) random.nextInt(1, 4));
        }
    };

    /** Returns indices below a bound. */
    static Values below(long bound) {
        return (cells, random) -> {
            for (int i = 0; i < cells.size(); i++) cells.set(i, bound == 0 ? 0 : random.nextLong(bound));
        };
    }

    private static double anyReal(RandomGenerator random) {
        double sign = random.nextBoolean() ? 1 : -1;
        return sign
                * switch (random.nextInt(5)) {
                    case 0 -> random.nextDouble();
                    case 1 -> random.nextDouble(5);
                    case 2 -> random.nextDouble(100);
                    case 3 -> random.nextInt(20) / 2.0;
                    default -> Math.exp(random.nextDouble(-60, 60));
                };
    }

    private static long anyWhole(RandomGenerator random) {
        return random.nextBoolean() ? random.nextInt(-12, 13) : random.nextLong();
    }

    /** Returns both zeros, infinities, NaN, the ends of the dtype, denormals, and where functions overflow. */
    static double[] specialReals(Dtype dtype) {
        double tiny = Tolerance.tiny(dtype);
        double huge = Tolerance.huge(dtype);
        double near = 1 - Tolerance.epsilon(dtype) / 2;
        return new double[] {
            0.0,
            -0.0,
            1,
            -1,
            0.5,
            -0.5,
            1.5,
            2.5,
            -2.5,
            2,
            -2,
            3,
            -3,
            10,
            100,
            -100,
            near,
            -near,
            1e-5,
            -1e-5,
            Math.PI,
            Math.PI / 2,
            1e3,
            1e4,
            tiny,
            -tiny,
            7 * tiny,
            huge,
            -huge,
            huge / 3,
            88.9,
            -104,
            710.5,
            -746,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NaN
        };
    }

    /** Returns the ends of the dtype's range and numbers around 0. */
    static long[] specialWholes(Dtype dtype) {
        if (dtype == Dtype.BOOL) return new long[] {0, 1};
        long max = dtype == Dtype.UINT8 ? 255 : (1L << 8 * dtype.bytes() - 1) - 1;
        long min = dtype == Dtype.UINT8 ? 0 : -max - 1;
        return new long[] {0, 1, -1, 2, -2, 3, 7, -8, 31, 63, 64, 100, max, min, max - 1, min + 1, max / 2 + 1};
    }
}
