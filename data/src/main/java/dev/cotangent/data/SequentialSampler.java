package dev.cotangent.data;

import dev.cotangent.internal.Arguments;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/**
 * All indices of a dataset from 0 on; PyTorch's {@code torch.utils.data.SequentialSampler}.
 *
 * @param dataset whose size counts when an epoch starts
 */
public record SequentialSampler(Dataset<?> dataset) implements Sampler {
    /** Creates a sampler. */
    public SequentialSampler {
        Arguments.notNull("SequentialSampler", "dataset", dataset);
    }

    @Override
    public long size() {
        return dataset.size();
    }

    @Override
    public PrimitiveIterator.OfLong iterator() {
        return LongStream.range(0, dataset.size()).iterator();
    }
}
