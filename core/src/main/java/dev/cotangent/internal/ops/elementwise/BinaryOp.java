package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.ScalarParts.parts;

import dev.cotangent.Complex;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.Scalar;
import org.jspecify.annotations.Nullable;

/** An element-wise operation on two operands: a tensor, and a tensor or a scalar. */
public final class BinaryOp extends ElementwiseOp {
    /** Cached kernels of a floating-point tensor and a scalar without rounding: the most frequent calls. */
    private final @Nullable ElementwiseKernel[] withScalar = new ElementwiseKernel[Dtype.values().length];

    BinaryOp(Definition<BinaryOp> definition) {
        super(definition);
    }

    /** Returns the result of two tensors, which are broadcast and promoted. */
    public Tensor call(Tensor a, Tensor b) {
        if (b == null) throw missing(1);
        return kernel(this, a, b).call(a, b, NO_SCALARS);
    }

    /** Returns the result of a tensor and a scalar. */
    public Tensor call(Tensor a, Number b) {
        if (b == null) throw missing(1);
        ElementwiseKernel known = withScalar[a.dtype().ordinal()];
        if (known != null && !(b instanceof Complex)) {
            return known.call(a, new long[] {Double.doubleToRawLongBits(b.doubleValue())});
        }
        Scalar scalar = Scalar.of(b);
        Dtype common = Promotion.resultType(a, scalar);
        ElementwiseKernel k = find(types(a), common, a.device().isCpu());
        Dtype type = a.dtype();
        boolean asItIs = operandCheck == null && !(rounds && type.isHalf());
        if (asItIs && type.isFloatingPoint() && k.scalarType(0).isFloatingPoint()) withScalar[type.ordinal()] = k;
        return k.call(a, scalars(k, a, scalar, common));
    }

    /** Writes the result of two tensors into the first; throws PyTorch's error if it cannot be written or cast. */
    public Tensor callInPlace(Tensor self, Tensor b) {
        if (b == null) throw missing(1);
        checkInPlace(self, self, b, null);
        ElementwiseKernel k = inPlaceKernel(this, self, b);
        checkDevices(self, b);
        return k.callInPlace(self, self, b, NO_SCALARS);
    }

    /** Writes the result of a tensor and a scalar into it; throws PyTorch's error if it cannot be written or cast. */
    public Tensor callInPlace(Tensor self, Number b) {
        if (b == null) throw missing(1);
        checkInPlace(self, self, null, null);
        Scalar scalar = Scalar.of(b);
        Dtype common = Promotion.resultType(self, scalar);
        ElementwiseKernel k =
                findInPlace(types(self), common, self.dtype(), self.device().isCpu());
        return k.callInPlace(self, scalars(k, self, scalar, common));
    }

    /** Returns the sum or mean of the results, floating point, without materializing them. */
    public Tensor mapReduce(MapReduction reduction, Tensor a, Tensor b) {
        return kernel(this, a, b).mapReduce(reduction, new Tensor[] {a, b}, NO_SCALARS);
    }

    private static ElementwiseKernel kernel(ElementwiseOp op, Tensor a, Tensor b) {
        Dtype type = a.dtype();
        if (type == b.dtype()) {
            ElementwiseKernel known = op.uniform(type);
            return known != null ? known : op.remember(type, op.find(types(a, b), type, onCpu(a, b, null)));
        }
        return op.find(types(a, b), Promotion.resultType(a, b), onCpu(a, b, null));
    }

    private static ElementwiseKernel inPlaceKernel(ElementwiseOp op, Tensor self, Tensor b) {
        Dtype type = self.dtype();
        if (type == b.dtype() && op.resultType(type) == type) return kernel(op, self, b);
        return op.findInPlace(types(self, b), Promotion.resultType(self, b), type, onCpu(self, b, null));
    }

    private long[] scalars(ElementwiseKernel k, Tensor a, Scalar b, Dtype common) {
        return parts(k, new long[] {operandBits(k, 0, b, common, a)}, b);
    }

    /** An element-wise operation on a tensor and a tensor or a scalar, with one parameter. */
    public static final class WithScalar extends ElementwiseOp {
        WithScalar(Definition<WithScalar> definition) {
            super(definition);
        }

        /** Returns the result of two tensors, which are broadcast and promoted. */
        public Tensor call(Tensor a, Tensor b, Number p) {
            if (b == null) throw missing(1);
            ElementwiseKernel k = kernel(this, a, b);
            return k.call(a, b, scalars(k, a, b, p));
        }

        /** Returns the result of a tensor and a scalar. */
        public Tensor call(Tensor a, Number b, Number p) {
            if (b == null) throw missing(1);
            Scalar scalar = Scalar.of(b);
            Dtype common = Promotion.resultType(a, scalar);
            ElementwiseKernel k = find(types(a), common, a.device().isCpu());
            return k.call(a, scalars(k, a, scalar, p, common));
        }

        /** Writes the result of two tensors into the first; throws PyTorch's error if it cannot be written or cast. */
        public Tensor callInPlace(Tensor self, Tensor b, Number p) {
            if (b == null) throw missing(1);
            checkInPlace(self, self, b, null);
            ElementwiseKernel k = inPlaceKernel(this, self, b);
            long[] scalars = scalars(k, self, b, p);
            checkDevices(self, b);
            return k.callInPlace(self, self, b, scalars);
        }

        /**
         * Writes the result of a tensor and a scalar into it; throws PyTorch's error if it cannot be written or cast.
         */
        public Tensor callInPlace(Tensor self, Number b, Number p) {
            if (b == null) throw missing(1);
            checkInPlace(self, self, null, null);
            Scalar scalar = Scalar.of(b);
            Dtype common = Promotion.resultType(self, scalar);
            ElementwiseKernel k =
                    findInPlace(types(self), common, self.dtype(), self.device().isCpu());
            return k.callInPlace(self, scalars(k, self, scalar, p, common));
        }

        /** Returns the sum or mean of the results, floating point, without materializing them. */
        public Tensor mapReduce(MapReduction reduction, Tensor a, Tensor b, Number p) {
            ElementwiseKernel k = kernel(this, a, b);
            return k.mapReduce(reduction, new Tensor[] {a, b}, scalars(k, a, b, p));
        }

        private long[] scalars(ElementwiseKernel k, Tensor a, Tensor b, Number p) {
            return parts(k, new long[] {parameterBits(k, 0, p, Promotion.resultType(a, b))}, p);
        }

        private long[] scalars(ElementwiseKernel k, Tensor a, Scalar b, Number p, Dtype common) {
            return parts(k, new long[] {operandBits(k, 0, b, common, a), parameterBits(k, 1, p, common)}, b, p);
        }
    }
}
