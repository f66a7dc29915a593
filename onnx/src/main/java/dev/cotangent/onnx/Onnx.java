package dev.cotangent.onnx;

import dev.cotangent.Tensor;
import dev.cotangent.nn.Module;
import dev.cotangent.onnx.internal.importing.Program;
import dev.cotangent.onnx.internal.proto.ModelProto;
import dev.cotangent.onnx.internal.proto.ModelReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads and writes ONNX files; {@code torch.onnx} and more. */
public final class Onnx {
    private Onnx() {}

    /**
     * Reads a model as a module that computes here, on any device and with gradients. It is in evaluation mode.
     *
     * @throws OnnxException if the file is broken, or has operators or dtypes that are not supported, which are named
     * @throws UncheckedIOException if it cannot be read
     */
    public static OnnxModule load(Path file) {
        ByteBuffer bytes;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new OnnxException(file + ": a model has at most 2 GB, but the file has " + channel.size()
                        + " bytes; larger ones have their elements in other files");
            }
            bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return load(bytes, file.toAbsolutePath().getParent(), file.toString());
    }

    /** Reads a model from memory; its elements must be in it, not in other files. */
    public static OnnxModule load(byte[] model) {
        return load(ByteBuffer.wrap(model), null, "the model");
    }

    private static OnnxModule load(ByteBuffer bytes, @Nullable Path folder, String where) {
        try {
            ModelProto model = ModelReader.model(bytes);
            return new OnnxModule(new Program(model, folder), folder);
        } catch (OnnxException e) {
            throw new OnnxException(where + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new OnnxException(where + " is no ONNX file, or is broken: " + e.getMessage(), e);
        }
    }

    /** Returns options of exports: opset 20, inputs and outputs named {@code input} and {@code output}, all sizes fixed. */
    public static OnnxExportOptions exportOptions() {
        return OnnxExportOptions.DEFAULT;
    }

    /**
     * Writes a module as an ONNX model, traced by running it with these inputs; {@code torch.onnx.export}.
     *
     * @throws OnnxException as {@link #export(Module, Path, OnnxExportOptions, Tensor...)}
     */
    public static void export(Module module, Path file, Tensor... inputs) {
        export(module, file, OnnxExportOptions.DEFAULT, inputs);
    }

    /**
     * Writes a module of one to three inputs as an ONNX model, traced by running it with these inputs in evaluation mode.
     * Parameters and buffers are initializers with their names. What the module does on the host, such as loops over sizes
     * and branches on values, is in the model as it was done for these inputs.
     *
     * @throws OnnxException if an operation has no ONNX form, which is named, or if the module cannot be run
     * @throws UncheckedIOException if the file cannot be written
     */
    public static void export(Module module, Path file, OnnxExportOptions options, Tensor... inputs) {
        Function<List<Tensor>, List<Tensor>> forward = switch (inputs.length) {
            case 1 -> in -> List.of(module.call(in.get(0)));
            case 2 -> in -> List.of(module.call(in.get(0), in.get(1)));
            case 3 -> in -> List.of(module.call(in.get(0), in.get(1), in.get(2)));
            default ->
                throw new OnnxException("a module is called with one to three inputs, but got " + inputs.length
                        + ": give a function that calls it");
        };
        export(module, file, options, forward, inputs);
    }

    /** Works as {@link #export(Module, Path, OnnxExportOptions, Tensor...)} with what a function makes of the module. */
    public static void export(
            Module module,
            Path file,
            OnnxExportOptions options,
            Function<List<Tensor>, List<Tensor>> forward,
            Tensor... inputs) {
        if (inputs.length == 0) throw new OnnxException("a model is traced with at least one input");
        Map<Module, Boolean> modes = new LinkedHashMap<>();
        for (Module m : module.modules()) modes.put(m, m.isTraining());
        module.eval();
        try {
            Export.run(module, file, options, forward, List.of(inputs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            // A module sets its parts as well, so outer ones come first.
            modes.forEach(Module::train);
        }
    }
}
