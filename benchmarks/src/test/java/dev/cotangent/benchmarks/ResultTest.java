package dev.cotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.benchmarks.Inputs.Checksum;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers and text of the table. */
class ResultTest {
    private static final Result COMPARED = new Result("mm/64x64x64", 2, "cpu", 12.345, 24.69, 2, 6.1725, 12_345_678);
    private static final Result ALONE = new Result("add/3", 1, "cuda:0", 0.05, Double.NaN, Double.NaN, Double.NaN, 96);

    @Test
    void linesStandUnderTheHeader() {
        assertEquals(
                "case                                    ours us      peer us    ratio     limit us  of limit   "
                        + " allocated",
                Result.header());
        assertEquals(
                "mm/64x64x64                                12.3         24.7     2.00        6.173      50 %     "
                        + " 12.3 MB",
                COMPARED.line());
        assertEquals(
                "add/3                                   0.05000            -        -            -         -        "
                        + " 96 B",
                ALONE.line());
    }

    @Test
    void jsonHasNullForWhatWasNotMeasured() {
        assertEquals("""
            [
              {"case": "mm/64x64x64", "threads": 2, "device": "cpu", "ours_us": 12.3450, "peer_us": 24.6900, "ratio": 2.00000, "limit_us": 6.17250, "ours_bytes": 1.23457e+07},
              {"case": "add/3", "threads": 1, "device": "cuda:0", "ours_us": 0.0500000, "peer_us": null, "ratio": null, "limit_us": null, "ours_bytes": 96.0000}
            ]
            """, Result.json(List.of(COMPARED, ALONE)));
    }

    @Test
    void meansAndMedians() {
        Result half = new Result("x/1", 1, "cpu", 2, 1, 0.5, 1, 0);
        assertEquals(1, Result.geometricMean(List.of(COMPARED, half)), 1e-12);
        assertEquals(3, Bench.median(9, 1, 3));
        assertEquals(2, Bench.median(9, 1, 3, 1));
    }

    @Test
    void aChecksumAllowsForRoundingAlone() {
        var sum = new Checksum(1000, 20);
        assertTrue(sum.agrees(new Checksum(1000.5, 19.5)));
        assertFalse(sum.agrees(new Checksum(1000, 22)), "elements in other places");
        assertFalse(sum.agrees(new Checksum(1002, 20)), "other elements");
        assertFalse(sum.agrees(new Checksum(Double.NaN, Double.NaN)));
    }
}
