package dev.cotangent;

import dev.cotangent.internal.ops.movement.ComplexViews;

/** Operations of complex numbers. */
sealed interface ComplexMethods permits Tensor {
    /** Returns whether the elements are complex. {@code torch.is_complex}. */
    default boolean isComplex() {
        return ((Tensor) this).dtype().isComplex();
    }

    /** Returns a view of the real parts; of a real tensor itself. {@code torch.real}. */
    default Tensor real() {
        return ComplexViews.real((Tensor) this);
    }

    /** Returns a view of the imaginary parts; throws for a real tensor. {@code torch.imag}. */
    default Tensor imag() {
        return ComplexViews.imag((Tensor) this);
    }

    /**
     * Returns a view of the conjugates, which are computed when they are read; of a real tensor itself. {@code
     * torch.conj}.
     */
    default Tensor conj() {
        return ComplexViews.conj((Tensor) this);
    }

    /** Returns the conjugates in new memory; of a real tensor itself. {@code torch.conj_physical}. */
    default Tensor conjPhysical() {
        return ComplexViews.conjPhysical((Tensor) this);
    }

    /** Conjugates the elements in place. {@code torch.Tensor.conj_physical_}. */
    default Tensor conjPhysical_() {
        return ComplexViews.conjPhysicalInPlace((Tensor) this);
    }

    /** Returns whether this is a lazily conjugated view. {@code torch.Tensor.is_conj}. */
    default boolean isConj() {
        return ComplexViews.isConj((Tensor) this);
    }

    /** Returns whether this is a lazily negated view, as the imaginary parts of a conjugate. {@code is_neg}. */
    default boolean isNeg() {
        return ComplexViews.isNeg((Tensor) this);
    }

    /** Returns a copy with its elements conjugated if this is a lazy conjugate, else this. {@code resolve_conj}. */
    default Tensor resolveConj() {
        return ComplexViews.resolveConj((Tensor) this);
    }

    /** Returns a copy with its elements negated if this is a lazy negative, else this. {@code torch.resolve_neg}. */
    default Tensor resolveNeg() {
        return ComplexViews.resolveNeg((Tensor) this);
    }

    /**
     * Returns a real view of complex numbers with a last dimension of size 2 for their parts; throws for a lazy conjugate.
     * {@code torch.view_as_real}.
     */
    default Tensor viewAsReal() {
        return ComplexViews.viewAsReal((Tensor) this);
    }

    /**
     * Returns a complex view of float32 or float64 numbers whose last dimension, of size 2 and stride 1, holds the parts.
     * {@code torch.view_as_complex}.
     */
    default Tensor viewAsComplex() {
        return ComplexViews.viewAsComplex((Tensor) this);
    }

    /** Returns this in complex64. {@code torch.Tensor.cfloat}. */
    default Tensor toCfloat() {
        return ((Tensor) this).to(Dtype.COMPLEX64);
    }

    /** Returns this in complex128. {@code torch.Tensor.cdouble}. */
    default Tensor toCdouble() {
        return ((Tensor) this).to(Dtype.COMPLEX128);
    }

    /** Returns the only element as a complex number. {@code torch.Tensor.item}. */
    default Complex itemComplex() {
        Tensor t = (Tensor) this;
        if (t.numel() == 1) return dev.cotangent.internal.ops.movement.HostOps.complexes(t)[0];
        throw new CotangentException("a Tensor with " + t.numel() + " elements cannot be converted to Scalar");
    }

    /** Returns the elements in row-major order in a new array. */
    default Complex[] toComplexArray() {
        return dev.cotangent.internal.ops.movement.HostOps.complexes((Tensor) this);
    }
}
