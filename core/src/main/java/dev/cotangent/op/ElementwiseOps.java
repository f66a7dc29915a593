package dev.cotangent.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Every elementwise operation, table after table. */
public final class ElementwiseOps {
    private ElementwiseOps() {}

    /** All rows. */
    public static List<Elementwise> rows() {
        List<Elementwise> all = new ArrayList<>();
        for (Table table : List.of(
                ArithmeticOps.TABLE,
                RoundingOps.TABLE,
                FunctionOps.TABLE,
                SpecialOps.TABLE,
                LogicOps.TABLE,
                ActivationOps.TABLE)) {
            all.addAll(table.rows());
        }
        return Collections.unmodifiableList(all);
    }
}
