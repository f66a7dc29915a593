package dev.cotangent.tests.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The conformance suite of tensors on a device: all its checks, by chapter. */
public final class TensorConformance {
    private TensorConformance() {}

    /** Returns the chapters of the suite and the checks of each. */
    public static Map<String, Supplier<Stream<Check>>> chapters() {
        Map<String, Supplier<Stream<Check>>> all = new LinkedHashMap<>();
        all.put("elementwise", ElementwiseConformance::checks);
        all.put("operators", OperatorConformance::checks);
        all.put("autograd", AutogradConformance::checks);
        all.put("fusion", FusionConformance::checks);
        return all;
    }
}
