package dev.cotangent.onnx;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.internal.format.AtomicFile;
import dev.cotangent.nn.Module;
import dev.cotangent.onnx.internal.exporting.Assembly;
import dev.cotangent.onnx.internal.exporting.Trace;
import dev.cotangent.onnx.internal.proto.ModelWriter;
import dev.cotangent.onnx.internal.proto.ModelWriter.Initializer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Traces a module, once or with several sizes, and writes the model. */
final class Export {
    /** From so many bytes on, elements are in another file. */
    private static final long EXTERNAL = Integer.MAX_VALUE - (64L << 20);

    private Export() {}

    static void run(
            Module module,
            Path file,
            OnnxExportOptions options,
            Function<List<Tensor>, List<Tensor>> forward,
            List<Tensor> inputs)
            throws IOException {
        List<String> names = options.names(options.getInputNames(), "input", inputs.size());
        Map<String, List<Object>> axes = axes(options, names, inputs);
        List<Map<String, Long>> sizes = sizes(axes, names, inputs);
        List<Trace> traces = new ArrayList<>();
        for (Map<String, Long> s : sizes) {
            List<Tensor> resized = resized(options, names, inputs, s);
            traces.add(Trace.of(module, forward, names, resized, !axes.isEmpty()));
        }
        List<String> outputs = options.names(
                options.getOutputNames(), "output", traces.getFirst().outputs().size());
        Assembly assembly = new Assembly(traces, outputs, axes, sizes);
        long bytes = 0;
        for (Initializer i : assembly.initializers()) bytes += i.bytes();
        boolean external = options.isExternalData() || bytes > EXTERNAL;
        String data = file.getFileName() + ".data";
        Set<String> trained = module.namedParameters().keySet();
        List<String> buffers = assembly.initializers().stream()
                .map(Initializer::name)
                .filter(name -> !trained.contains(name))
                .toList();
        ModelWriter writer = new ModelWriter(
                assembly.graph(), assembly.initializers(), options.getOpset(), external ? data : null, buffers);
        if (external) {
            AtomicFile.write(file.resolveSibling(data), channel -> {
                // Not closed: the channel is not ours.
                var to = new BufferedOutputStream(Channels.newOutputStream(channel));
                writer.writeData(to);
                to.flush();
            });
        }
        AtomicFile.write(file, channel -> writer.write(Channels.newOutputStream(channel)));
    }

    /** Returns for each name of a size an input and an axis that has it. */
    private static Map<String, List<Object>> axes(OnnxExportOptions options, List<String> names, List<Tensor> inputs) {
        Map<String, List<Object>> axes = new LinkedHashMap<>();
        options.getDynamicAxes().forEach((input, byAxis) -> {
            int i = names.indexOf(input);
            if (i < 0) throw new OnnxException("there is no input '" + input + "' with dynamic axes: " + names);
            byAxis.forEach((axis, name) -> {
                int rank = inputs.get(i).dim();
                if (axis < 0 || axis >= rank) {
                    throw new OnnxException("the input '" + input + "' of " + rank + " dimensions has no axis " + axis);
                }
                axes.putIfAbsent(name, List.of(input, axis));
            });
        });
        return axes;
    }

    /** Returns the sizes of each trace: at least 2, as a size of 1 is also what is broadcast. */
    private static List<Map<String, Long>> sizes(
            Map<String, List<Object>> axes, List<String> names, List<Tensor> inputs) {
        Map<String, Long> first = new LinkedHashMap<>();
        axes.forEach((name, place) -> {
            Tensor x = inputs.get(names.indexOf((String) place.get(0)));
            first.put(name, Math.max(2, x.size((Integer) place.get(1))));
        });
        List<Map<String, Long>> all = new ArrayList<>(List.of(first));
        if (axes.isEmpty()) return all;
        for (String name : axes.keySet()) {
            Map<String, Long> changed = new HashMap<>(first);
            changed.merge(name, 1L, Long::sum);
            all.add(changed);
        }
        Map<String, Long> further = new HashMap<>(first);
        further.replaceAll((name, size) -> size + 3);
        all.add(further);
        return all;
    }

    /** Repeats or cuts the inputs along the axes whose sizes vary. */
    private static List<Tensor> resized(
            OnnxExportOptions options, List<String> names, List<Tensor> inputs, Map<String, Long> sizes) {
        List<Tensor> to = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Tensor x = inputs.get(i).detach();
            Map<Integer, String> axes = options.getDynamicAxes().getOrDefault(names.get(i), Map.of());
            for (Map.Entry<Integer, String> a : axes.entrySet()) {
                int d = a.getKey();
                long size = sizes.getOrDefault(a.getValue(), x.size(d));
                if (size == x.size(d)) continue;
                x = x.indexSelect(d, Tensors.arange(size).remainder(x.size(d)).to(x.device()));
            }
            to.add(x);
        }
        return to;
    }
}
