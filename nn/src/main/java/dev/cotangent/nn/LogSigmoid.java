package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#logsigmoid()}; PyTorch's {@code nn.LogSigmoid}. */
public final class LogSigmoid extends Module {
    /** Creates the module, which has no parameters. */
    public LogSigmoid() {}

    @Override
    public Tensor forward(Tensor input) {
        return input.logsigmoid();
    }
}
