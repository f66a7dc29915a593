package dev.cotangent.onnx.internal.proto;

import java.util.List;
import java.util.Map;

/** A call of an operator. An optional input or output that is left out has an empty name. */
public record NodeProto(
        String name,
        String domain,
        String operator,
        List<String> inputs,
        List<String> outputs,
        Map<String, AttributeProto> attributes) {

    /** Returns the operator and, if there is one, the node's name: for messages. */
    public String describe() {
        String op = domain.isEmpty() ? operator : domain + "." + operator;
        return name.isEmpty() ? op : op + " (node '" + name + "')";
    }
}
