package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.optim.AdamW;
import java.util.ArrayList;
import java.util.List;

/** A step of AdamW over many tensors with existing gradients. */
final class AdamStep implements Work {
    static final int TENSORS = 50;
    static final int SIDE = 128;
    private static final double RATE = 1e-3;

    private final List<Tensor> parameters = new ArrayList<>();
    private final AdamW optimizer;

    AdamStep(Device device) {
        for (int i = 0; i < TENSORS; i++) {
            Tensor p = Inputs.tensor(device, i, SIDE, SIDE).requiresGrad_(true);
            p.setGrad(Inputs.tensor(device, TENSORS + i, SIDE, SIDE));
            parameters.add(p);
        }
        optimizer = new AdamW(parameters, RATE);
    }

    @Override
    public Tensor run() {
        optimizer.step();
        for (Tensor p : parameters) OurEngine.materialize(p);
        return parameters.getFirst().detach();
    }

    @Override
    public List<Tensor> outcome() {
        run();
        return parameters.stream().map(Tensor::detach).toList();
    }
}
