package dev.cotangent.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import org.jspecify.annotations.Nullable;

/** {@code input @ weight.t() + bias} over the last dimension; PyTorch's {@code nn.Linear}. */
public sealed class Linear extends Module permits NonDynamicallyQuantizableLinear {
    private static final double SLOPE = Math.sqrt(5);

    private final int inFeatures;
    private final int outFeatures;
    private final Tensor weight;
    private final @Nullable Tensor bias;

    /** Creates a layer with a bias. */
    public Linear(int inFeatures, int outFeatures) {
        this(inFeatures, outFeatures, true);
    }

    /**
     * Creates a layer of float32 on the CPU, drawn uniformly from ±1/√{@code inFeatures} as PyTorch does (its
     * {@code kaiming_uniform_} with a = √5, and the same bound for the bias).
     *
     * @param inFeatures size of the input's last dimension
     * @param outFeatures size of the result's
     * @param bias whether there is one
     */
    public Linear(int inFeatures, int outFeatures, boolean bias) {
        if (inFeatures < 0 || outFeatures < 0) {
            throw new CotangentException("Linear needs sizes of at least 0, but got in_features=" + inFeatures
                    + " and out_features=" + outFeatures);
        }
        this.inFeatures = inFeatures;
        this.outFeatures = outFeatures;
        weight = registerParameter("weight", Tensors.zeros(outFeatures, inFeatures));
        this.bias = registerParameter("bias", bias ? Tensors.zeros(outFeatures) : null);
        if (inFeatures == 0 || outFeatures == 0) return;
        Init.kaimingUniform_(weight, Init.kaiming().a(SLOPE));
        double bound = 1 / Math.sqrt(inFeatures);
        if (this.bias != null) Init.uniform_(this.bias, -bound, bound);
    }

    /** Returns the weight, of shape (outFeatures, inFeatures). */
    public Tensor weight() {
        return weight;
    }

    /** Returns the bias, of shape (outFeatures), or null. */
    public @Nullable Tensor bias() {
        return bias;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.linear(weight, bias);
    }

    @Override
    protected String extraRepr() {
        return "in_features=" + inFeatures + ", out_features=" + outFeatures + ", bias="
                + (bias == null ? "False" : "True");
    }
}
