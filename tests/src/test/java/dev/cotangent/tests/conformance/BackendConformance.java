package dev.cotangent.tests.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The conformance suite of backends: all its checks, by chapter. */
public final class BackendConformance {
    private BackendConformance() {}

    /** Returns the chapters of the suite and the checks of each. */
    public static Map<String, Supplier<Stream<Check>>> chapters() {
        Map<String, Supplier<Stream<Check>>> all = new LinkedHashMap<>();
        all.put("memory", MemoryConformance::checks);
        all.put("pointwise", PointwiseConformance::checks);
        all.put("programs", ProgramConformance::checks);
        all.put("reductions", ReductionConformance::checks);
        all.put("indexing", IndexingConformance::checks);
        all.put("order", OrderConformance::checks);
        all.put("moves", MovesConformance::checks);
        all.put("matmul", MatmulConformance::checks);
        all.put("convolution", ConvolutionConformance::checks);
        all.put("random", RandomConformance::checks);
        all.put("whole ops", WholeOpConformance::checks);
        all.put("windows", WindowConformance::checks);
        all.put("fourier", FourierConformance::checks);
        return all;
    }
}
