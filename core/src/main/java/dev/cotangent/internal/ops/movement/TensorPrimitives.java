package dev.cotangent.internal.ops.movement;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.ElementLayout;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.engine.GradientPrimitives;
import dev.cotangent.internal.ops.creation.CreationOps;

/** The engine's primitives, implemented by the creation and view operations. */
public final class TensorPrimitives extends GradientPrimitives {
    /** Creates the primitives, which have no state. */
    public TensorPrimitives() {}

    @Override
    protected Tensor onesLike(Tensor t) {
        return CreationOps.onesLike(t);
    }

    @Override
    protected Tensor uninitializedLike(Tensor t) {
        return CreationOps.uninitializedLike(t);
    }

    @Override
    protected Tensor emptyStrided(long[] sizes, long[] strides, Dtype dtype, Device device) {
        return CreationOps.emptyStrided(sizes, strides, dtype, device);
    }

    @Override
    protected Tensor stridedBackward(Tensor g, Layout base, Layout view) {
        return ViewOps.stridedBackward(g, base, view);
    }

    @Override
    protected Tensor stridedBackward(Tensor g, ElementLayout base, ElementLayout view) {
        if (!base.isReinterpreted(view)) return ViewOps.stridedBackward(g, base.layout(), view.layout());
        Tensor plain = inMemory(g, view.form());
        Layout from = base.layout();
        Layout seen = view.layout();
        boolean pairs = base.form().isComplex() != view.form().isComplex();
        if (pairs && view.form().isComplex()) {
            plain = ComplexViews.viewAsReal(ComplexViews.resolveConj(plain));
            seen = seen.pairs();
        } else if (pairs) {
            from = from.pairs();
        }
        Tensor out = ViewOps.stridedBackward(plain, from, seen);
        if (pairs && base.form().isComplex()) out = ComplexViews.complexOf(out);
        return inMemory(out, base.form());
    }

    /** Returns the gradient of the numbers in memory from that of elements in a form, or the other way round. */
    private static Tensor inMemory(Tensor g, ElementForm form) {
        return form == ElementForm.CONJUGATED ? ComplexViews.conj(g) : form == ElementForm.NEGATED ? g.neg() : g;
    }

    @Override
    protected Tensor view(Tensor whole, ElementLayout base, ElementLayout view) {
        Layout from = base.layout();
        Layout seen = view.layout();
        Tensor of = whole;
        boolean pairs = base.form().isComplex() != view.form().isComplex();
        if (pairs && view.form().isComplex()) seen = seen.pairs();
        if (pairs && base.form().isComplex()) {
            of = ComplexViews.viewAsReal(whole);
            from = from.pairs();
        }
        Tensor part = of.asStrided(seen.sizes(), seen.strides(), seen.offset() - from.offset());
        if (pairs && view.form().isComplex()) part = ComplexViews.viewAsComplex(part);
        boolean conjugates = (base.form() == ElementForm.CONJUGATED) != (view.form() == ElementForm.CONJUGATED);
        return conjugates && part.isComplex() ? ComplexViews.conj(part) : part;
    }
}
