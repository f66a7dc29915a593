package dev.cotangent.cpu.vector;

import dev.cotangent.program.ScalarOp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/** Ops that are no operator of the Vector API, made of several. */
final class Composites {

    private Composites() {}

    /** What {@link VectorFloatLoop} takes, or null. */
    static @Nullable Object ofFloats(ScalarOp op) {
        return switch (op) {
            case ERF -> (VectorFloatLoop.Function) Composites::erf;
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
}
