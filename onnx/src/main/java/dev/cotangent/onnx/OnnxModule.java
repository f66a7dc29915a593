package dev.cotangent.onnx;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.nn.Module;
import dev.cotangent.onnx.internal.importing.GraphRun;
import dev.cotangent.onnx.internal.importing.Program;
import dev.cotangent.onnx.internal.importing.Value;
import dev.cotangent.onnx.internal.proto.ElementType;
import dev.cotangent.onnx.internal.proto.GraphProto.Dim;
import dev.cotangent.onnx.internal.proto.GraphProto.ValueInfo;
import dev.cotangent.onnx.internal.proto.ModelProto;
import dev.cotangent.onnx.internal.proto.NodeProto;
import dev.cotangent.onnx.internal.proto.TensorData;
import dev.cotangent.onnx.internal.proto.TensorProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model that was read from an ONNX file. Its floating-point initializers are parameters, named as in the file, with a
 * module for each part of a name that is in front of a point; other initializers, and running means and variances, are
 * buffers. Every operator is computed with tensor operations, so that gradients flow to parameters and inputs.
 */
public final class OnnxModule extends Module {
    /** A part of the names of parameters. */
    private static final class Part extends Module {}

    private final Program program;
    private final List<OnnxValue> inputs = new ArrayList<>();
    private final List<OnnxValue> outputs = new ArrayList<>();
    private final Map<String, Tensor> initializers = new LinkedHashMap<>();

    OnnxModule(Program program, @Nullable Path folder) {
        this.program = program;
        var graph = program.model().graph();
        Set<String> statistics = statistics(graph.nodes());
        String buffers = program.model().metadata().get(ModelProto.BUFFERS);
        if (buffers != null) statistics.addAll(List.of(buffers.split("\n")));
        for (TensorProto t : graph.initializers()) {
            if (initializers.containsKey(t.name())) {
                throw new OnnxException("there are two initializers named '" + t.name() + "'");
            }
            Tensor value = TensorData.read(t, folder);
            boolean trained = value.dtype().isFloatingPoint() && !statistics.contains(t.name());
            initializers.put(t.name(), register(t.name(), value, trained));
        }
        for (ValueInfo v : graph.inputs()) if (!initializers.containsKey(v.name())) inputs.add(describe(v));
        for (ValueInfo v : graph.outputs()) outputs.add(describe(v));
        eval();
    }

    /** Returns the names of running means and variances, which are not trained. */
    private static Set<String> statistics(List<NodeProto> nodes) {
        Set<String> names = new HashSet<>();
        for (NodeProto n : nodes) {
            if (!n.operator().equals("BatchNormalization")) continue;
            for (int i = 3; i < Math.min(5, n.inputs().size()); i++)
                names.add(n.inputs().get(i));
        }
        return names;
    }

    private Tensor register(String name, Tensor value, boolean trained) {
        String[] parts = name.split("\\.", -1);
        Module owner = this;
        for (int i = 0; i < parts.length - 1; i++) {
            Module next = owner.namedChildren().get(parts[i]);
            if (next == null) {
                if (parts[i].isEmpty() || isTaken(owner, parts[i])) return registerWhole(name, value, trained);
                next = owner.registerModule(parts[i], new Part());
            }
            owner = next;
        }
        String last = parts[parts.length - 1];
        if (last.isEmpty() || isTaken(owner, last)) return registerWhole(name, value, trained);
        return trained ? owner.registerParameter(last, value) : owner.registerBuffer(last, value);
    }

    /** Registers a value whose name is no path of modules, under a name without points. */
    private Tensor registerWhole(String name, Tensor value, boolean trained) {
        String unique = name.isEmpty() ? "_" : name.replace('.', '_');
        while (isTaken(this, unique)) unique += "_";
        return trained ? registerParameter(unique, value) : registerBuffer(unique, value);
    }

    private static boolean isTaken(Module owner, String name) {
        return owner.namedChildren().containsKey(name)
                || owner.namedParameters().containsKey(name)
                || owner.namedBuffers().containsKey(name);
    }

