package dev.cotangent.onnx.internal.exporting;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.onnx.OnnxException;
import dev.cotangent.onnx.internal.exporting.Sizes.Formula;
import dev.cotangent.onnx.internal.exporting.TraceGraph.Node;
import dev.cotangent.onnx.internal.proto.AttributeProto;
import dev.cotangent.onnx.internal.proto.ElementType;
import dev.cotangent.onnx.internal.proto.GraphProto;
import dev.cotangent.onnx.internal.proto.GraphProto.Dim;
import dev.cotangent.onnx.internal.proto.GraphProto.Kind;
import dev.cotangent.onnx.internal.proto.GraphProto.ValueInfo;
import dev.cotangent.onnx.internal.proto.ModelWriter.Initializer;
import dev.cotangent.onnx.internal.proto.NodeProto;
import dev.cotangent.onnx.internal.proto.TensorData;
import dev.cotangent.onnx.internal.proto.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes a model of traces: names its values, leaves out what no output needs, and computes the sizes that vary. */
public final class Assembly {
    private final Trace trace;
    private final List<Trace> all;
    private final Sizes sizes;
    private final Map<String, List<Object>> axes;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<Integer, Initializer> parameters = new TreeMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, String> sizeNames = new HashMap<>();
    private final Map<Formula, String> formulas = new HashMap<>();

    /**
     * Assembles a model.
     *
     * @param all the traces; one, or those that {@code sizes} speaks of
     * @param axes where a size that varies is found: by name, the input and its axis
     */
    public Assembly(
            List<Trace> all, List<String> outputNames, Map<String, List<Object>> axes, List<Map<String, Long>> traced) {
        this.all = all;
        this.trace = all.getFirst();
        this.axes = axes;
        this.sizes = new Sizes(List.copyOf(axes.keySet()), traced);
        checkAlike();
        for (TraceValue v : trace.inputs()) take(v);
        for (TraceValue v : trace.graph().values) if (v.kind == TraceValue.Kind.PARAMETER) take(v);
        taken.addAll(outputNames);
        Set<Integer> needed = needed();
        Map<Integer, String> wanted = new HashMap<>();
        List<NodeProto> last = new ArrayList<>();
        for (int i = 0; i < outputNames.size(); i++) {
            TraceValue v = trace.outputs().get(i);
            if (v.kind == TraceValue.Kind.NODE && wanted.putIfAbsent(v.id, outputNames.get(i)) == null) {
                names.put(v.id, outputNames.get(i));
            }
        }
        for (int n = 0; n < trace.graph().nodes.size(); n++) {
            Node node = trace.graph().nodes.get(n);
            if (node.outputs().stream().anyMatch(v -> needed.contains(v.id))) write(node, needed);
        }
        for (int i = 0; i < outputNames.size(); i++) {
            TraceValue v = trace.outputs().get(i);
            if (outputNames.get(i).equals(names.get(v.id))) continue;
            last.add(node("Identity", List.of(name(v)), List.of(outputNames.get(i)), Map.of()));
        }
        nodes.addAll(last);
        graph = new GraphProto(
                "model", nodes, List.of(), infos(trace.inputs(), null), infos(trace.outputs(), outputNames));
    }

    private final GraphProto graph;

    /** Returns nodes, inputs and outputs. */
    public GraphProto graph() {
        return graph;
    }

    /** Returns the parameters and buffers that are used, in the module's order. */
    public List<Initializer> initializers() {
        return List.copyOf(parameters.values());
    }

    private void take(TraceValue v) {
        String name = v.name;
        if (name == null) throw new IllegalStateException("a value has no name");
        if (!taken.add(name)) {
            throw new OnnxException(
                    "two values have the name '" + name + "': an input is to be named otherwise than a" + " parameter");
        }
        names.put(v.id, name);
    }

