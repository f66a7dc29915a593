package dev.cotangent.nn;

import dev.cotangent.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Computes several decoder layers in sequence; PyTorch's {@code nn.TransformerDecoder}. */
public final class TransformerDecoder extends Module {
    private final List<TransformerDecoderLayer> all;
    private final @Nullable LayerNorm norm;

    /** Creates a stack without a norm at its end. */
    public TransformerDecoder(Supplier<TransformerDecoderLayer> layer, int numLayers) {
        this(layer, numLayers, null);
    }

    /**
     * Creates a stack.
     *
     * @param layer makes a layer; all begin with the values of the first, as PyTorch's copies do
     * @param numLayers how many
     * @param norm what normalises the output, or null
     */
    public TransformerDecoder(Supplier<TransformerDecoderLayer> layer, int numLayers, @Nullable LayerNorm norm) {
        all = TransformerEncoder.copies(layer, numLayers);
        registerModule("layers", new ModuleList(all));
        this.norm = norm == null ? null : registerModule("norm", norm);
    }

    @Override
    public Tensor forward(Tensor tgt, Tensor memory) {
        return run(tgt, memory, TransformerMasks.none());
    }

    /** Computes the layers with masks. */
    public Tensor run(Tensor tgt, Tensor memory, TransformerMasks masks) {
        Tensor x = tgt;
        for (TransformerDecoderLayer layer : all) x = layer.run(x, memory, masks);
        return norm == null ? x : norm.call(x);
    }
}
