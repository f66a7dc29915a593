package dev.cotangent.nn;

import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Computes several encoder layers in sequence; PyTorch's {@code nn.TransformerEncoder}. */
public final class TransformerEncoder extends Module {
    private final List<TransformerEncoderLayer> all;
    private final @Nullable LayerNorm norm;

    /** Creates a stack without a norm at its end. */
    public TransformerEncoder(Supplier<TransformerEncoderLayer> layer, int numLayers) {
        this(layer, numLayers, null);
    }

    /**
     * Creates a stack.
     *
     * @param layer makes a layer; all begin with the values of the first, as PyTorch's copies do
     * @param numLayers how many
     * @param norm what normalises the output, or null
     */
    public TransformerEncoder(Supplier<TransformerEncoderLayer> layer, int numLayers, @Nullable LayerNorm norm) {
        all = copies(layer, numLayers);
        registerModule("layers", new ModuleList(all));
        this.norm = norm == null ? null : registerModule("norm", norm);
    }

    /** Makes modules of equal values, and draws random numbers for the first alone. */
    static <M extends Module> List<M> copies(Supplier<M> maker, int count) {
        List<M> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (i == 0) {
                made.add(maker.get());
                continue;
            }
            Generator.State state = Generator.standard().state();
            M copy = maker.get();
            Generator.standard().setState(state);
            copy.loadStateDict(made.getFirst().stateDict());
            made.add(copy);
        }
        return made;
    }

    @Override
    public Tensor forward(Tensor src) {
        return run(src, TransformerMasks.none());
    }

    /** Computes the layers with masks. */
    public Tensor run(Tensor src, TransformerMasks masks) {
        Tensor x = src;
        for (TransformerEncoderLayer layer : all) x = layer.run(x, masks);
        return norm == null ? x : norm.call(x);
    }
}
