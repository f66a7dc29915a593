package dev.cotangent.internal.engine;

import java.util.List;
import java.util.Map;

/** PyTorch's operand names, under which nodes expose their saved tensors. */
final class SavedNames {
    private static final List<String> DEFAULT = List.of("self", "other");
    private static final List<String> WITH_TENSORS = List.of("self", "tensor1", "tensor2");
    private static final List<String> WITH_TARGET = List.of("self", "target", "weight");
    private static final Map<String, List<String>> OTHERS = Map.ofEntries(
            Map.entry("MmBackward0", List.of("self", "mat2")),
            Map.entry("BmmBackward0", List.of("self", "mat2")),
            Map.entry("AddmmBackward0", List.of("self", "mat1", "mat2")),
            Map.entry("BaddbmmBackward0", List.of("self", "batch1", "batch2")),
            Map.entry("MvBackward0", List.of("self", "vec")),
            Map.entry("DotBackward0", List.of("self", "tensor")),
            Map.entry("AddmvBackward0", List.of("self", "mat", "vec")),
            Map.entry("AddrBackward0", List.of("self", "vec1", "vec2")),
            Map.entry("PowBackward1", List.of("self", "exponent")),
            Map.entry("PowBackward2", List.of("self", "exponent")),
            Map.entry("WhereBackward0", List.of("condition", "self", "other")),
            Map.entry("LerpBackward0", List.of("self", "end", "weight")),
            Map.entry("LerpBackward1", List.of("self", "end", "weight")),
            Map.entry("AddcmulBackward0", WITH_TENSORS),
            Map.entry("AddcdivBackward0", WITH_TENSORS),
            Map.entry("ClampBackward0", List.of("self", "min", "max")),
            Map.entry("GatherBackward0", List.of("self", "index")),
            Map.entry("IndexSelectBackward0", List.of("self", "index")),
            Map.entry("MaskedFillBackward0", List.of("self", "mask", "value")),
            Map.entry("MseLossBackward0", WITH_TARGET),
            Map.entry("NllLossBackward0", WITH_TARGET),
            Map.entry("BinaryCrossEntropyBackward0", WITH_TARGET),
            Map.entry("SmoothL1LossBackward0", WITH_TARGET),
            Map.entry("HuberLossBackward0", WITH_TARGET),
            Map.entry("NativeLayerNormBackward0", List.of("input", "weight", "bias")));

    private SavedNames() {}

    /** Returns the operand names of the operation that a node is the backward of. */
    static List<String> of(String node) {
        return OTHERS.getOrDefault(node, DEFAULT);
    }
}
