package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.nn.internal.PythonText;

/** Computes {@link Tensor#hardshrink(Number)}; PyTorch's {@code nn.Hardshrink}. */
public final class Hardshrink extends Module {
    private final Number lambd;

    /** Creates one with PyTorch's default, 0.5. */
    public Hardshrink() {
        this(0.5);
    }

    /** Creates one with the bound up to which elements become 0. */
    public Hardshrink(Number lambd) {
        this.lambd = lambd;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.hardshrink(lambd);
    }

    @Override
    protected String extraRepr() {
        return PythonText.of(lambd);
    }
}
