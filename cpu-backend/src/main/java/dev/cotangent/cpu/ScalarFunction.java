package dev.cotangent.cpu;

/** The functions of one element that loops are made of. */
final class ScalarFunction {
    private ScalarFunction() {}

    @FunctionalInterface
    interface FloatUnary {
        float of(float a);
    }

    @FunctionalInterface
    interface FloatBinary {
        float of(float a, float b);
    }

    @FunctionalInterface
    interface FloatTest {
        boolean of(float a, float b);
    }

    @FunctionalInterface
    interface DoubleUnary {
        double of(double a);
    }

    @FunctionalInterface
    interface DoubleBinary {
        double of(double a, double b);
    }

    @FunctionalInterface
    interface DoubleTest {
        boolean of(double a, double b);
    }

    @FunctionalInterface
    interface LongUnary {
        long of(long a);
    }

    @FunctionalInterface
    interface LongBinary {
        long of(long a, long b);
    }

    @FunctionalInterface
    interface LongTest {
        boolean of(long a, long b);
    }

    @FunctionalInterface
    interface BoolUnary {
        boolean of(boolean a);
    }

    @FunctionalInterface
    interface BoolBinary {
        boolean of(boolean a, boolean b);
    }

    /** A choice between two operands by a bool: the loops know how. */
    static final Object WHERE = new Object();
}
