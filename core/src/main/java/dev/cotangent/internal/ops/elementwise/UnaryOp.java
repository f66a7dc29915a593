package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.ScalarParts.parts;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;

/** An element-wise operation on one tensor. */
public final class UnaryOp extends ElementwiseOp {
    UnaryOp(Definition<UnaryOp> definition) {
        super(definition);
    }

    /** Returns the result of a tensor, of the same shape. */
    public Tensor call(Tensor x) {
        return kernel(this, x).call(x, NO_SCALARS);
    }

    /** Writes the result into the tensor; throws PyTorch's error if it cannot be written or cast. */
    public Tensor callInPlace(Tensor self) {
        return inPlace(this, self, NO_SCALARS);
    }

    private static ElementwiseKernel kernel(ElementwiseOp op, Tensor x) {
        Dtype type = x.dtype();
        ElementwiseKernel known = op.uniform(type);
        return known != null
                ? known
                : op.remember(type, op.find(types(x), type, x.device().isCpu()));
    }

    private static ElementwiseKernel inPlaceKernel(ElementwiseOp op, Tensor self) {
        Dtype type = self.dtype();
        return op.resultType(type) == type
                ? kernel(op, self)
                : op.findInPlace(types(self), type, type, self.device().isCpu());
    }

    private static Tensor inPlace(ElementwiseOp op, Tensor self, long[] scalars) {
        Tensor written = op.once(self);
        op.checkInPlace(written, written, null, null);
        inPlaceKernel(op, written).callInPlace(written, scalars);
        return self;
    }

    /** An element-wise operation on one tensor, with one parameter. */
    public static final class WithScalar extends ElementwiseOp {
        WithScalar(Definition<WithScalar> definition) {
            super(definition);
        }

        /** Returns the result of a tensor, of the same shape. */
        public Tensor call(Tensor x, Number p) {
            ElementwiseKernel k = kernel(this, x);
            return k.call(x, scalars(k, x, p));
        }

        /** Writes the result into the tensor; throws PyTorch's error if it cannot be written or cast. */
        public Tensor callInPlace(Tensor self, Number p) {
            Tensor written = once(self);
            checkInPlace(written, written, null, null);
            ElementwiseKernel k = inPlaceKernel(this, written);
            k.callInPlace(written, scalars(k, written, p));
            return self;
        }

        private long[] scalars(ElementwiseKernel k, Tensor x, Number p) {
            return parts(k, new long[] {parameterBits(k, 0, p, x.dtype())}, p);
        }
    }

    /** An element-wise operation on one tensor, with two parameters. */
    public static final class WithTwoScalars extends ElementwiseOp {
        WithTwoScalars(Definition<WithTwoScalars> definition) {
            super(definition);
        }

        /** Returns the result of a tensor, of the same shape. */
        public Tensor call(Tensor x, Number p, Number q) {
            ElementwiseKernel k = kernel(this, x);
            return k.call(x, scalars(k, x, p, q));
        }

        /** Writes the result into the tensor; throws PyTorch's error if it cannot be written or cast. */
        public Tensor callInPlace(Tensor self, Number p, Number q) {
            Tensor written = once(self);
            checkInPlace(written, written, null, null);
            ElementwiseKernel k = inPlaceKernel(this, written);
            k.callInPlace(written, scalars(k, written, p, q));
            return self;
        }

        private long[] scalars(ElementwiseKernel k, Tensor x, Number p, Number q) {
            return new long[] {parameterBits(k, 0, p, x.dtype()), parameterBits(k, 1, q, x.dtype())};
        }
    }

    /** An element-wise operation on one tensor, with three parameters. */
    public static final class WithThreeScalars extends ElementwiseOp {
        WithThreeScalars(Definition<WithThreeScalars> definition) {
            super(definition);
        }

        /** Returns the result of a tensor, of the same shape. */
        public Tensor call(Tensor x, Number p, Number q, Number r) {
            ElementwiseKernel k = kernel(this, x);
            return k.call(x, scalars(k, x, p, q, r));
        }

        /** Writes the result into the tensor; throws PyTorch's error if it cannot be written or cast. */
        public Tensor callInPlace(Tensor self, Number p, Number q, Number r) {
            Tensor written = once(self);
            checkInPlace(written, written, null, null);
            ElementwiseKernel k = inPlaceKernel(this, written);
            k.callInPlace(written, scalars(k, written, p, q, r));
            return self;
        }

        private long[] scalars(ElementwiseKernel k, Tensor x, Number p, Number q, Number r) {
            Dtype type = x.dtype();
            return new long[] {parameterBits(k, 0, p, type), parameterBits(k, 1, q, type), parameterBits(k, 2, r, type)
            };
        }
    }
}
