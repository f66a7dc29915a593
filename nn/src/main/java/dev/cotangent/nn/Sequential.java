package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Modules one after the other; PyTorch's {@code nn.Sequential}. */
public final class Sequential extends Module {
    /** Of modules, named by their place: "0", "1" and so on. */
    public Sequential(Module... modules) {
        for (int i = 0; i < modules.length; i++) module(Integer.toString(i), modules[i]);
    }

    @Override
    public Tensor forward(Tensor input) {
        Tensor x = input;
        for (Module m : namedChildren().values()) x = m.forward(x);
        return x;
    }
}
