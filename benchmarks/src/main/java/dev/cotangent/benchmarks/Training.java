package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.Adam;
import dev.cotangent.optim.Optimizer;
import dev.cotangent.optim.SGD;
import java.util.ArrayList;
import java.util.List;

/** A step of training a perceptron: forward, cross entropy, backward, optimiser. */
final class Training implements Work {
    private static final double SGD_RATE = 0.01;
    private static final double MOMENTUM = 0.9;
    private static final double ADAM_RATE = 0.001;
    private static final double BIAS = 0.1;
    private static final int FIRST_SEED = 10;
    private static final int STEPS_COMPARED = 3;

    private final Tensor images;
    private final Tensor labels;
    private final Module model;
    private final List<Tensor> parameters;
    private final List<Tensor> start = new ArrayList<>();
    private final boolean adam;
    private Optimizer optimizer;

    Training(Device device, int[] widths, int batch, boolean adam) {
        images = Inputs.tensor(device, 1, batch, widths[0]);
        labels = Inputs.labels(device, batch, widths[widths.length - 1]);
        List<Module> layers = new ArrayList<>();
        for (int i = 1; i < widths.length; i++) {
            if (i > 1) layers.add(new ReLU());
            layers.add(new Linear(widths[i - 1], widths[i]));
        }
        model = new Sequential(layers.toArray(Module[]::new)).to(device);
        parameters = model.parameters();
        for (Tensor p : parameters) {
            double scale = p.dim() == 2 ? 1 / Math.sqrt(p.size(1)) : BIAS;
            start.add(Inputs.scaled(
                    device, FIRST_SEED + start.size(), scale, p.shape().toArray()));
        }
        this.adam = adam;
        optimizer = optimizer();
    }

    /** The step's matrix products; there is no gradient of the images. */
    static double flops(int[] widths, int batch) {
        double flops = 0;
        for (int i = 1; i < widths.length; i++) flops += (i == 1 ? 4.0 : 6.0) * batch * widths[i - 1] * widths[i];
        return flops;
    }

    /** Each parameter is read, its gradient written and read, its state read and written, and it is written. */
    static double bytes(int[] widths, boolean adam) {
        double count = 0;
        for (int i = 1; i < widths.length; i++) count += (widths[i - 1] + 1.0) * widths[i];
        return Float.BYTES * count * (adam ? 8 : 6);
    }

    private Optimizer optimizer() {
        return adam ? new Adam(parameters, ADAM_RATE) : new SGD(parameters, SGD_RATE, MOMENTUM);
    }

    /** Begins anew, lest numbers vanish after thousands of steps, and lets the optimiser make its state. */
    @Override
    public void reset() {
        for (int i = 0; i < start.size(); i++) parameters.get(i).data().copy_(start.get(i));
        optimizer = optimizer();
        run();
    }

    @Override
    public Tensor run() {
        try (var scope = Scope.open()) {
            optimizer.zeroGrad();
            Tensor loss = model.forward(images).crossEntropy(labels);
            loss.backward();
            optimizer.step();
            for (Tensor p : parameters) OurEngine.force(p);
            return scope.keep(loss.detach());
        }
    }

    @Override
    public List<Tensor> outcome() {
        List<Tensor> all = new ArrayList<>(parameters);
        for (int i = 0; i < STEPS_COMPARED; i++) all.add(run());
        return all;
    }
}