    /** Operations must be the same whatever the sizes. */
    private void checkAlike() {
        for (Trace other : all) {
            List<Node> a = trace.graph().nodes;
            List<Node> b = other.graph().nodes;
            for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
                boolean same = i < a.size() && i < b.size() && alike(a.get(i), b.get(i));
                if (same) continue;
                String op = i < a.size() ? a.get(i).op() : b.get(i).op();
                throw new OnnxException("the module runs other operations when the sizes " + axes.keySet()
                        + " change, from the " + (i + 1) + "th on (" + op
                        + "): loops over a size, such as the steps of a"
                        + " recurrent net, are unrolled. Leave the axis out of the dynamic axes");
            }
        }
    }

    private static boolean alike(Node a, Node b) {
        if (!a.op().equals(b.op()) || a.inputs().size() != b.inputs().size()) return false;
        for (int i = 0; i < a.inputs().size(); i++) {
            TraceValue x = a.inputs().get(i);
            TraceValue y = b.inputs().get(i);
            if (x == null ? y != null : y == null || x.id != y.id || x.kind != y.kind) return false;
        }
        if (!a.attributes().keySet().equals(b.attributes().keySet())) return false;
        for (Map.Entry<String, Object> e : a.attributes().entrySet()) {
            Object other = b.attributes().get(e.getKey());
            boolean same = e.getValue() instanceof long[] list
                    ? Arrays.equals(list, (long[]) other)
                    : e.getValue().equals(other);
            if (!same) return false;
        }
        return true;
    }

    private Set<Integer> needed() {
        Set<Integer> needed = new HashSet<>();
        for (TraceValue v : trace.outputs()) needed.add(v.id);
        List<Node> list = trace.graph().nodes;
        for (int n = list.size() - 1; n >= 0; n--) {
            if (list.get(n).outputs().stream().noneMatch(v -> needed.contains(v.id))) continue;
            for (TraceValue v : list.get(n).inputs()) if (v != null) needed.add(v.id);
        }
        return needed;
    }

    private void write(Node node, Set<Integer> needed) {
        List<String> inputs = new ArrayList<>();
        for (TraceValue v : node.inputs()) {
            inputs.add(v == null ? "" : v.kind == TraceValue.Kind.INTS ? ints(v, node.op()) : name(v));
        }
        while (!inputs.isEmpty() && inputs.getLast().isEmpty()) inputs.removeLast();
        List<String> outputs = new ArrayList<>();
        // All operators here but this one may leave outputs out.
        boolean all = node.op().equals("TopK");
        for (TraceValue v : node.outputs()) outputs.add(all || needed.contains(v.id) ? name(v, node.op()) : "");
        while (outputs.getLast().isEmpty()) outputs.removeLast();
        nodes.add(node(node.op(), inputs, outputs, attributes(node.attributes())));
    }

    private NodeProto node(
            String op, List<String> inputs, List<String> outputs, Map<String, AttributeProto> attributes) {
        return new NodeProto(fresh("/" + op), "", op, inputs, outputs, attributes);
    }

    private static Map<String, AttributeProto> attributes(Map<String, Object> given) {
        Map<String, AttributeProto> to = new LinkedHashMap<>();
        given.forEach((name, value) -> to.put(
                name,
                switch (value) {
                    case Long i -> AttributeProto.of(name, i.longValue());
                    case Double d -> AttributeProto.of(name, d.doubleValue());
                    case String s -> AttributeProto.of(name, s);
                    case long[] list -> AttributeProto.of(name, list);
                    default -> throw new IllegalStateException("an attribute of " + value.getClass());
                }));
        return to;
    }

    // Names

    private String fresh(String base) {
        while (true) {
            int n = counts.merge(base, 1, Integer::sum) - 1;
            String name = base + "_" + n;
            if (taken.add(name)) return name;
        }
    }

    private String name(TraceValue v) {
        return name(v, "value");
    }

    private String name(TraceValue v, String op) {
        String known = names.get(v.id);
        if (known == null) {
            known = switch (v.kind) {
                case CONSTANT -> constant(v);
                case INTS -> ints(v, op);
                default -> fresh(op.toLowerCase(Locale.ROOT));
            };
            names.put(v.id, known);
        }
        Tensor data = v.data;
        // A parameter that is used is an initializer, once.
        if (v.kind == TraceValue.Kind.PARAMETER && data != null && written.add(v.id)) {
            parameters.put(v.id, new Initializer(known, data));
        }
        return known;
    }

    private final Set<Integer> written = new HashSet<>();

    private String constant(String base, Tensor data) {
        String name = fresh(base);
        TensorProto value = TensorData.proto(name, data);
        nodes.add(node("Constant", List.of(), List.of(name), Map.of("value", AttributeProto.of("value", value))));
        return name;
    }

    // Constants that may depend on sizes

    private String constant(TraceValue v) {
        Tensor data = java.util.Objects.requireNonNull(v.data);
        boolean same = true;
        List<Tensor> others = new ArrayList<>();
        for (Trace t : all) {
            Tensor other = t.graph().values.get(v.id).data;
            if (other == null) throw new IllegalStateException("a constant has no elements");
            others.add(other);
            // NaN is equal to itself here.
            same &= other.shape().equals(data.shape()) && (other == data || isEqual(other, data));
        }
        if (same) return constant("constant", data);
        if (data.dim() == 0 && data.dtype() == Dtype.INT64) {
            long[] values = others.stream().mapToLong(Tensor::itemLong).toArray();
            return scalar(sizes.formula("an integer of the model", values));
        }
        String range = range(others);
        if (range != null) return range;
        throw new OnnxException("a constant of dtype " + data.dtype() + " and shape " + data.shape()
                + " that the module makes depends on the sizes " + axes.keySet()
                + ", which ONNX can express for numbers that rise evenly alone: leave the axis out of the dynamic axes,"
                + " or compute the constant from an input");
    }

    private static boolean isEqual(Tensor a, Tensor b) {
        if (!a.dtype().isFloatingPoint()) return a.equal(b);
        return a.eq(b).logicalOr(a.ne(a).logicalAnd(b.ne(b))).all().itemBoolean();
    }

    /** Writes integers that rise evenly as a Range. */
    private @Nullable String range(List<Tensor> all) {
        Tensor first = all.getFirst();
        if (first.dim() != 1 || first.dtype() != Dtype.INT64) return null;
        long start = 0;
        long step = 1;
        long[] counts = new long[all.size()];
        for (int t = 0; t < counts.length; t++) {
            long[] values = all.get(t).toLongArray();
            if (values.length < 2) return null;
            if (t == 0) {
                start = values[0];
                step = values[1] - values[0];
            }
            for (int i = 0; i < values.length; i++) if (values[i] != start + i * step) return null;
            counts[t] = values.length;
        }
        Formula count = sizes.formula(counts);
        if (count == null || step == 0) return null;
        String end = scalar(new Formula(count.factor() * step, count.names(), count.summand() * step + start));
        String out = fresh("range");
        nodes.add(node(
                "Range",
                List.of(constant("constant", Tensors.tensor(start)), end, constant("constant", Tensors.tensor(step))),
                List.of(out),
                Map.of()));
        return out;
    }

    private String ints(TraceValue v, String op) {
        String known = names.get(v.id);
        if (known != null) return known;
        long[] given = java.util.Objects.requireNonNull(v.ints);
        Formula[] formulas = new Formula[given.length];
        int varying = 0;
        for (int i = 0; i < given.length; i++) {
            long[] values = new long[all.size()];
            for (int t = 0; t < values.length; t++) {
                long[] other = all.get(t).graph().values.get(v.id).ints;
                if (other == null || other.length != given.length) throw new IllegalStateException("lists differ");
                values[t] = other[i];
            }
            formulas[i] = sizes.formula("a size of a " + op, values);
            if (!formulas[i].isConstant()) varying++;
        }
        String name;
        if (varying == 0) {
            name = constant("ints", Tensors.tensor(given));
        } else if (varying == 1 && op.equals("Reshape")) {
            long[] with = given.clone();
            for (int i = 0; i < with.length; i++) if (!formulas[i].isConstant()) with[i] = -1;
            name = constant("ints", Tensors.tensor(with));
        } else {
            List<String> parts = new ArrayList<>();
            for (Formula f : formulas) {
                parts.add(f.isConstant() ? constant("ints", Tensors.tensor(new long[] {f.summand()})) : list(f));
            }
            name = fresh("sizes");
            nodes.add(node("Concat", parts, List.of(name), Map.of("axis", AttributeProto.of("axis", 0L))));
        }
        names.put(v.id, name);
        return name;
    }

    /** Returns a formula as an integer without dimensions. */
    private String scalar(Formula f) {
        if (f.isConstant()) return constant("constant", Tensors.tensor(f.summand()));
        String name = fresh("size");
        String none = constant("ints", Tensors.tensor(new long[] {0}));
        nodes.add(node("Squeeze", List.of(list(f), none), List.of(name), Map.of()));
        return name;
    }

    /** Returns a formula as a list of one integer. */
    private String list(Formula f) {
        return formulas.computeIfAbsent(f, k -> {
            String value = null;
            for (String n : f.names()) value = value == null ? size(n) : operation("Mul", value, size(n));
            if (value == null) throw new IllegalStateException("a constant is no formula");
            if (f.factor() != 1) value = operation("Mul", value, one(f.factor()));
            return f.summand() == 0 ? value : operation("Add", value, one(f.summand()));
        });
    }

    private String one(long value) {
        return constant("ints", Tensors.tensor(new long[] {value}));
    }

    private String operation(String op, String a, String b) {
        String name = fresh("size");
        nodes.add(node(op, List.of(a, b), List.of(name), Map.of()));
        return name;
    }

    private String size(String axis) {
        return sizeNames.computeIfAbsent(axis, k -> {
            List<Object> place = java.util.Objects.requireNonNull(axes.get(axis));
            long d = (Integer) place.get(1);
            String name = fresh("size");
            Map<String, AttributeProto> range = new TreeMap<>();
            range.put("start", AttributeProto.of("start", d));
            range.put("end", AttributeProto.of("end", d + 1));
            nodes.add(node("Shape", List.of((String) place.get(0)), List.of(name), range));
            return name;
        });
    }

    // Inputs and outputs

    private List<ValueInfo> infos(List<TraceValue> values, @Nullable List<String> given) {
        List<ValueInfo> infos = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            TraceValue v = values.get(i);
            List<Dim> dims = new ArrayList<>();
            for (int d = 0; d < v.rank(); d++) {
                long[] each = new long[all.size()];
                for (int t = 0; t < each.length; t++)
                    each[t] = all.get(t).graph().values.get(v.id).shape[d];
                Formula f = sizes.formula("a size of an input or output", each);
                if (f.isConstant()) dims.add(new Dim(f.summand(), ""));
                else dims.add(new Dim(-1, text(f)));
            }
            String name = given == null ? java.util.Objects.requireNonNull(v.name) : given.get(i);
            infos.add(new ValueInfo(name, Kind.TENSOR, ElementType.of(v.dtype), dims));
        }
        return infos;
    }

    private static String text(Formula f) {
        String product = String.join("*", f.names());
        if (f.factor() != 1) product = f.factor() + "*" + product;
        return f.summand() == 0 ? product : product + (f.summand() > 0 ? "+" : "") + f.summand();
    }
}
