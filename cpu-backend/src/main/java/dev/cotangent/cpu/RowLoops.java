package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.program.ScalarOp;
import java.util.Arrays;

/**
 * What is done with the pieces of rows, of up to {@link Registers#BLOCK} elements, in few passes. How a sum is cut depends
 * on the number of elements alone. What is so many elements further on, {@code next}, belongs to the row after, or to this
 * one where there is none: while a row is computed the one after comes from memory.
 */
abstract class RowLoops {
    /** A sum of pieces, with the error of each addition carried along. */
    static final class Total {
        /** For the chains of a piece. */
        final float[] chains = new float[Loop.LANES];

        private double sum;
        private double lost;

        void add(double x) {
            double t = sum + x;
            lost += Folds.lost(sum, x, t);
            sum = t;
        }

        /** The sum; the next one begins at 0. */
        double take() {
            double result = Double.isFinite(lost) ? sum + lost : sum;
            sum = lost = 0;
            return result;
        }
    }

    /** What the gradient of a normalization takes of a row: what is subtracted from its elements, and times what. */
    record Normal(double mean, double scale) {}

    /** The largest element that is a number, and 0 for -0; minus infinity where there is none. */
    abstract double max(Object x, int i, int n);

    /**
     * {@code y = e^(x - shift)}, to be divided, where no element is above the shift; adds up the results.
     *
     * @return {@link #max} of those next in x
     */
    abstract double exps(Object x, int i, double shift, Object y, int o, Total sum, int next, int n);

    /** {@code y = y / divisor} of {@link #exps}, by way of the reciprocal: y was not exact either. */
    abstract void divide(Object y, int o, double divisor, int n);

    /** {@code y = x - first - second}. */
    abstract void subtract(Object x, int i, double first, double second, Object y, int o, int n);

    /** Adds up. */
    abstract void sum(Object x, int i, Total sum, int n);

    /** Adds up the products. */
    abstract void dot(Object x, int i, Object y, int j, Total sum, int n);

    /** Adds up {@code (x - mean)^2}. */
    abstract void squares(Object x, int i, double mean, Total sum, int n);

    /** {@code y = x * scale + shift}, rounded once; adds up those next in x. */
    abstract void affine(Object x, int i, double scale, double shift, Object y, int o, Total sum, int next, int n);

    /** {@link #affine}, then times {@code w} plus {@code b}. */
    abstract void affine(
            Object x,
            int i,
            double scale,
            double shift,
            Object w,
            int j,
            Object b,
            int k,
            Object y,
            int o,
            Total sum,
            int next,
            int n);

    /** {@code out = (g - less) * y}; adds up the products of those next. */
    abstract void softmaxGradient(
            Object g, int i, double less, Object y, int j, Object out, int o, Total sum, int next, int n);

    /** {@code out = g - e^y * total}; adds up those next in g. */
    abstract void logGradient(
            Object g, int i, double total, Object y, int j, Object out, int o, Total sum, int next, int n);

    /** Adds up {@code h = g * w}, and its products with {@code (x - mean) * scale}. */
    abstract void along(
            Object g, int i, Object x, int j, Object w, int k, Normal normal, Total sum, Total products, int n);

    /** {@code out = (g * w - first - (x - mean) * scale * second) * scale}; {@link #along} of those next. */
    abstract void normalGradient(
            Object g,
            int i,
            Object x,
            int j,
            Object w,
            int k,
            Normal normal,
            double first,
            double second,
            Object out,
            int o,
            int next,
            Normal ofNext,
            Total sum,
            Total products,
            int n);

    /** {@code y = g * (x - mean) * scale}. */
    abstract void weigh(Object g, int i, Object x, int j, Normal normal, Object y, int o, int n);

    /** Of float64, made of the loops of operations. */
    static final class Doubles extends RowLoops {
        private static final int SPLAT = Registers.LAST - 4;
        private static final int VALUES = Registers.LAST - 5;
        private static final int SCRATCH = Registers.LAST - 6;
        private static final int WEIGHED = Registers.LAST - 7;

        private final Loop max;
        private final Loop join;
        private final Loop add;
        private final Loop sub;
        private final Loop mul;
        private final Loop exp;
        private final MatVec products;

        /** Chosen for so many elements. */
        Doubles(Kernels kernels, MatVec products, long numel) {
            max = kernels.of(ScalarOp.MAX, Dtype.FLOAT64).folding(numel);
            join = kernels.of(ScalarOp.ADD, Dtype.FLOAT64).folding(numel);
            add = kernels.of(ScalarOp.ADD, Dtype.FLOAT64).choose(numel);
            sub = kernels.of(ScalarOp.SUB, Dtype.FLOAT64).choose(numel);
            mul = kernels.of(ScalarOp.MUL, Dtype.FLOAT64).choose(numel);
            exp = kernels.of(ScalarOp.EXP, Dtype.FLOAT64).choose(numel);
            this.products = products;
        }

        private static double[] register(int number) {
            return (double[]) Registers.mine().get(Kind.DOUBLE, number);
        }

