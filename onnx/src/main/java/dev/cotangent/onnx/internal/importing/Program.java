package dev.cotangent.onnx.internal.importing;

import dev.cotangent.Tensor;
import dev.cotangent.onnx.OnnxException;
import dev.cotangent.onnx.internal.proto.AttributeProto;
import dev.cotangent.onnx.internal.proto.GraphProto;
import dev.cotangent.onnx.internal.proto.GraphProto.ValueInfo;
import dev.cotangent.onnx.internal.proto.ModelProto;
import dev.cotangent.onnx.internal.proto.ModelProto.FunctionProto;
import dev.cotangent.onnx.internal.proto.NodeProto;
import dev.cotangent.onnx.internal.proto.TensorData;
import dev.cotangent.onnx.internal.proto.TensorProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A model that was checked: every node's operator is known, and every value that a node reads was made before. */
public final class Program {
    /** A newer operator set may say something else of an operator of the table. */
    private static final long LATEST = 28;

    private final ModelProto model;
    private final @Nullable Path folder;
    private final Map<String, FunctionProto> functions = new HashMap<>();
    private final Map<TensorProto, Tensor> constants = new IdentityHashMap<>();
    private final Map<Integer, List<String>> lastUses = new HashMap<>();

    /**
     * Checks a model.
     *
     * @param folder where files with elements may be; null if there are none
     */
    public Program(ModelProto model, @Nullable Path folder) {
        this.model = model;
        this.folder = folder;
        if (!model.opsets().containsKey("") && !model.graph().nodes().isEmpty()) {
            boolean own =
                    model.graph().nodes().stream().anyMatch(n -> n.domain().isEmpty());
            if (own) throw new OnnxException("the model does not say of which version its operators are");
        }
        long version = model.opsets().getOrDefault("", 1L);
        if (version > LATEST) {
            throw new OnnxException(
                    "operators of the set " + version + " are not supported: the newest known is " + LATEST);
        }
        for (FunctionProto f : model.functions()) functions.put(f.domain() + "." + f.name(), f);
        Set<String> unsupported = new TreeSet<>();
        collect(model.graph(), unsupported, model.opsets());
        for (FunctionProto f : model.functions()) collect(f.nodes(), unsupported, f.opsets());
        if (!unsupported.isEmpty()) {
            throw new OnnxException("the model has operators that are not supported: "
                    + String.join(", ", unsupported)
                    + ". docs/reference/onnx-operators.md lists those that are.");
        }
        checkFunctions();
        Set<String> known = new HashSet<>();
        for (TensorProto t : model.graph().initializers()) known.add(t.name());
        check(model.graph(), known);
        findLastUses();
    }

    private void collect(GraphProto graph, Set<String> unsupported, Map<String, Long> opsets) {
        collect(graph.nodes(), unsupported, opsets);
    }

    private void collect(List<NodeProto> nodes, Set<String> unsupported, Map<String, Long> opsets) {
        for (NodeProto n : nodes) {
            long version = opsets.getOrDefault(n.domain(), 1L);
            Operator operator = Operators.find(n.domain(), n.operator());
            String name = n.domain().isEmpty() ? n.operator() : n.domain() + "." + n.operator();
            if (function(n) == null) {
                if (operator == null) unsupported.add(name);
                else if (version < operator.first()) {
                    unsupported.add(name + " of version " + version + " (supported from " + operator.first() + " on)");
                }
            }
            for (AttributeProto a : n.attributes().values()) {
                GraphProto g = a.graph();
                if (g != null) collect(g, unsupported, opsets);
            }
        }
    }

    /** Throws if a function calls itself, which would never end. */
    private void checkFunctions() {
        Set<FunctionProto> done = new HashSet<>();
        for (FunctionProto f : functions.values()) visit(f, new HashSet<>(), done);
    }

