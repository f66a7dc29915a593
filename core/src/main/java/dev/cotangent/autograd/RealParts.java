package dev.cotangent.autograd;

import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** A function of complex tensors as one of their real and imaginary parts, which has a Jacobian. */
final class RealParts {
    private RealParts() {}

    static boolean hasComplex(Tensor[] inputs) {
        return Arrays.stream(inputs).anyMatch(Tensor::isComplex);
    }

    /** Returns the inputs' parts, new leaves where the inputs are complex. */
    static Tensor[] of(Tensor[] inputs) {
        Tensor[] out = inputs.clone();
        for (int i = 0; i < out.length; i++) {
            Tensor t = inputs[i];
            if (t.isComplex()) {
                out[i] = t.detach().resolveConj().clone().viewAsReal().detach().requiresGrad_(t.requiresGrad());
            }
        }
        return out;
    }

    /** Returns the function of {@link #of} the inputs, with the parts of its results. */
    static Function<List<Tensor>, List<Tensor>> of(Function<List<Tensor>, List<Tensor>> function, Tensor[] inputs) {
        return parts -> {
            List<Tensor> given = new ArrayList<>();
            for (int i = 0; i < inputs.length; i++) {
                given.add(inputs[i].isComplex() ? parts.get(i).contiguous().viewAsComplex() : parts.get(i));
            }
            List<Tensor> out = new ArrayList<>();
            for (Tensor t : function.apply(given))
                out.add(t.isComplex() ? t.resolveConj().viewAsReal() : t);
            return out;
        };
    }
}
