package dev.cotangent.internal.ops.elementwise;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.Scalar;
import org.jspecify.annotations.Nullable;

/** An element-wise operation on two tensors and two optional weights that default to 1. */
public final class QuaternaryOp extends ElementwiseOp {
    QuaternaryOp(Definition<QuaternaryOp> definition) {
        super(definition);
    }

    /** Returns the result or, with a reduction, its sum or mean without materializing it. */
    public Tensor call(Tensor a, Tensor b, @Nullable Tensor c, @Nullable Tensor d, @Nullable MapReduction reduction) {
        Dtype common = Promotion.resultType(a, b, c, d);
        int types = types(a, b, c) | (d == null ? 0 : types(d) << 12);
        ElementwiseKernel k = find(types, common, onCpu(a, b, c));
        Tensor[] tensors = c != null && d != null
                ? new Tensor[] {a, b, c, d}
                : c != null ? new Tensor[] {a, b, c} : d != null ? new Tensor[] {a, b, d} : new Tensor[] {a, b};
        long[] scalars = new long[4 - tensors.length];
        for (int i = 0; i < scalars.length; i++) scalars[i] = operandBits(k, i, Scalar.ONE, common);
        return reduction == null ? k.call(tensors, scalars) : k.mapReduce(reduction, tensors, scalars);
    }
}
