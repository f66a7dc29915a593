package dev.cotangent.tests.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The contract of tensors on a device: all its checks, by what they are about. */
public final class TensorContract {
    private TensorContract() {}

    /** Returns the chapters of the contract and the checks of each. */
    public static Map<String, Supplier<Stream<Check>>> chapters() {
        Map<String, Supplier<Stream<Check>>> all = new LinkedHashMap<>();
        all.put("elementwise", ElementwiseContract::checks);
        all.put("operators", OperatorContract::checks);
        all.put("autograd", AutogradContract::checks);
        all.put("fusion", FusionContract::checks);
        return all;
    }
}
