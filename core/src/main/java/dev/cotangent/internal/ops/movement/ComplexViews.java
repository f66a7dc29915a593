package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Views between complex numbers and their parts, lazy conjugates and negatives, and what composes or resolves them. */
public final class ComplexViews {
    private ComplexViews() {}

    /** Implements {@code torch.view_as_real}. */
    public static Tensor viewAsReal(Tensor x) {
        if (!x.dtype().isComplex()) {
            throw new CotangentException("view_as_real is only supported for complex tensors");
        }
        if (isConj(x)) {
            throw new CotangentException("view_as_real doesn't work on unresolved conjugated tensors.  To resolve the"
                    + " conjugate tensor so you can view it as real, use self.resolve_conj(); however, be warned that"
                    + " the resulting tensor will NOT alias the original. In Java: resolveConj().");
        }
        Tensor view = Internals.viewOf(x, Internals.data(x).pairs());
        return GradientRule.of("ViewAsRealBackward0", view)
                .input(x, ComplexViews::complexOf)
                .view(x);
    }

    /** Implements {@code torch.view_as_complex}. */
    public static Tensor viewAsComplex(Tensor x) {
        Dtype dtype = x.dtype();
        if (dtype != Dtype.FLOAT32 && dtype != Dtype.FLOAT64) {
            throw new CotangentException(
                    "view_as_complex is only supported for half, float and double tensors, but got a tensor of scalar"
                            + " type: " + dtype.scalarName()
                            + (dtype == Dtype.FLOAT16 ? "; there is no complex32 here: convert it to float32" : ""));
        }
        Layout l = Internals.layout(x);
        int last = l.rank() - 1;
        if (last < 0) throw new CotangentException("Input tensor must have one or more dimensions");
        if (l.size(last) != 2) throw new CotangentException("Tensor must have a last dimension of size 2");
        if (l.stride(last) != 1) throw new CotangentException("Tensor must have a last dimension with stride 1");
        if (l.offset() % 2 != 0) throw new CotangentException("Tensor must have a storage_offset divisible by 2");
        long[] strides = Arrays.copyOf(l.strides(), last);
        for (int d = 0; d < last; d++) {
            if (strides[d] % 2 != 0) {
                throw new CotangentException("Tensor must have a stride divisible by 2 for all but last dimension");
            }
            strides[d] /= 2;
        }
        if (isNeg(x)) return viewAsComplex(resolveNeg(x));
        Layout pairs = Layout.of(Arrays.copyOf(l.sizes(), last), strides, l.offset() / 2);
        Tensor view = Internals.viewOf(x, new Strided(Internals.storage(x), pairs, ElementForm.COMPLEX));
        return GradientRule.of("ViewAsComplexBackward0", view)
                .input(x, g -> viewAsReal(resolveConj(g)))
                .view(x);
    }

    /** Returns {@link #viewAsComplex} of pairs of any layout, copied if they are not consecutive. */
    static Tensor complexOf(Tensor pairs) {
        Layout l = Internals.layout(pairs);
        boolean fits = l.stride(l.rank() - 1) == 1 && l.offset() % 2 == 0 && !isNeg(pairs);
        for (int d = 0; d < l.rank() - 1; d++) fits &= l.stride(d) % 2 == 0;
        return viewAsComplex(fits ? pairs : pairs.contiguousCopy());
    }

    /**
     * Applies an operation that moves values, or is linear over the reals, to the parts of complex numbers.
     *
     * @param operation gets the parts in a last dimension of size 2, which it keeps
     */
    public static Tensor onPairs(Tensor x, UnaryOperator<Tensor> operation) {
        return complexOf(operation.apply(viewAsReal(resolveConj(x))));
    }

    /** Returns whether the elements are conjugated lazily; PyTorch's {@code is_conj}. */
    public static boolean isConj(Tensor x) {
        return Internals.form(x) == ElementForm.CONJUGATED;
    }

    /** Returns whether the elements are negated lazily; PyTorch's {@code is_neg}. */
    public static boolean isNeg(Tensor x) {
        return Internals.form(x) == ElementForm.NEGATED;
    }

    /** Implements {@code torch.conj}: a lazily conjugated view; of real numbers the tensor itself. */
    public static Tensor conj(Tensor x) {
        if (!x.dtype().isComplex()) return x;
        Strided data = Internals.data(x);
        Tensor view = Internals.viewOf(x, data.with(data.form().conjugate()));
        return GradientRule.of("ConjBackward0", view)
                .input(x, ComplexViews::conj)
                .view(x);
    }

