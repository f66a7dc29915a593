package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.program.ScalarOp;
import java.util.Arrays;

/**
 * What is done with the pieces of rows, of up to {@link Registers#BLOCK} elements, in few passes. How a sum is cut depends
 * on the number of elements alone.
 */
abstract class RowLoops {
    /** The largest element that is a number, and 0 for -0; minus infinity where there is none. */
    abstract double max(Object x, int i, int n);

    /** {@code y = e^(x - shift)}, where no element is above the shift; the sum of the results. */
    abstract double exps(Object x, int i, double shift, Object y, int o, int n);

    /** {@code y = y / divisor}, of float32 by way of the reciprocal, where {@code y} was not exact either. */
    abstract void divide(Object y, int o, double divisor, int n);

    /** {@code y = x - first - second}. */
    abstract void subtract(Object x, int i, double first, double second, Object y, int o, int n);

    abstract double sum(Object x, int i, int n);

    /** The sum of {@code (x - mean)^2}. */
    abstract double squares(Object x, int i, double mean, int n);

    /** {@code y = x * scale + shift}, rounded once. */
    abstract void affine(Object x, int i, double scale, double shift, Object y, int o, int n);

    /** {@link #affine}, then times {@code w} plus {@code b}. */
    abstract void affine(
            Object x, int i, double scale, double shift, Object w, int j, Object b, int k, Object y, int o, int n);

    /** Of float64, made of the loops of operations. */
    static final class Doubles extends RowLoops {
        private static final int SPLAT = Registers.LAST - 4;
        private static final int VALUES = Registers.LAST - 5;
        private static final int SCRATCH = Registers.LAST - 6;

        private final Loop max;
        private final Loop join;
        private final Loop add;
        private final Loop sub;
        private final Loop mul;
        private final Loop div;
        private final Loop exp;
        private final MatVec products;

        /** Chosen for so many elements. */
        Doubles(Kernels kernels, MatVec products, long numel) {
            max = kernels.of(ScalarOp.MAX, Dtype.FLOAT64).folding(numel);
            join = kernels.of(ScalarOp.ADD, Dtype.FLOAT64).folding(numel);
            add = kernels.of(ScalarOp.ADD, Dtype.FLOAT64).choose(numel);
            sub = kernels.of(ScalarOp.SUB, Dtype.FLOAT64).choose(numel);
            mul = kernels.of(ScalarOp.MUL, Dtype.FLOAT64).choose(numel);
            div = kernels.of(ScalarOp.DIV, Dtype.FLOAT64).choose(numel);
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
            loop.run(y, o, x, i, splat(value, n), 0, x, i, n);
        }

        @Override
        double max(Object x, int i, int n) {
            return fold(max, x, i, n);
        }

        @Override
        double exps(Object x, int i, double shift, Object y, int o, int n) {
            run(sub, x, i, shift, y, o, n);
            exp.run(y, o, y, o, y, o, y, o, n);
            return sum(y, o, n);
        }

        @Override
        void divide(Object y, int o, double divisor, int n) {
            run(div, y, o, divisor, y, o, n);
        }

        @Override
        void subtract(Object x, int i, double first, double second, Object y, int o, int n) {
            run(sub, x, i, first, y, o, n);
            run(sub, y, o, second, y, o, n);
        }

        @Override
        double sum(Object x, int i, int n) {
            return fold(join, x, i, n);
        }

        @Override
        double squares(Object x, int i, double mean, int n) {
            double[] values = register(VALUES);
            run(sub, x, i, mean, values, 0, n);
            mul.run(values, 0, values, 0, values, 0, values, 0, n);
            return sum(values, 0, n);
        }

        @Override
        void affine(Object x, int i, double scale, double shift, Object y, int o, int n) {
            // A product with one row, on top of what is there.
            Arrays.fill((double[]) y, o, o + n, shift);
            products.sums(1, n, x, i, n, splat(scale, 1), 0, y, o);
        }

        @Override
        void affine(
                Object x, int i, double scale, double shift, Object w, int j, Object b, int k, Object y, int o, int n) {
            affine(x, i, scale, shift, y, o, n);
            mul.run(y, o, y, o, w, j, w, j, n);
            add.run(y, o, y, o, b, k, b, k, n);
        }
    }
}
