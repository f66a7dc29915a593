package dev.cotangent.data;

import dev.cotangent.Generator;
import dev.cotangent.internal.Arguments;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/** Chosen indices in random order; PyTorch's {@code torch.utils.data.SubsetRandomSampler}. Immutable. */
public final class SubsetRandomSampler implements Sampler {
    private final long[] indices;
    private final @Nullable Generator generator;

    /** Creates a sampler that draws from the default generator. */
    public SubsetRandomSampler(long... indices) {
        this(null, Arguments.notNull("SubsetRandomSampler", "indices", indices).clone());
    }

    private SubsetRandomSampler(@Nullable Generator generator, long[] indices) {
        this.indices = indices;
        this.generator = generator;
    }

    /** Returns a sampler that draws from a generator; PyTorch's {@code generator}. */
    public SubsetRandomSampler generator(Generator value) {
        return new SubsetRandomSampler(Arguments.notNull("SubsetRandomSampler", "generator", value), indices);
    }

    @Override
    public long size() {
        return indices.length;
    }

    @Override
    public PrimitiveIterator.OfLong iterator() {
        return new Draws() {
            private boolean drawn;

            @Override
            long[] draw() {
                if (drawn) return new long[0];
                drawn = true;
                long[] order = Splits.permutation(indices.length, generator == null ? Generator.standard() : generator);
                for (int i = 0; i < order.length; i++) order[i] = indices[(int) order[i]];
                return order;
            }
        };
    }

    /** Returns {@code SubsetRandomSampler(size=10)}. */
    @Override
    public String toString() {
        return "SubsetRandomSampler(size=" + indices.length + ")";
    }
}
