package dev.cotangent.examples.digits;

import static dev.cotangent.Tensors.*;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A multi-layer perceptron, written with tensors only. */
final class Network {
    private final List<Tensor> weights = new ArrayList<>();
    private final List<Tensor> biases = new ArrayList<>();

    /** Creates layers of these widths, input first; weights are normal with variance 2 / fan-in (He et al. 2015). */
    Network(Device device, int... widths) {
        for (int i = 1; i < widths.length; i++) {
            Tensor weight = randn(widths[i - 1], widths[i]).mul(Math.sqrt(2.0 / widths[i - 1]));
            weights.add(weight.to(device).requiresGrad_(true));
            biases.add(zeros(widths[i]).to(device).requiresGrad_(true));
        }
    }

    /** Computes the logits of a batch of shape (count, width of the input). */
    Tensor logits(Tensor batch) {
        Tensor x = batch;
        for (int i = 0; i < weights.size(); i++) {
            x = x.matmul(weights.get(i)).add(biases.get(i));
            if (i + 1 < weights.size()) x = x.relu();
        }
        return x;
    }

    /** Returns the trainable parameters. */
    List<Tensor> parameters() {
        List<Tensor> all = new ArrayList<>(weights);
        all.addAll(biases);
        return all;
    }
}
