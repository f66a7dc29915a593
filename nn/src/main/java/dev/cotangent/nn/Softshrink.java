package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.nn.internal.PythonText;

/** Computes {@link Tensor#softshrink(Number)}; PyTorch's {@code nn.Softshrink}. */
public final class Softshrink extends Module {
    private final Number lambd;

    /** Creates one with PyTorch's default, 0.5. */
    public Softshrink() {
        this(0.5);
    }

    /** Creates one with the bound up to which elements become 0. */
    public Softshrink(Number lambd) {
        this.lambd = lambd;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.softshrink(lambd);
    }

    @Override
    protected String extraRepr() {
        return PythonText.of(lambd);
    }
}