    private void visit(FunctionProto f, Set<FunctionProto> open, Set<FunctionProto> done) {
        if (done.contains(f)) return;
        if (!open.add(f)) throw new OnnxException("the function " + f.name() + " calls itself");
        visit(f.nodes(), open, done);
        open.remove(f);
        done.add(f);
    }

    private void visit(List<NodeProto> nodes, Set<FunctionProto> open, Set<FunctionProto> done) {
        for (NodeProto n : nodes) {
            FunctionProto called = function(n);
            if (called != null) visit(called, open, done);
            for (AttributeProto a : n.attributes().values()) {
                GraphProto g = a.graph();
                if (g != null) visit(g.nodes(), open, done);
            }
        }
    }

    private void check(GraphProto graph, Set<String> known) {
        for (ValueInfo v : graph.inputs()) known.add(v.name());
        for (NodeProto n : graph.nodes()) {
            for (String name : n.inputs()) {
                if (!name.isEmpty() && !known.contains(name)) {
                    throw new OnnxException(n.describe() + " reads '" + name + "', which nothing before it computes");
                }
            }
            for (AttributeProto a : n.attributes().values()) {
                GraphProto g = a.graph();
                if (g == null) continue;
                Set<String> inner = new HashSet<>(known);
                for (TensorProto t : g.initializers()) inner.add(t.name());
                check(g, inner);
            }
            for (String name : n.outputs()) {
                if (!name.isEmpty() && !known.add(name)) {
                    throw new OnnxException(n.describe() + " computes '" + name + "', which there is already");
                }
            }
        }
        for (ValueInfo v : graph.outputs()) {
            if (!known.contains(v.name())) throw new OnnxException("nothing computes the output '" + v.name() + "'");
        }
    }

    private void findLastUses() {
        Map<String, Integer> last = new LinkedHashMap<>();
        List<NodeProto> nodes = model.graph().nodes();
        for (int i = 0; i < nodes.size(); i++) {
            int at = i;
            reads(nodes.get(i), name -> last.put(name, at));
        }
        for (ValueInfo v : model.graph().outputs()) last.remove(v.name());
        last.forEach((name, at) ->
                lastUses.computeIfAbsent(at, k -> new ArrayList<>()).add(name));
    }

    private static void reads(NodeProto node, java.util.function.Consumer<String> visitor) {
        node.inputs().forEach(visitor);
        for (AttributeProto a : node.attributes().values()) {
            GraphProto g = a.graph();
            if (g == null) continue;
            g.nodes().forEach(n -> reads(n, visitor));
            g.outputs().forEach(v -> visitor.accept(v.name()));
        }
    }

    /** Returns the model. */
    public ModelProto model() {
        return model;
    }

    Map<Integer, List<String>> lastUses() {
        return lastUses;
    }

    synchronized Tensor constant(TensorProto t) {
        return constants.computeIfAbsent(t, k -> TensorData.read(k, folder));
    }

    @Nullable
    FunctionProto function(NodeProto node) {
        return functions.isEmpty() ? null : functions.get(node.domain() + "." + node.operator());
    }

    /** Returns a function's nodes with the attributes that a call gives. */
    List<NodeProto> bound(FunctionProto f, NodeProto call) {
        return f.nodes().stream().map(n -> bound(n, f, call)).toList();
    }

    private static NodeProto bound(NodeProto node, FunctionProto f, NodeProto call) {
        Map<String, AttributeProto> attributes = new LinkedHashMap<>();
        for (AttributeProto a : node.attributes().values()) {
            if (a.reference().isEmpty()) {
                attributes.put(a.name(), a);
                continue;
            }
            AttributeProto given = call.attributes().get(a.reference());
            if (given == null) given = f.defaults().get(a.reference());
            if (given != null) attributes.put(a.name(), given.named(a.name()));
        }
        return new NodeProto(node.name(), node.domain(), node.operator(), node.inputs(), node.outputs(), attributes);
    }
}
