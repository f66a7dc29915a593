package dev.cotangent.data;

import dev.cotangent.Generator;
import dev.cotangent.Shape;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.Arrays;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/**
 * Indices in random order; PyTorch's {@code torch.utils.data.RandomSampler}. Without a generator each epoch takes a seed from
 * the default one. With PyTorch's generator the order is PyTorch's. Immutable; each method returns a changed sampler.
 */
public final class RandomSampler implements Sampler {
    /** With replacement that many are drawn at a time. */
    private static final int TOGETHER = 32;

    private final Dataset<?> dataset;
    private final boolean replacement;
    private final long numSamples;
    private final @Nullable Generator generator;

    /** Creates a sampler of each index of a dataset once. */
    public RandomSampler(Dataset<?> dataset) {
        this(Arguments.notNull("RandomSampler", "dataset", dataset), false, -1, null);
    }

    private RandomSampler(Dataset<?> dataset, boolean replacement, long numSamples, @Nullable Generator generator) {
        this.dataset = dataset;
        this.replacement = replacement;
        this.numSamples = numSamples;
        this.generator = generator;
    }

    /** Returns a sampler that may give an index again; PyTorch's {@code replacement}. */
    public RandomSampler replacement(boolean value) {
        return new RandomSampler(dataset, value, numSamples, generator);
    }

    /** Returns a sampler of another number of indices than the dataset has; PyTorch's {@code num_samples}. */
    public RandomSampler numSamples(long value) {
        return new RandomSampler(dataset, replacement, positive(value), generator);
    }

    /** Returns a sampler that draws from a generator; PyTorch's {@code generator}. */
    public RandomSampler generator(Generator value) {
        return new RandomSampler(
                dataset, replacement, numSamples, Arguments.notNull("RandomSampler", "generator", value));
    }

    static long positive(long value) {
        if (value > 0) return value;
        throw new ValueException("num_samples should be a positive integer value, but got num_samples=" + value);
    }

    @Override
    public long size() {
        return numSamples < 0 ? dataset.size() : numSamples;
    }

    @Override
    public PrimitiveIterator.OfLong iterator() {
        long n = dataset.size();
        long wanted = size();
        if (n == 0 && wanted > 0) throw new ValueException("RandomSampler: a dataset without samples has none to draw");
        return new Draws() {
            private @Nullable Generator from = generator;
            private long left = wanted;
            private boolean last;

            @Override
            long[] draw() {
                if (last || n == 0) return new long[0];
                Generator g = from;
                if (g == null) from = g = fresh();
                long[] drawn;
                if (replacement) {
                    last = left < TOGETHER;
                    long together = last ? left : TOGETHER;
                    drawn = Splits.draw(
                            g, () -> Tensors.randint(n, Shape.of(together)).toLongArray());
                } else {
                    // As PyTorch: a last permutation is drawn even if none of it is wanted.
                    last = left < n;
                    drawn = Splits.permutation(n, g);
                    if (last) drawn = Arrays.copyOf(drawn, (int) left);
                }
                left -= drawn.length;
                return drawn;
            }
        };
    }

    /** Creates a generator of the default one's kind, seeded by a draw from the default one. */
    static Generator fresh() {
        Generator standard = Generator.standard();
        long seed = Splits.seed(standard);
        return standard.isPyTorch() ? Generator.pytorch(seed) : new Generator(seed);
    }

    /** Returns {@code RandomSampler(size=100)}. */
    @Override
    public String toString() {
        return "RandomSampler(size=" + size() + (replacement ? ", replacement=True)" : ")");
    }
}
