package dev.cotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Device;
import org.junit.jupiter.api.Test;

/** What the limits are made of. */
class LimitsTest {
    private static double seconds(double flops, double bytes) {
        return Limits.of(Device.cpu(), 1).seconds(new Case("mm/1", flops, bytes, _ -> () -> {
            throw new AssertionError("nothing of the case itself is run");
        }));
    }

    @Test
    void everyMultiplyAddThatIsCountedIsDone() {
        assumeTrue(Limits.Processor.hasVectors(), "no Vector API");
        var work = new MultiplyAdds();
        for (long repeats : new long[] {0, 1, 10, 100_000}) {
            work.accept(repeats);
            float lanes = MultiplyAdds.FLOPS / 2f;
            assertEquals(lanes * (1 + 0.5f * repeats), work.total, repeats + " repetitions");
        }
    }

    @Test
    void aCaseIsLimitedByWhatTakesLonger() {
        double bytes = seconds(0, 1 << 20);
        assertTrue(bytes > 0 && bytes < 1, "" + bytes);
        // Without vectors nobody knows the peak.
        double both = seconds(1e12, 1 << 20);
        assertTrue(Limits.Processor.hasVectors() ? both > 1 : Double.isNaN(both), "" + both);
    }
}
