package dev.cotangent.optim;

import dev.cotangent.ValueException;
import dev.cotangent.nn.internal.PythonText;

/** Checks the decay rates of running averages. */
final class Betas {
    private Betas() {}

    /** Throws if one of {@code betas} is not in [0, 1). */
    static void check(ParamGroup given) {
        for (int i = 0; i < 2; i++) {
            double beta = given.number("betas", i);
            if (!(beta >= 0 && beta < 1)) {
                throw new ValueException("Invalid beta parameter at index " + i + ": " + PythonText.of(beta));
            }
        }
    }
}
