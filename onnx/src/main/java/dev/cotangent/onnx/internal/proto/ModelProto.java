package dev.cotangent.onnx.internal.proto;

import java.util.List;
import java.util.Map;

/**
 * A file: a graph, and the versions of the operator sets that its nodes are of.
 *
 * @param opsets the version of each domain; of ONNX's own the domain is empty
 */
public record ModelProto(
        long irVersion,
        String producer,
        Map<String, Long> opsets,
        GraphProto graph,
        List<FunctionProto> functions,
        Map<String, String> metadata) {
    /** The key of the names of initializers that are not trained, one per line. */
    public static final String BUFFERS = "cotangent.buffers";

    /** A function that the model defines: nodes that take the place of one. */
    public record FunctionProto(
            String domain,
            String name,
            List<String> inputs,
            List<String> outputs,
            Map<String, AttributeProto> defaults,
            List<NodeProto> nodes,
            Map<String, Long> opsets) {}
}
