package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.ScalarParts.parts;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.Scalar;

/** An element-wise operation on three operands: a tensor, and two that are tensors or scalars. */
public final class TernaryOp extends ElementwiseOp {
    TernaryOp(Definition<TernaryOp> definition) {
        super(definition);
    }

    /** Returns the result of three tensors, which are broadcast and promoted. */
    public Tensor call(Tensor a, Tensor b, Tensor c) {
        if (b == null) throw missing(1);
        if (c == null) throw missing(2);
        return kernel(this, a, b, c).call(a, b, c, NO_SCALARS);
    }

    /** Returns the result of two tensors and a scalar. */
    public Tensor call(Tensor a, Tensor b, Number c) {
        if (c == null) throw missing(2);
        return call(a, b, Scalar.of(c));
    }

    /** Returns the result of a tensor, a scalar and a tensor. */
    public Tensor call(Tensor a, Number b, Tensor c) {
        if (b == null) throw missing(1);
        if (c == null) throw missing(2);
        return call(a, Scalar.of(b), c);
    }

    /** Returns the result of a tensor and two scalars. */
    public Tensor call(Tensor a, Number b, Number c) {
        if (b == null) throw missing(1);
        if (c == null) throw missing(2);
        return call(a, Scalar.of(b), Scalar.of(c));
    }

    public Tensor call(Tensor a, Tensor b, Scalar c) {
        if (b == null) throw missing(1);
        Dtype common = common(a, b, c);
        ElementwiseKernel k = find(types(a, b), common, onCpu(a, b, null));
        return k.call(a, b, parts(k, new long[] {operandBits(k, 0, c, common)}, c));
    }

    Tensor call(Tensor a, Scalar b, Tensor c) {
        // The order of the promoted operands after a condition does not matter.
        Dtype common = common(a, c, b);
        ElementwiseKernel k = find(types(a, null, c), common, onCpu(a, c, null));
        return k.call(a, c, parts(k, new long[] {operandBits(k, 0, b, common)}, b));
    }

    Tensor call(Tensor a, Scalar b, Scalar c) {
        Dtype common = common(a, b, c);
        ElementwiseKernel k = find(types(a), common, a.device().isCpu());
        return k.call(a, scalars(k, b, c, common));
    }

    /**
     * Writes the result of three tensors into the first, or into the second if the first is a condition; throws
     * PyTorch's error if it cannot be written or cast.
     */
    public Tensor callInPlace(Tensor a, Tensor b, Tensor c) {
        if (b == null) throw missing(1);
        if (c == null) throw missing(2);
        Tensor self = self(a, b);
        checkInPlace(self, a, b, c);
        Dtype type = self.dtype();
        ElementwiseKernel k = isUniform(type, a, b, c) && resultType(type) == type
                ? kernel(this, a, b, c)
                : findInPlace(types(a, b, c), common(this, a, b, c), type, onCpu(a, b, c));
        checkDevices(a, b, c);
        return k.callInPlace(self, a, b, c, NO_SCALARS);
    }

    /**
     * Writes the result of two tensors and a scalar into the first, as {@link #callInPlace(Tensor, Tensor, Tensor)}.
     */
    public Tensor callInPlace(Tensor a, Tensor b, Number c) {
        if (c == null) throw missing(2);
        return callInPlace(a, b, Scalar.of(c));
    }

    /** Writes the result of a tensor, a scalar and a tensor into the first. */
    public Tensor callInPlace(Tensor self, Number b, Tensor c) {
        if (b == null) throw missing(1);
        if (c == null) throw missing(2);
        return callInPlace(self, Scalar.of(b), c);
    }

    /** Writes the result of a tensor and two scalars into it. */
    public Tensor callInPlace(Tensor self, Number b, Number c) {
        if (b == null) throw missing(1);
        if (c == null) throw missing(2);
        return callInPlace(self, Scalar.of(b), Scalar.of(c));
    }

    Tensor callInPlace(Tensor a, Tensor b, Scalar c) {
        if (b == null) throw missing(1);
        Tensor self = self(a, b);
        checkInPlace(self, a, b, null);
        Dtype common = common(a, b, c);
        ElementwiseKernel k = findInPlace(types(a, b), common, self.dtype(), onCpu(a, b, null));
        long[] scalars = parts(k, new long[] {operandBits(k, 0, c, common)}, c);
        checkDevices(a, b);
        return k.callInPlace(self, a, b, scalars);
    }