    private static OnnxValue describe(ValueInfo v) {
        List<Dim> dims = v.dims();
        return new OnnxValue(
                v.name(),
                ElementType.dtype(v.elementType()),
                dims == null ? null : dims.stream().map(Dim::value).toList(),
                dims == null ? List.of() : dims.stream().map(Dim::name).toList());
    }

    /** Returns the inputs that a call takes, in order. */
    public List<OnnxValue> inputs() {
        return List.copyOf(inputs);
    }

    /** Returns the outputs, in order. */
    public List<OnnxValue> outputs() {
        return List.copyOf(outputs);
    }

    /** Computes the first output of a model of one input. */
    @Override
    public Tensor forward(Tensor input) {
        return run(List.of(input)).getFirst();
    }

    /** Computes the first output of a model of two inputs. */
    @Override
    public Tensor forward(Tensor input, Tensor other) {
        return run(List.of(input, other)).getFirst();
    }

    /** Computes the first output of a model of three inputs. */
    @Override
    public Tensor forward(Tensor first, Tensor second, Tensor third) {
        return run(List.of(first, second, third)).getFirst();
    }

    /**
     * Computes all outputs.
     *
     * @throws OnnxException if the number, dtypes or shapes of the inputs are not the model's
     */
    public List<Tensor> run(List<Tensor> given) {
        if (given.size() != inputs.size()) {
            throw new OnnxException(
                    "the model takes " + inputs.size() + " inputs, " + inputs + ", but got " + given.size());
        }
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < given.size(); i++) named.put(inputs.get(i).name(), given.get(i));
        return List.copyOf(run(named).values());
    }

    /**
     * Computes all outputs by name.
     *
     * @throws OnnxException if an input is missing, or has another dtype or shape than the model's
     */
    public Map<String, Tensor> run(Map<String, Tensor> given) {
        Map<String, Value> values = new HashMap<>();
        for (OnnxValue v : inputs) {
            Tensor x = given.get(v.name());
            if (x == null) throw new OnnxException("the input " + v + " is missing");
            check(v, x);
            values.put(v.name(), new Value.Single(x));
        }
        for (String name : given.keySet()) {
            if (values.containsKey(name)) continue;
            if (!initializers.containsKey(name)) {
                throw new OnnxException("the model has no input '" + name + "'; it takes " + inputs);
            }
            values.put(name, new Value.Single(given.get(name)));
        }
        List<Value> results = evaluate(values);
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < results.size(); i++) {
            if (!(results.get(i) instanceof Value.Single s)) {
                throw new OnnxException("the output '" + outputs.get(i).name() + "' is no tensor");
            }
            named.put(outputs.get(i).name(), s.tensor());
        }
        return named;
    }

    Program program() {
        return program;
    }

    List<Value> evaluate(Map<String, Value> given) {
        Map<String, Value> values = new HashMap<>();
        initializers.forEach((name, t) -> values.put(name, new Value.Single(t)));
        values.putAll(given);
        Device device = Device.cpu();
        for (Value v : given.values()) {
            if (v instanceof Value.Single s && !s.tensor().device().isCpu())
                device = s.tensor().device();
        }
        return GraphRun.run(program, values, device);
    }

    private static void check(OnnxValue v, Tensor x) {
        List<Long> shape = v.shape();
        // A module may have been converted to another dtype.
        boolean fits = v.dtype() == null
                || v.dtype() == x.dtype()
                || v.dtype().isFloatingPoint() && x.dtype().isFloatingPoint();
        if (fits && shape != null) {
            fits = shape.size() == x.dim();
            for (int d = 0; fits && d < shape.size(); d++) fits = shape.get(d) < 0 || shape.get(d) == x.size(d);
        }
        if (!fits) {
            throw new OnnxException("the input " + v + " is given a tensor of dtype " + x.dtype() + " and shape "
                    + Arrays.toString(x.shape().toArray()));
        }
    }
}