        private static double[] splat(double value, int n) {
            double[] splat = register(SPLAT);
            Arrays.fill(splat, 0, n, value);
            return splat;
        }

        private static double fold(Loop loop, Object x, int i, int n) {
            double[] scratch = register(SCRATCH);
            return Folds.halve(loop, x, i, n, 1, scratch) ? scratch[0] : ((double[]) x)[i];
        }

        private static void run(Loop loop, Object x, int i, double value, Object y, int o, int n) {
            run(loop, x, i, splat(value, n), 0, y, o, n);
        }

        /** The one place for all of them: a call that has seen but two loops can take in vectors of which little has run. */
        private static void run(Loop loop, Object x, int i, Object z, int j, Object y, int o, int n) {
            loop.run(y, o, x, i, z, j, x, i, n);
        }

        @Override
        double max(Object x, int i, int n) {
            return fold(max, x, i, n);
        }

        @Override
        double exps(Object x, int i, double shift, Object y, int o, Total sum, int next, int n) {
            double most = max(x, i + next, n);
            run(sub, x, i, shift, y, o, n);
            run(exp, y, o, y, o, y, o, n);
            sum(y, o, sum, n);
            return most;
        }

        @Override
        void divide(Object y, int o, double divisor, int n) {
            run(mul, y, o, 1 / divisor, y, o, n);
        }

        @Override
        void subtract(Object x, int i, double first, double second, Object y, int o, int n) {
            run(sub, x, i, first, y, o, n);
            run(sub, y, o, second, y, o, n);
        }

        @Override
        void sum(Object x, int i, Total sum, int n) {
            sum.add(fold(join, x, i, n));
        }

        @Override
        void dot(Object x, int i, Object y, int j, Total sum, int n) {
            double[] values = register(VALUES);
            run(mul, x, i, y, j, values, 0, n);
            sum(values, 0, sum, n);
        }

        @Override
        void squares(Object x, int i, double mean, Total sum, int n) {
            double[] values = register(VALUES);
            run(sub, x, i, mean, values, 0, n);
            dot(values, 0, values, 0, sum, n);
        }

        @Override
        void affine(Object x, int i, double scale, double shift, Object y, int o, Total sum, int next, int n) {
            // A product with one row, on top of what is there.
            Arrays.fill((double[]) y, o, o + n, shift);
            products.sums(1, n, x, i, n, splat(scale, 1), 0, y, o);
            sum(x, i + next, sum, n);
        }

        @Override
        void affine(
                Object x,
                int i,
                double scale,
                double shift,
                Object w,
                int j,
                Object b,
                int k,
                Object y,
                int o,
                Total sum,
                int next,
                int n) {
            affine(x, i, scale, shift, y, o, sum, next, n);
            run(mul, y, o, w, j, y, o, n);
            run(add, y, o, b, k, y, o, n);
        }

        @Override
        void softmaxGradient(
                Object g, int i, double less, Object y, int j, Object out, int o, Total sum, int next, int n) {
            dot(g, i + next, y, j + next, sum, n);
            double[] values = register(VALUES);
            run(sub, g, i, less, values, 0, n);
            run(mul, values, 0, y, j, out, o, n);
        }

        @Override
        void logGradient(
                Object g, int i, double total, Object y, int j, Object out, int o, Total sum, int next, int n) {
            sum(g, i + next, sum, n);
            double[] values = register(VALUES);
            run(exp, y, j, y, j, values, 0, n);
            run(mul, values, 0, total, values, 0, n);
            run(sub, g, i, values, 0, out, o, n);
        }

        /** What is normalized. */
        private double[] normal(Object x, int i, Normal normal, int n) {
            double[] values = register(VALUES);
            run(sub, x, i, normal.mean, values, 0, n);
            run(mul, values, 0, normal.scale, values, 0, n);
            return values;
        }

        @Override
        void along(Object g, int i, Object x, int j, Object w, int k, Normal normal, Total sum, Total products, int n) {
            double[] weighed = register(WEIGHED);
            run(mul, g, i, w, k, weighed, 0, n);
            sum(weighed, 0, sum, n);
            dot(normal(x, j, normal, n), 0, weighed, 0, products, n);
        }

        @Override
        void normalGradient(
                Object g,
                int i,
                Object x,
                int j,
                Object w,
                int k,
                Normal normal,
                double first,
                double second,
                Object out,
                int o,
                int next,
                Normal ofNext,
                Total sum,
                Total products,
                int n) {
            along(g, i + next, x, j + next, w, k, ofNext, sum, products, n);
            double[] weighed = register(WEIGHED);
            run(mul, g, i, w, k, weighed, 0, n);
            run(sub, weighed, 0, first, weighed, 0, n);
            double[] values = normal(x, j, normal, n);
            run(mul, values, 0, second, values, 0, n);
            run(sub, weighed, 0, values, 0, values, 0, n);
            run(mul, values, 0, normal.scale, out, o, n);
        }

        @Override
        void weigh(Object g, int i, Object x, int j, Normal normal, Object y, int o, int n) {
            double[] values = normal(x, j, normal, n);
            run(mul, values, 0, g, i, y, o, n);
        }
    }
}