    Tensor callInPlace(Tensor self, Scalar b, Tensor c) {
        if (promotion.self() == 1) throw missing(1);
        checkInPlace(self, self, c, null);
        Dtype common = common(self, c, b);
        ElementwiseKernel k = findInPlace(types(self, null, c), common, self.dtype(), onCpu(self, c, null));
        long[] scalars = parts(k, new long[] {operandBits(k, 0, b, common)}, b);
        checkDevices(self, c);
        return k.callInPlace(self, self, c, scalars);
    }

    Tensor callInPlace(Tensor self, Scalar b, Scalar c) {
        if (promotion.self() == 1) throw missing(1);
        checkInPlace(self, self, null, null);
        Dtype common = common(self, b, c);
        ElementwiseKernel k =
                findInPlace(types(self), common, self.dtype(), self.device().isCpu());
        return k.callInPlace(self, scalars(k, b, c, common));
    }

    /** Returns the sum or mean of the results, floating point, without materializing them. */
    public Tensor mapReduce(MapReduction reduction, Tensor a, Tensor b, Tensor c) {
        return kernel(this, a, b, c).mapReduce(reduction, new Tensor[] {a, b, c}, NO_SCALARS);
    }

    /** Returns the sum or mean of the results, floating point, without materializing them. */
    public Tensor mapReduce(MapReduction reduction, Tensor a, Tensor b, Scalar c) {
        Dtype common = common(a, b, c);
        ElementwiseKernel k = find(types(a, b), common, onCpu(a, b, null));
        return k.mapReduce(reduction, new Tensor[] {a, b}, parts(k, new long[] {operandBits(k, 0, c, common)}, c));
    }

    private Tensor self(Tensor a, Tensor b) {
        return promotion.self() == 0 ? a : b;
    }

    private long[] scalars(ElementwiseKernel k, Scalar b, Scalar c, Dtype common) {
        return parts(k, new long[] {operandBits(k, 0, b, common), operandBits(k, 1, c, common)}, b, c);
    }

    private Dtype common(Tensor a, Tensor b, Scalar other) {
        return switch (promotion) {
            case FILL -> a.dtype();
            case SELECT -> Promotion.resultType(b, other);
            default -> Promotion.resultType(a, b, other);
        };
    }

    private Dtype common(Tensor a, Scalar b, Scalar c) {
        return switch (promotion) {
            case FILL -> a.dtype();
            case SELECT -> Promotion.resultType(b, c);
            default -> Promotion.resultType(a, b, c);
        };
    }

    private static Dtype common(ElementwiseOp op, Tensor a, Tensor b, Tensor c) {
        return switch (op.promotion) {
            case FILL -> a.dtype();
            case SELECT -> Promotion.resultType(b, c);
            default -> Promotion.resultType(a, b, c);
        };
    }

    private static ElementwiseKernel kernel(ElementwiseOp op, Tensor a, Tensor b, Tensor c) {
        Dtype type = c.dtype();
        boolean uniform = op.isUniform(type, a, b, c);
        ElementwiseKernel known = uniform ? op.uniform(type) : null;
        if (known != null) return known;
        ElementwiseKernel k = op.find(types(a, b, c), common(op, a, b, c), onCpu(a, b, c));
        return uniform ? op.remember(type, k) : k;
    }

    /** An element-wise operation on three tensors, with one parameter. */
    public static final class WithScalar extends ElementwiseOp {
        WithScalar(Definition<WithScalar> definition) {
            super(definition);
        }

        /** Returns the result of three tensors, which are broadcast and promoted. */
        public Tensor call(Tensor a, Tensor b, Tensor c, Number p) {
            if (b == null) throw missing(1);
            if (c == null) throw missing(2);
            ElementwiseKernel k = kernel(this, a, b, c);
            return k.call(a, b, c, parts(k, new long[] {parameterBits(k, 0, p, common(this, a, b, c))}, p));
        }

        /** Writes the result into the first tensor; throws PyTorch's error if it cannot be written or cast. */
        public Tensor callInPlace(Tensor self, Tensor b, Tensor c, Number p) {
            if (b == null) throw missing(1);
            if (c == null) throw missing(2);
            checkInPlace(self, self, b, c);
            Dtype type = self.dtype();
            Dtype common = common(this, self, b, c);
            ElementwiseKernel k = isUniform(type, self, b, c) && resultType(type) == type
                    ? kernel(this, self, b, c)
                    : findInPlace(types(self, b, c), common, type, onCpu(self, b, c));
            long[] scalars = parts(k, new long[] {parameterBits(k, 0, p, common)}, p);
            checkDevices(self, b, c);
            return k.callInPlace(self, self, b, c, scalars);
        }
    }
}
