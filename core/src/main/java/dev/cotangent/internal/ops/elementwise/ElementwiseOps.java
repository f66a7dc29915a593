package dev.cotangent.internal.ops.elementwise;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** All element-wise operations, from all registries. */
public final class ElementwiseOps {
    private ElementwiseOps() {}

    /** Returns all definitions. */
    public static List<ElementwiseOp> rows() {
        List<ElementwiseOp> all = new ArrayList<>();
        for (OpRegistry registry : List.of(
                ArithmeticOps.REGISTRY,
                RoundingOps.REGISTRY,
                ElementaryOps.REGISTRY,
                SpecialOps.REGISTRY,
                BesselOps.REGISTRY,
                PolynomialOps.REGISTRY,
                ComparisonOps.REGISTRY,
                ActivationOps.REGISTRY)) {
            all.addAll(registry.rows());
        }
        return Collections.unmodifiableList(all);
    }
}
