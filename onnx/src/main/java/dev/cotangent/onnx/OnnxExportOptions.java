package dev.cotangent.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Options of {@link Onnx#export(dev.cotangent.nn.Module, java.nio.file.Path, OnnxExportOptions, dev.cotangent.Tensor...)}; immutable. */
public final class OnnxExportOptions {
    static final OnnxExportOptions DEFAULT = new OnnxExportOptions(List.of(), List.of(), Map.of(), 20, false);

    private final List<String> inputNames;
    private final List<String> outputNames;
    private final Map<String, Map<Integer, String>> dynamicAxes;
    private final int opset;
    private final boolean externalData;

    private OnnxExportOptions(
            List<String> inputNames,
            List<String> outputNames,
            Map<String, Map<Integer, String>> dynamicAxes,
            int opset,
            boolean externalData) {
        this.inputNames = List.copyOf(inputNames);
        this.outputNames = List.copyOf(outputNames);
        this.dynamicAxes = dynamicAxes;
        this.opset = opset;
        this.externalData = externalData;
    }

    /** Returns these options with names of the inputs. */
    public OnnxExportOptions inputNames(String... names) {
        return new OnnxExportOptions(List.of(names), outputNames, dynamicAxes, opset, externalData);
    }

    /** Returns these options with names of the outputs. */
    public OnnxExportOptions outputNames(String... names) {
        return new OnnxExportOptions(inputNames, List.of(names), dynamicAxes, opset, externalData);
    }

    /**
     * Returns these options with an axis of an input whose size may vary; axes of one name have one size. The module is
     * then run with further sizes, to see what depends on it.
     */
    public OnnxExportOptions dynamicAxis(String input, int axis, String name) {
        Map<String, Map<Integer, String>> all = new LinkedHashMap<>();
        dynamicAxes.forEach((k, v) -> all.put(k, new LinkedHashMap<>(v)));
        all.computeIfAbsent(Objects.requireNonNull(input), k -> new LinkedHashMap<>())
                .put(axis, Objects.requireNonNull(name));
        return new OnnxExportOptions(inputNames, outputNames, all, opset, externalData);
    }

    /**
     * Returns these options with a version of the operator set.
     *
     * @throws OnnxException unless it is 18 to 22
     */
    public OnnxExportOptions opset(int version) {
        if (version < 18 || version > 22) {
            throw new OnnxException("models are written for opset 18 to 22, but got " + version);
        }
        return new OnnxExportOptions(inputNames, outputNames, dynamicAxes, version, externalData);
    }

    /**
     * Returns these options with the elements of parameters in another file, of the model's name and {@code .data}.
     * Otherwise they are only if they have 2 GB and more.
     */
    public OnnxExportOptions externalData(boolean value) {
        return new OnnxExportOptions(inputNames, outputNames, dynamicAxes, opset, value);
    }

    /** Returns the names of the inputs; empty for the default. */
    public List<String> getInputNames() {
        return inputNames;
    }

    /** Returns the names of the outputs; empty for the default. */
    public List<String> getOutputNames() {
        return outputNames;
    }

    /** Returns the axes whose sizes may vary: by input and axis, their names. */
    public Map<String, Map<Integer, String>> getDynamicAxes() {
        Map<String, Map<Integer, String>> all = new LinkedHashMap<>();
        dynamicAxes.forEach((k, v) -> all.put(k, Map.copyOf(v)));
        return all;
    }

    /** Returns the version of the operator set. */
    public int getOpset() {
        return opset;
    }

    /** Returns whether elements are in another file. */
    public boolean isExternalData() {
        return externalData;
    }

    List<String> names(List<String> given, String kind, int count) {
        if (given.isEmpty()) {
            if (count == 1) return List.of(kind);
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) names.add(kind + "_" + i);
            return names;
        }
        if (given.size() != count) {
            throw new OnnxException(
                    "there are " + given.size() + " names, " + given + ", for " + count + " " + kind + "s");
        }
        if (given.stream().distinct().count() != count)
            throw new OnnxException("two " + kind + "s have one name: " + given);
        return given;
    }
}