    /** Implements {@code torch.conj_physical}; of real numbers the tensor itself. */
    public static Tensor conjPhysical(Tensor x) {
        if (!x.dtype().isComplex()) return x;
        Tensor out = CreationOps.uninitializedLike(x);
        Strided from = Internals.data(x);
        Transfers.copy(from.with(from.form().conjugate()), Internals.data(out));
        return GradientRule.of("ConjPhysicalBackward0", out)
                .input(x, ComplexViews::conj)
                .done();
    }

    /** Implements {@code torch.Tensor.conj_physical_}. */
    public static Tensor conjPhysicalInPlace(Tensor self) {
        if (!self.dtype().isComplex()) return self;
        GradientRule.checkInPlace(self);
        Strided data = Internals.data(self);
        Transfers.copy(data.with(data.form().conjugate()), data);
        Internals.version(self).bump();
        return GradientRule.of("ConjPhysicalBackward0", self)
                .input(self, ComplexViews::conj)
                .inPlace(self);
    }

    /** Implements {@code torch.resolve_conj}: a copy of a lazy conjugate, else the tensor itself. */
    public static Tensor resolveConj(Tensor x) {
        return isConj(x) ? CopyOps.clone(x) : x;
    }

    /** Implements {@code torch.resolve_neg}: a copy of a lazy negative, else the tensor itself. */
    public static Tensor resolveNeg(Tensor x) {
        return isNeg(x) ? CopyOps.clone(x) : x;
    }

    /** Implements {@code torch._neg_view} of real numbers. */
    private static Tensor negView(Tensor x) {
        ElementForm form = isNeg(x) ? ElementForm.REAL : ElementForm.NEGATED;
        Tensor view = Internals.viewOf(x, Internals.data(x).with(form));
        return GradientRule.of("NegViewBackward0", view)
                .input(x, ComplexViews::negView)
                .view(x);
    }

    /** Implements {@code torch.real}: a view of the real parts; of real numbers the tensor itself. */
    public static Tensor real(Tensor x) {
        if (!x.dtype().isComplex()) return x;
        Tensor pairs = viewAsReal(isConj(x) ? conj(x) : x);
        return ViewOps.select(pairs, -1, 0);
    }

    /** Implements {@code torch.imag}: a view of the imaginary parts, of a conjugate a negated one. */
    public static Tensor imag(Tensor x) {
        if (!x.dtype().isComplex()) {
            throw new UnsupportedException("imag is not implemented for tensors with non-complex dtypes.");
        }
        Tensor parts = ViewOps.select(viewAsReal(isConj(x) ? conj(x) : x), -1, 1);
        return isConj(x) ? negView(parts) : parts;
    }

    /** Implements {@code torch.complex}: complex numbers of their parts, which are broadcast. */
    public static Tensor complex(Tensor re, Tensor im) {
        boolean fits = isPart(re.dtype()) && isPart(im.dtype());
        if (!fits) {
            throw new CotangentException("Expected both inputs to be Half, Float or Double tensors but got "
                    + re.dtype().scalarName() + " and " + im.dtype().scalarName());
        }
        if (re.dtype() != im.dtype()) {
            throw new CotangentException(
                    "Expected object of scalar type " + re.dtype().scalarName() + " but got scalar type "
                            + im.dtype().scalarName() + " for second argument");
        }
        if (re.dtype() == Dtype.FLOAT16) throw Promotion.notImplemented("complex_cpu", re.dtype());
        Strided a = Internals.data(re);
        Strided b = Internals.data(im);
        Backend backend = Promotion.backend("complex", new Strided[] {a, b});
        long[] sizes = Broadcast.shape(a.layout().sizes(), b.layout().sizes());
        Layout first = a.layout().expand(sizes);
        Layout second = b.layout().expand(sizes);
        Strided out = Strided.uninitialized(backend, re.dtype().complexType(), Broadcast.result(sizes, first, second));
        Transfers.copy(a.with(first), out.part(0));
        Transfers.copy(b.with(second), out.part(1));
        return GradientRule.of("ComplexBackward0", Internals.wrap(out))
                .input(re, ComplexViews::real)
                .input(im, ComplexViews::imag)
                .done();
    }

    private static boolean isPart(Dtype dtype) {
        return dtype == Dtype.FLOAT32 || dtype == Dtype.FLOAT64 || dtype == Dtype.FLOAT16;
    }
}
