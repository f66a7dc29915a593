package dev.cotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.benchmarks.Inputs.Checksum;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers and text of the table. */
class ResultTest {
    private static final Result COMPARED = new Result(
            "mm/64x64x64",
            2,
            "cpu",
            12.345,
            List.of(new Result.Peer("pytorch", 24.69, 2), new Result.Peer("pytorch-compile", 18.5, 1.5)),
            6.1725,
            12_345_678);
    private static final Result ALONE = new Result("add/3", 1, "cuda:0", 0.05, List.of(), Double.NaN, 96);

    private static Result ratio(double ratio) {
        return new Result("x/1", 1, "cpu", 2, List.of(new Result.Peer("pytorch", 2 * ratio, ratio)), 1, 0);
    }

    @Test
    void linesStandUnderTheHeader() {
        assertEquals(
                "case                                              ours us   pytorch us        ratio     limit us    "
                        + " of limit    allocated",
                Result.header(List.of("pytorch")));
        assertEquals(
                "mm/64x64x64                                          12.3         24.7         2.00        6.173     "
                        + "    50 %      12.3 MB",
                COMPARED.line(List.of("pytorch")));
        assertEquals(
                "add/3                                             0.05000            -            -            -     "
                        + "       -         96 B",
                ALONE.line(List.of("pytorch")));
    }

    @Test
    void severalPeersHaveAColumnForTheBestOfThem() {
        List<String> peers = List.of("pytorch", "pytorch-compile");
        assertEquals(
                List.of("case", "ours us", "pytorch us", "ratio", "pytorch-compile us", "ratio", "to best"),
                List.of(Result.header(peers).split(" {2,}")).subList(0, 7));
        assertEquals(
                List.of("mm/64x64x64", "12.3", "24.7", "2.00", "18.5", "1.50", "1.50"),
                List.of(COMPARED.line(peers).split(" +")).subList(0, 7));
    }

    @Test
    void jsonHasTheMachineAndNullForWhatWasNotMeasured() {
        var machine = new Machine("Some processor", 2, "AVX2", "2 threads", "25");
        assertEquals("""
            {
            "machine": {"processor": "Some processor", "cores": 2, "has": "AVX2", "engine": "2 threads", "java": "25"},
            "results": [
              {"case": "mm/64x64x64", "threads": 2, "device": "cpu", "ours_us": 12.3450, "peers": {"pytorch": {"us": 24.6900, "ratio": 2.00000}, "pytorch-compile": {"us": 18.5000, "ratio": 1.50000}}, "ratio": 1.50000, "limit_us": 6.17250, "ours_bytes": 1.23457e+07},
              {"case": "add/3", "threads": 1, "device": "cuda:0", "ours_us": 0.0500000, "peers": {}, "ratio": null, "limit_us": null, "ours_bytes": 96.0000}
            ]
            }
            """, Result.json(machine, List.of(COMPARED, ALONE)));
    }

    @Test
    void theSummaryCountsWhatIsSlow() {
        List<Result> all = List.of(ratio(4), ratio(1), ratio(0.95), ratio(0.25), ALONE);
        assertEquals(
                "geometric mean of 4 ratios: 0.99; 75.0 % at 0.9 or more, 50.0 % at 1 or more, 1 below 0.5",
                Result.summary(all));
        assertEquals(
                List.of(0.25, 0.95, 1.0, 4.0),
                Result.compared(all).stream().map(Result::ratio).toList());
        assertEquals("", Result.summary(List.of(ALONE)));
    }

    @Test
    void meansAndMedians() {
        assertEquals(1, Result.geometricMean(List.of(ratio(2), ratio(0.5))), 1e-12);
        assertEquals(3, Comparison.median(9, 1, 3));
        assertEquals(2, Comparison.median(9, 1, 3, 1));
    }

    @Test
    void aChecksumAllowsForRoundingAlone() {
        var sum = new Checksum(1000, 20);
        assertTrue(sum.agrees(new Checksum(1000.5, 19.5)));
        assertFalse(sum.agrees(new Checksum(1000, 22)), "elements in other places");
        assertFalse(sum.agrees(new Checksum(1002, 20)), "other elements");
        assertFalse(sum.agrees(new Checksum(Double.NaN, Double.NaN)));
    }

    @Test
    void aChecksumReadsWhatPythonWritesOfNumbersThatAreNotFinite() {
        var overflow = Checksum.parse("inf", "nan");
        assertTrue(overflow.agrees(new Checksum(Double.POSITIVE_INFINITY, Double.NaN)));
        assertFalse(overflow.agrees(new Checksum(1e300, Double.NaN)));
        assertFalse(overflow.agrees(Checksum.parse("inf", "-inf")));
        assertFalse(new Checksum(1e300, 1).agrees(overflow));
    }
}
