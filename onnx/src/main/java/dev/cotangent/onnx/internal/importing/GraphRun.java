package dev.cotangent.onnx.internal.importing;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.onnx.OnnxException;
import dev.cotangent.onnx.internal.proto.GraphProto;
import dev.cotangent.onnx.internal.proto.GraphProto.ValueInfo;
import dev.cotangent.onnx.internal.proto.ModelProto.FunctionProto;
import dev.cotangent.onnx.internal.proto.NodeProto;
import dev.cotangent.onnx.internal.proto.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One evaluation of a graph: runs its nodes in order, and frees a value after its last use. */
public final class GraphRun {
    private final Program program;
    private final Device device;
    private final @Nullable GraphRun outer;
    private final Map<String, Value> values = new HashMap<>();

    private GraphRun(Program program, Device device, @Nullable GraphRun outer) {
        this.program = program;
        this.device = device;
        this.outer = outer;
    }

    /**
     * Evaluates a model's graph.
     *
     * @param values inputs and parameters by name
     * @param device where constants are put
     */
    public static List<Value> run(Program program, Map<String, Value> values, Device device) {
        GraphRun run = new GraphRun(program, device, null);
        run.values.putAll(values);
        run.nodes(program.model().graph().nodes(), program.model().opsets(), program.lastUses());
        return run.outputs(program.model().graph());
    }

    /** Evaluates a subgraph, which sees the values outside. */
    List<Value> nested(GraphProto graph, List<? extends Value> inputs) {
        GraphRun run = new GraphRun(program, device, this);
        if (inputs.size() != graph.inputs().size()) {
            throw new OnnxException("the graph '" + graph.name() + "' takes "
                    + graph.inputs().size() + " inputs, but is given " + inputs.size());
        }
        for (int i = 0; i < inputs.size(); i++) {
            run.values.put(graph.inputs().get(i).name(), inputs.get(i));
        }
        for (TensorProto t : graph.initializers()) run.values.put(t.name(), new Value.Single(constant(t)));
        run.nodes(graph.nodes(), program.model().opsets(), Map.of());
        return run.outputs(graph);
    }

    Tensor constant(TensorProto t) {
        return program.constant(t).to(device);
    }

    private List<Value> outputs(GraphProto graph) {
        List<Value> out = new ArrayList<>();
        for (ValueInfo v : graph.outputs()) {
            Value value = find(v.name());
            if (value == null) throw new OnnxException("the output '" + v.name() + "' is not computed");
            out.add(value);
        }
        return out;
    }

    private @Nullable Value find(String name) {
        Value v = values.get(name);
        return v != null || outer == null ? v : outer.find(name);
    }

    private void nodes(List<NodeProto> nodes, Map<String, Long> opsets, Map<Integer, List<String>> lastUses) {
        for (int n = 0; n < nodes.size(); n++) {
            NodeProto node = nodes.get(n);
            List<@Nullable Value> inputs = new ArrayList<>();
            for (String name : node.inputs()) {
                Value v = name.isEmpty() ? null : find(name);
                if (v == null && !name.isEmpty()) {
                    throw new OnnxException(node.describe() + " reads '" + name + "', which nothing computes");
                }
                inputs.add(v);
            }
            List<Value> results = call(node, opsets, inputs);
            for (int k = 0; k < node.outputs().size(); k++) {
                String name = node.outputs().get(k);
                if (name.isEmpty()) continue;
                if (k >= results.size()) {
                    throw new OnnxException(node.describe() + " has an output " + k + ", which is not supported");
                }
                values.put(name, results.get(k));
            }
            for (String dead : lastUses.getOrDefault(n, List.of())) values.remove(dead);
        }
    }

    private List<Value> call(NodeProto node, Map<String, Long> opsets, List<@Nullable Value> inputs) {
        FunctionProto function = program.function(node);
        if (function != null) return function(function, node, inputs);
        Operator operator = Operators.find(node.domain(), node.operator());
        if (operator == null) throw new OnnxException(node.describe() + " is not supported");
        Call call = new Call(node, opsets.getOrDefault(node.domain(), 1L), inputs, this);
        try {
            return operator.body().run(call);
        } catch (OnnxException e) {
            throw e;
        } catch (CotangentException e) {
            throw new OnnxException(node.describe() + ": " + e.getMessage(), e);
        } catch (ArithmeticException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new OnnxException(node.describe() + " has inputs or attributes that do not fit each other", e);
        }
    }

    private List<Value> function(FunctionProto f, NodeProto node, List<@Nullable Value> inputs) {
        // A function sees nothing but its inputs.
        GraphRun run = new GraphRun(program, device, null);
        for (int i = 0; i < f.inputs().size() && i < inputs.size(); i++) {
            Value v = inputs.get(i);
            if (v != null) run.values.put(f.inputs().get(i), v);
        }
        List<NodeProto> nodes = program.bound(f, node);
        run.nodesOfFunction(f, nodes);
        List<Value> out = new ArrayList<>();
        for (String name : f.outputs()) {
            Value v = run.values.get(name);
            if (v == null) throw new OnnxException("the function " + f.name() + " does not compute '" + name + "'");
            out.add(v);
        }
        return out;
    }

    private void nodesOfFunction(FunctionProto f, List<NodeProto> nodes) {
        // An optional input that is not given is one that is left out of the node.
        List<NodeProto> present = new ArrayList<>();
        for (NodeProto n : nodes) {
            List<String> names = n.inputs().stream()
                    .map(i -> f.inputs().contains(i) && !values.containsKey(i) ? "" : i)
                    .toList();
            present.add(new NodeProto(n.name(), n.domain(), n.operator(), names, n.outputs(), n.attributes()));
        }
        nodes(present, f.opsets(), Map.of());
    }
}
