package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sums or averages rows of a table over bags of indices; PyTorch's {@code nn.EmbeddingBag}. */
public final class EmbeddingBag extends Module {
    /**
     * Options of {@link EmbeddingBag}, immutable: each method returns a copy.
     *
     * @param mode what becomes of the rows of a bag
     * @param includeLastOffset whether offsets end with the number of indices
     * @param paddingIdx a row that counts for nothing
     */
    public record Options(
            Mode mode, boolean includeLastOffset, @Nullable Integer paddingIdx) {
        /** Returns a copy with {@code mode}. */
        public Options mode(Mode value) {
            return new Options(value, includeLastOffset, paddingIdx);
        }

        /** Returns a copy with {@code includeLastOffset}. */
        public Options includeLastOffset(boolean value) {
            return new Options(mode, value, paddingIdx);
        }

        /** Returns a copy with {@code paddingIdx}. */
        public Options paddingIdx(@Nullable Integer value) {
            return new Options(mode, includeLastOffset, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(Mode.MEAN, false, null);
    }

    /** The reduction of the rows of a bag. */
    public enum Mode {
        /** Their sum. */
        SUM,
        /** Their mean. */
        MEAN,
        /** Their largest elements. */
        MAX
    }

    private final int numEmbeddings;
    private final int embeddingDim;
    private final Options options;
    private final Tensor weight;

    /** Creates a table of that many rows of that many elements. */
    public EmbeddingBag(int numEmbeddings, int embeddingDim) {
        this(numEmbeddings, embeddingDim, options());
    }

    /** Creates a table with options, of normal numbers. */
    public EmbeddingBag(int numEmbeddings, int embeddingDim, Options options) {
        this.numEmbeddings = numEmbeddings;
        this.embeddingDim = embeddingDim;
        this.options = options;
        Tensor table = Tensors.zeros(numEmbeddings, embeddingDim).normal_();
        if (options.paddingIdx != null) table.select(0, options.paddingIdx).zero_();
        weight = registerParameter("weight", table);
    }

    /** Computes bags that are the rows of a matrix of indices. */
    @Override
    public Tensor forward(Tensor input) {
        long bags = input.size(0);
        long size = input.size(1);
        Tensor offsets = Tensors.arange(0, bags * size, size).to(input.device());
        return bags(input.flatten(), offsets, false);
    }

    /** Computes bags that begin at offsets. */
    @Override
    public Tensor forward(Tensor input, Tensor offsets) {
        return bags(input, offsets, options.includeLastOffset);
    }

    private Tensor bags(Tensor input, Tensor offsets, boolean last) {
        return input.embeddingBag(
                weight,
                offsets,
                mode(),
                null,
                last,
                options.paddingIdx == null ? null : (Long) options.paddingIdx.longValue());
    }

    private String mode() {
        return options.mode.name().toLowerCase(Locale.ROOT);
    }

    @Override
    protected String extraRepr() {
        return numEmbeddings + ", " + embeddingDim + ", mode='" + mode() + "'"
                + (options.paddingIdx == null ? "" : ", padding_idx=" + options.paddingIdx);
    }
}
