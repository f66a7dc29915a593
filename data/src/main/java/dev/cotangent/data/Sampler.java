package dev.cotangent.data;

import dev.cotangent.internal.Arguments;
import java.util.Arrays;
import java.util.PrimitiveIterator;

/** The indices of an epoch, in their order; PyTorch's {@code torch.utils.data.Sampler}. Open: yours may extend it. */
public interface Sampler extends Iterable<Long> {
    /** Returns the number of indices; {@code __len__}. */
    long size();

    /** Returns the indices of one epoch; random samplers draw anew each time, when the first one is asked for. */
    @Override
    PrimitiveIterator.OfLong iterator();

    /** Returns the sampler of these indices in every epoch. */
    static Sampler of(long... indices) {
        long[] all = Arguments.notNull("Sampler.of", "indices", indices).clone();
        return new Sampler() {
            @Override
            public long size() {
                return all.length;
            }

            @Override
            public PrimitiveIterator.OfLong iterator() {
                return Arrays.stream(all).iterator();
            }

            @Override
            public String toString() {
                return "Sampler(size=" + all.length + ")";
            }
        };
    }
}
