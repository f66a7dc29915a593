package dev.cotangent.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.ValueException;
import dev.cotangent.data.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Indices that PyTorch 2.13.0's DistributedSampler gave of ten samples for three ranks in epoch 2. */
class DistributedSamplerTest {
    private static final Dataset<Long> TEN = Dataset.of(10, i -> i);

    private static String indices(UnaryOperator<DistributedSampler> with) {
        List<List<Long>> all = new ArrayList<>();
        for (int r = 0; r < 3; r++) {
            DistributedSampler sampler = with.apply(new DistributedSampler(TEN, r, 3));
            sampler.setEpoch(2);
            List<Long> own = new ArrayList<>();
            sampler.iterator().forEachRemaining((long i) -> own.add(i));
            assertEquals(own.size(), sampler.size());
            all.add(own);
        }
        return all.toString();
    }

    @Test
    void indicesAreThoseOfPyTorch() {
        assertEquals("[[8, 5, 0, 3], [7, 6, 4, 8], [1, 9, 2, 7]]", indices(s -> s));
        assertEquals("[[1, 6, 0, 7], [4, 3, 2, 1], [9, 5, 8, 4]]", indices(s -> s.seed(3)));
        assertEquals("[[8, 5, 0], [7, 6, 4], [1, 9, 2]]", indices(s -> s.dropLast(true)));
        assertEquals("[[0, 3, 6, 9], [1, 4, 7, 0], [2, 5, 8, 1]]", indices(s -> s.shuffle(false)));
    }

    @Test
    void aRankOutsideIsRefused() {
        assertEquals(
                "Invalid rank 3, rank should be in the interval [0, 2]",
                Assertions.assertThrows(ValueException.class, () -> new DistributedSampler(TEN, 3, 3))
                        .getMessage());
    }
}
