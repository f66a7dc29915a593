package dev.cotangent;

import dev.cotangent.op.ElementwiseOps;

/**
 * Operations on each element by itself. Operands are broadcast and promoted as in PyTorch; a method whose name ends in
 * an underscore writes its result into this tensor. Each has gradients of every order where PyTorch has them.
 */
public sealed interface Pointwise permits Tensor {
    /** {@code this + other}; {@code torch.add}. Of bool: or. */
    default Tensor add(Tensor other) {
        return ElementwiseOps.ADD.call(this, other);
    }

    /** {@code this + number}; {@code torch.add}. */
    default Tensor add(Number other) {
        return ElementwiseOps.ADD.call(this, other);
    }

    /** {@link #add(Tensor)} in place. */
    default Tensor add_(Tensor other) {
        return ElementwiseOps.ADD.callInPlace(this, other);
    }

    /** {@link #add(Number)} in place. */
    default Tensor add_(Number other) {
        return ElementwiseOps.ADD.callInPlace(this, other);
    }

    /** {@code this - other}; {@code torch.sub}. */
    default Tensor sub(Tensor other) {
        return ElementwiseOps.SUB.call(this, other);
    }

    /** {@code this - number}; {@code torch.sub}. */
    default Tensor sub(Number other) {
        return ElementwiseOps.SUB.call(this, other);
    }

    /** {@link #sub(Tensor)} in place. */
    default Tensor sub_(Tensor other) {
        return ElementwiseOps.SUB.callInPlace(this, other);
    }

    /** {@code this * other}; {@code torch.mul}. Of bool: and. */
    default Tensor mul(Tensor other) {
        return ElementwiseOps.MUL.call(this, other);
    }

    /** {@code this * number}; {@code torch.mul}. */
    default Tensor mul(Number other) {
        return ElementwiseOps.MUL.call(this, other);
    }

    /** {@link #mul(Tensor)} in place. */
    default Tensor mul_(Tensor other) {
        return ElementwiseOps.MUL.callInPlace(this, other);
    }

    /** {@link #mul(Number)} in place. */
    default Tensor mul_(Number other) {
        return ElementwiseOps.MUL.callInPlace(this, other);
    }

    /** {@code this / other}, integers as float32; {@code torch.div}. */
    default Tensor div(Tensor other) {
        return ElementwiseOps.DIV.call(this, other);
    }

    /** {@code this / number}, integers as float32; {@code torch.div}. */
    default Tensor div(Number other) {
        return ElementwiseOps.DIV.call(this, other);
    }

    /** {@code -this}; {@code torch.neg}. */
    default Tensor neg() {
        return ElementwiseOps.NEG.call(this);
    }

    /** {@code this ** exponent}; {@code torch.pow}. */
    default Tensor pow(Number exponent) {
        return ElementwiseOps.POW.call(this, exponent);
    }

    /** {@code e ** this}; {@code torch.exp}. */
    default Tensor exp() {
        return ElementwiseOps.EXP.call(this);
    }

    /** 1 / (1 + e^-this); {@code torch.sigmoid}. */
    default Tensor sigmoid() {
        return ElementwiseOps.SIGMOID.call(this);
    }

    /** Where not equal, as bool; {@code torch.ne}. */
    default Tensor ne(Tensor other) {
        return ElementwiseOps.NE.call(this, other);
    }

    /** At least a bound; {@code torch.clamp_min}. */
    default Tensor clampMin(Number min) {
        return ElementwiseOps.CLAMP_MIN.call(this, min);
    }
}
