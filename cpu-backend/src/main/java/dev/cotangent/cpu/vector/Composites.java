package dev.cotangent.cpu.vector;

import dev.cotangent.program.ScalarOp;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Ops that are no operator of the Vector API, made of several. */
final class Composites {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(FLOATS, ~0L << FLOATS.length() / 2);

    private Composites() {}

    /** What {@link VectorFloatLoop} takes, or null. */
    static @Nullable Object ofFloats(ScalarOp op) {
        return switch (op) {
            case ERF -> (VectorFloatLoop.Function) Composites::erf;
            case POW -> (VectorFloatLoop.Join) Composites::pow;
            default -> null;
        };
    }

    /**
     * Below 1 as {@code x + x p(x^2)}, above as {@code 1 - e^(-x q(x))}; p and q are least-squares fits in Chebyshev
     * polynomials, weighted to even out the relative error, which is below 2e-9 before rounding.
     */
    private static FloatVector erf(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector z = a.mul(a);
        FloatVector p = z.mul(7.853858e-05f).add(-0.00080101925f);
        p = p.mul(z).add(0.0051883277f);
        p = p.mul(z).add(-0.026853811f);
        p = p.mul(z).add(0.112835854f);
        p = p.mul(z).add(-0.37612626f);
        p = p.mul(z).add(0.1283791f);
        FloatVector small = x.mul(p).add(x);
        FloatVector t = a.min(4);
        FloatVector q = t.mul(1.3962444e-05f).add(-0.00035059205f);
        q = q.mul(t).add(0.0037574768f);
        q = q.mul(t).add(-0.02401007f);
        q = q.mul(t).add(0.10653087f);
        q = q.mul(t).add(0.63496953f);
        q = q.mul(t).add(1.1286943f);
        FloatVector large = q.mul(t).neg().lanewise(VectorOperators.EXP).neg().add(1);
        VectorMask<Float> negative = x.compare(VectorOperators.LT, 0);
        return large.blend(large.neg(), negative).blend(small, a.compare(VectorOperators.LT, 1));
    }

    /** As C's {@code pow}: of float32 through float64, where {@code e^(b ln |a|)} is exact enough by far. */
    private static FloatVector pow(FloatVector a, FloatVector b) {
        if (b.compare(VectorOperators.EQ, 2).allTrue()) return a.mul(a);
        DoubleVector low = pow((DoubleVector) a.convertShape(VectorOperators.F2D, DOUBLES, 0), (DoubleVector)
                b.convertShape(VectorOperators.F2D, DOUBLES, 0));
        DoubleVector high = pow((DoubleVector) a.convertShape(VectorOperators.F2D, DOUBLES, 1), (DoubleVector)
                b.convertShape(VectorOperators.F2D, DOUBLES, 1));
        return ((FloatVector) low.convertShape(VectorOperators.D2F, FLOATS, 0))
                .blend((FloatVector) high.convertShape(VectorOperators.D2F, FLOATS, -1), UPPER);
    }

    private static DoubleVector pow(DoubleVector a, DoubleVector b) {
        DoubleVector size = a.abs();
        DoubleVector r = size.lanewise(VectorOperators.LOG).mul(b).lanewise(VectorOperators.EXP);
        VectorMask<Double> negative = a.test(VectorOperators.IS_NEGATIVE);
        if (negative.anyTrue()) {
            DoubleVector half = b.mul(0.5);
            VectorMask<Double> whole =
                    b.abs().compare(VectorOperators.GE, 0x1p51).or(rint(b).compare(VectorOperators.EQ, b));
            VectorMask<Double> odd = half.abs()
                    .compare(VectorOperators.LT, 0x1p51)
                    .and(rint(half).compare(VectorOperators.NE, half))
                    .and(whole);
            r = r.blend(
                    Double.NaN,
                    negative.andNot(whole)
                            .and(a.compare(VectorOperators.LT, 0))
                            .and(size.compare(VectorOperators.LT, Double.POSITIVE_INFINITY)));
            r = r.blend(r.neg(), negative.and(odd));
        }
        VectorMask<Double> one = b.compare(VectorOperators.EQ, 0)
                .or(a.compare(VectorOperators.EQ, 1))
                .or(size.compare(VectorOperators.EQ, 1).and(b.test(VectorOperators.IS_INFINITE)));
        return r.blend(1, one);
    }

    /** The nearest whole number of what is below 2^51. */
    private static DoubleVector rint(DoubleVector x) {
        return x.add(0x1.8p52).sub(0x1.8p52);
    }
}
