package dev.cotangent.internal;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;

/** Real operands of views that are negated or complex. */
final class LazyForms {
    private static final StackWalker CALLERS = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private LazyForms() {}

    /** Returns a negated view's numbers in new memory; throws PyTorch's error for complex elements. */
    static Strided real(Strided data) {
        if (data.form() != ElementForm.NEGATED) throw notImplemented(data.dtype());
        return Transfers.resolved(data);
    }

    /** Returns PyTorch's error; the operation is the public method that was called. */
    private static UnsupportedException notImplemented(Dtype dtype) {
        String operation = CALLERS.walk(
                frames -> frames.filter(f -> f.getDeclaringClass().getPackage() == Tensor.class.getPackage())
                        .map(StackWalker.StackFrame::getMethodName)
                        .findFirst()
                        .orElse("operation"));
        return new UnsupportedException("\"" + operation + "\" not implemented for '" + dtype.scalarName() + "'");
    }
}
