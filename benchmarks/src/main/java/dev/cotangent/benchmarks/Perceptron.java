package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.Adam;
import dev.cotangent.optim.SGD;
import java.util.ArrayList;
import java.util.List;

/** A multi-layer perceptron with cross entropy. */
final class Perceptron {
    private static final double SGD_RATE = 0.01;
    private static final double MOMENTUM = 0.9;
    private static final double ADAM_RATE = 0.001;
    private static final double BIAS = 0.1;
    private static final int FIRST_SEED = 10;

    private Perceptron() {}

    static Work training(Device device, int[] widths, int batch, boolean adam) {
        Tensor images = Inputs.tensor(device, 1, batch, widths[0]);
        Tensor labels = Inputs.labels(device, batch, widths[widths.length - 1]);
        List<Module> layers = new ArrayList<>();
        for (int i = 1; i < widths.length; i++) {
            if (i > 1) layers.add(new ReLU());
            layers.add(new Linear(widths[i - 1], widths[i]));
        }
        Module model = new Sequential(layers.toArray(Module[]::new)).to(device);
        List<Tensor> parameters = model.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Tensor p = parameters.get(i);
            double scale = p.dim() == 2 ? 1 / Math.sqrt(p.size(1)) : BIAS;
            p.data()
                    .copy_(Inputs.scaled(
                            device, FIRST_SEED + i, scale, p.shape().toArray()));
        }
        return new Training(
                parameters,
                () -> model.forward(images).crossEntropy(labels),
                all -> adam
                        ? new Adam(all, ADAM_RATE)
                        : new SGD(all, SGD.options().lr(SGD_RATE).momentum(MOMENTUM)));
    }

    /** Returns the flops of a step's matrix products, without the gradient of the images. */
    static double flops(int[] widths, int batch) {
        double flops = 0;
        for (int i = 1; i < widths.length; i++) flops += (i == 1 ? 4.0 : 6.0) * batch * widths[i - 1] * widths[i];
        return flops;
    }

    /** Returns the bytes of a step: each parameter, its gradient and its optimiser state are read and written. */
    static double bytes(int[] widths, boolean adam) {
        double count = 0;
        for (int i = 1; i < widths.length; i++) count += (widths[i - 1] + 1.0) * widths[i];
        return Float.BYTES * count * (adam ? 8 : 6);
    }
}
