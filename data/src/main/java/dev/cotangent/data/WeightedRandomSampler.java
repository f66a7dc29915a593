package dev.cotangent.data;

import dev.cotangent.Generator;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/**
 * Indices drawn by weights, such as rare classes more often; PyTorch's {@code torch.utils.data.WeightedRandomSampler}.
 * Immutable; each method returns a changed sampler.
 */
public final class WeightedRandomSampler implements Sampler {
    private final double[] weights;
    private final int numSamples;
    private final boolean replacement;
    private final @Nullable Generator generator;

    /**
     * Creates a sampler with replacement.
     *
     * @param weights of the indices; they need not add up to 1
     * @param numSamples how many indices an epoch has
     */
    public WeightedRandomSampler(double[] weights, int numSamples) {
        this(
                Arguments.notNull("WeightedRandomSampler", "weights", weights).clone(),
                (int) RandomSampler.positive(numSamples),
                true,
                null);
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) {
                throw new ValueException("WeightedRandomSampler: weight " + i + " is " + weights[i]
                        + "; weights are finite and not negative");
            }
        }
    }

    private WeightedRandomSampler(
            double[] weights, int numSamples, boolean replacement, @Nullable Generator generator) {
        this.weights = weights;
        this.numSamples = numSamples;
        this.replacement = replacement;
        this.generator = generator;
    }

    /** Returns a sampler with or without replacement; PyTorch's {@code replacement}. */
    public WeightedRandomSampler replacement(boolean value) {
        return new WeightedRandomSampler(weights, numSamples, value, generator);
    }

    /** Returns a sampler that draws from a generator; PyTorch's {@code generator}. */
    public WeightedRandomSampler generator(Generator value) {
        return new WeightedRandomSampler(
                weights, numSamples, replacement, Arguments.notNull("WeightedRandomSampler", "generator", value));
    }

    @Override
    public long size() {
        return numSamples;
    }

    @Override
    public PrimitiveIterator.OfLong iterator() {
        return new Draws() {
            private boolean drawn;

            @Override
            long[] draw() {
                if (drawn) return new long[0];
                drawn = true;
                return Splits.draw(
                        generator == null ? Generator.standard() : generator,
                        () -> Tensors.tensor(weights)
                                .multinomial(numSamples, replacement)
                                .toLongArray());
            }
        };
    }

    /** Returns {@code WeightedRandomSampler(size=100, replacement=True)}. */
    @Override
    public String toString() {
        return "WeightedRandomSampler(size=" + numSamples + ", replacement=" + (replacement ? "True)" : "False)");
    }
}
