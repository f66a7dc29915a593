package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.nn.internal.PythonText;
import org.jspecify.annotations.Nullable;

/** Computes {@code x1 @ weight[k] @ x2 + bias[k]} for each feature k; PyTorch's {@code nn.Bilinear}. */
public final class Bilinear extends Module {
    private final int in1Features;
    private final int in2Features;
    private final int outFeatures;
    private final Tensor weight;
    private final @Nullable Tensor bias;

    /** Creates one with a bias. */
    public Bilinear(int in1Features, int in2Features, int outFeatures) {
        this(in1Features, in2Features, outFeatures, true);
    }

    /** Creates one with or without bias, drawn evenly from ±1/√{@code in1Features}. */
    public Bilinear(int in1Features, int in2Features, int outFeatures, boolean bias) {
        if (in1Features <= 0) throw new ValueException("in1_features must be > 0, but got " + in1Features);
        this.in1Features = in1Features;
        this.in2Features = in2Features;
        this.outFeatures = outFeatures;
        double bound = 1 / Math.sqrt(in1Features);
        weight = registerParameter(
                "weight", Tensors.zeros(outFeatures, in1Features, in2Features).uniform_(-bound, bound));
        this.bias = registerParameter("bias", bias ? Tensors.zeros(outFeatures).uniform_(-bound, bound) : null);
    }

    @Override
    public Tensor forward(Tensor input, Tensor other) {
        return input.bilinear(other, weight, bias);
    }

    @Override
    protected String extraRepr() {
        return "in1_features=" + in1Features + ", in2_features=" + in2Features + ", out_features=" + outFeatures
                + ", bias=" + PythonText.of(bias != null);
    }
}
