package dev.cotangent.tests.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The contract of a backend: all its checks, by what they are about. */
public final class BackendContract {
    private BackendContract() {}

    /** The chapters of the contract and the checks of each. */
    public static Map<String, Supplier<Stream<Check>>> chapters() {
        Map<String, Supplier<Stream<Check>>> all = new LinkedHashMap<>();
        all.put("memory", MemoryContract::checks);
        all.put("pointwise", PointwiseContract::checks);
        all.put("programs", ProgramContract::checks);
        all.put("reductions", ReductionContract::checks);
        all.put("indexing", IndexingContract::checks);
        all.put("order", OrderContract::checks);
        all.put("moves", MovesContract::checks);
        all.put("matmul", MatmulContract::checks);
        all.put("convolution", ConvolutionContract::checks);
        all.put("random", RandomContract::checks);
        all.put("whole ops", WholeOpContract::checks);
        all.put("windows", WindowContract::checks);
        all.put("fourier", FourierContract::checks);
        return all;
    }
}
