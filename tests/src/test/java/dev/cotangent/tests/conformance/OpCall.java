package dev.cotangent.tests.conformance;

import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.elementwise.BinaryOp;
import dev.cotangent.internal.ops.elementwise.ElementwiseOp;
import dev.cotangent.internal.ops.elementwise.TernaryOp;
import dev.cotangent.internal.ops.elementwise.UnaryOp;

/** Calls of element-wise operations whose signature is known only when the test runs. */
public final class OpCall {
    private OpCall() {}

    /** Calls an operation with its operands, tensors or numbers, and then its parameters. */
    public static Tensor call(ElementwiseOp op, Object... a) {
        Tensor x = (Tensor) a[0];
        return switch (op) {
            case UnaryOp o -> o.call(x);
            case UnaryOp.WithScalar o -> o.call(x, (Number) a[1]);
            case UnaryOp.WithTwoScalars o -> o.call(x, (Number) a[1], (Number) a[2]);
            case UnaryOp.WithThreeScalars o -> o.call(x, (Number) a[1], (Number) a[2], (Number) a[3]);
            case BinaryOp o -> a[1] instanceof Tensor y ? o.call(x, y) : o.call(x, (Number) a[1]);
            case BinaryOp.WithScalar o ->
                a[1] instanceof Tensor y ? o.call(x, y, (Number) a[2]) : o.call(x, (Number) a[1], (Number) a[2]);
            case TernaryOp o -> {
                if (a[1] instanceof Tensor y) {
                    yield a[2] instanceof Tensor z ? o.call(x, y, z) : o.call(x, y, (Number) a[2]);
                }
                Number y = (Number) a[1];
                yield a[2] instanceof Tensor z ? o.call(x, y, z) : o.call(x, y, (Number) a[2]);
            }
            case TernaryOp.WithScalar o -> o.call(x, (Tensor) a[1], (Tensor) a[2], (Number) a[3]);
            default -> throw new IllegalArgumentException(op.name() + " is in no registry");
        };
    }

    /** Works as {@link #call}, in place. */
    public static Tensor callInPlace(ElementwiseOp op, Object... a) {
        Tensor x = (Tensor) a[0];
        return switch (op) {
            case UnaryOp o -> o.callInPlace(x);
            case UnaryOp.WithScalar o -> o.callInPlace(x, (Number) a[1]);
            case UnaryOp.WithTwoScalars o -> o.callInPlace(x, (Number) a[1], (Number) a[2]);
            case UnaryOp.WithThreeScalars o -> o.callInPlace(x, (Number) a[1], (Number) a[2], (Number) a[3]);
            case BinaryOp o -> a[1] instanceof Tensor y ? o.callInPlace(x, y) : o.callInPlace(x, (Number) a[1]);
            case BinaryOp.WithScalar o ->
                a[1] instanceof Tensor y
                        ? o.callInPlace(x, y, (Number) a[2])
                        : o.callInPlace(x, (Number) a[1], (Number) a[2]);
            case TernaryOp o -> {
                if (a[1] instanceof Tensor y) {
                    yield a[2] instanceof Tensor z ? o.callInPlace(x, y, z) : o.callInPlace(x, y, (Number) a[2]);
                }
                Number y = (Number) a[1];
                yield a[2] instanceof Tensor z ? o.callInPlace(x, y, z) : o.callInPlace(x, y, (Number) a[2]);
            }
            case TernaryOp.WithScalar o -> o.callInPlace(x, (Tensor) a[1], (Tensor) a[2], (Number) a[3]);
            default -> throw new IllegalArgumentException(op.name() + " is in no registry");
        };
    }
}
