package dev.cotangent.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.cotangent.onnx.internal.importing.Program;
import dev.cotangent.onnx.internal.proto.ModelProto;
import dev.cotangent.onnx.internal.proto.ModelReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
        } catch (InvalidProtocolBufferException e) {
            throw new OnnxException(where + " is no ONNX file, or is broken: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new OnnxException(where + " is no ONNX file, or is broken: " + e.getMessage(), e);
        }
    }
}
