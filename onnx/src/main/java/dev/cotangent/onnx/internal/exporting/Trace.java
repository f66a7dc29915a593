package dev.cotangent.onnx.internal.exporting;

import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.nn.Module;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A module that was run while its operations were recorded.
 *
 * @param graph all nodes
 * @param inputs the values of the inputs
 * @param outputs the values of the outputs
 */
public record Trace(TraceGraph graph, List<TraceValue> inputs, List<TraceValue> outputs) {

    /**
     * Runs a module.
     *
     * @param function computes the outputs
     * @param sizesVary whether constants are recorded as well, because their sizes may vary
     */
    public static Trace of(
            Module module,
            Function<List<Tensor>, List<Tensor>> function,
            List<String> names,
            List<Tensor> inputs,
            boolean sizesVary) {
        TraceGraph graph = new TraceGraph(!sizesVary);
        Backend behind = Internals.backend(inputs.getFirst());
        Tracer tracer = new Tracer(behind, graph, sizesVary);
        Map<String, Tensor> state = new LinkedHashMap<>(module.namedParameters());
        state.putAll(module.namedBuffers());
        state.forEach((name, t) -> {
            Strided s = Internals.strided(t);
            boolean whole = s.layout().isNonOverlappingAndDense()
                    && s.layout().storageSpan() == s.storage().size();
            // A tensor in the midst of larger memory is a constant, as that is.
            if (whole && s.layout().offset() == 0) tracer.memory().define(t, graph.parameter(name, t.detach()));
        });
        List<TraceValue> ins = new ArrayList<>();
        List<Tensor> own = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Tensor x = inputs.get(i).detach().contiguousCopy();
            Internals.strided(x);
            TraceValue v = graph.input(names.get(i), x.dtype(), x.shape().toArray());
            tracer.memory().define(x, v);
            ins.add(v);
            own.add(x);
        }
        List<TraceValue> outs = tracer.run(t -> {
            List<TraceValue> values = new ArrayList<>();
            try (var _ = Autograd.noGrad()) {
                for (Tensor y : function.apply(own)) values.add(t.output(Internals.strided(y)));
            }
            return values;
        });
        return new Trace(graph, ins, outs);
    }
}
