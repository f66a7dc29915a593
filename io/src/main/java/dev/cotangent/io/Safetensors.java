package dev.cotangent.io;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.format.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files of named tensors, {@code .safetensors}: the format of Hugging Face's library of that name, {@code
 * safetensors.torch.load_file} and {@code save_file}.
 *
 * <pre>{@code
 * Safetensors.save(model.stateDict(), Path.of("model.safetensors"));
 * model.loadStateDict(Safetensors.load(Path.of("model.safetensors")));
 * }</pre>
 */
public final class Safetensors {
    static final String KIND = "a safetensors file";

    private Safetensors() {}

    /** Reads all tensors to the CPU; {@code load_file}. */
    public static Map<String, Tensor> load(Path path) {
        return load(path, LoadOptions.DEFAULT);
    }

    /**
     * Reads all tensors; {@code load_file}.
     *
     * @return the tensors by name, in the order of the file
     * @throws FileFormatException if it is no such file, or is broken
     * @throws dev.cotangent.UnsupportedException if it has tensors of a dtype that this library does not have
     * @throws CotangentException if reading fails
     */
    public static Map<String, Tensor> load(Path path, LoadOptions options) {
        try (SafetensorsFile file = open(path, options)) {
            Map<String, Tensor> all = new LinkedHashMap<>();
            for (String name : file.keys()) all.put(name, file.tensor(name));
            return all;
        }
    }

    /** Opens a file, to read some of its tensors to the CPU; {@code safe_open}. */
    public static SafetensorsFile open(Path path) {
        return open(path, LoadOptions.DEFAULT);
    }

    /** Opens a file, to read some of its tensors; {@code safe_open}. Throws as {@link #load(Path, LoadOptions)}. */
    public static SafetensorsFile open(Path path, LoadOptions options) {
        Arguments.notNull("safetensors", "path", path);
        Arguments.notNull("safetensors", "options", options);
        return new SafetensorsFile(path, options);
    }

    /** Writes tensors; {@code save_file}. */
    public static void save(Map<String, Tensor> tensors, Path path) {
        save(tensors, path, Map.of());
    }

    /**
     * Writes tensors and texts; {@code save_file}. Each tensor is written separately, row-major: tensors that share
     * memory no longer does. The file is replaced only once all is written and on the disk.
     *
     * @param metadata texts by name; Hugging Face's libraries look for {@code "format": "pt"}
     * @throws CotangentException if writing fails
     */
    public static void save(Map<String, Tensor> tensors, Path path, Map<String, String> metadata) {
        Arguments.notNull("save_file", "path", path);
        Arguments.notNull("save_file", "tensors", tensors);
        tensors.values().forEach(t -> Arguments.notNull("save_file", "tensors", t));
        SafetensorsHeader header = SafetensorsHeader.of(tensors, Arguments.notNull("save_file", "metadata", metadata));
        byte[] json = header.json();
        try {
            AtomicFile.write(path, channel -> {
                ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
                writeFully(channel, length.putLong(json.length).flip());
                writeFully(channel, ByteBuffer.wrap(json));
                for (String name : header.tensors().keySet()) {
                    Tensor t = tensors.get(name);
                    if (t != null) write(channel, t.detach().contiguous());
                }
            });
        } catch (IOException e) {
            throw new CotangentException("cannot write " + path + ": " + e, e);
        }
    }

    private static void write(FileChannel channel, Tensor t) throws IOException {
        Strided data = Internals.data(t.resolveConj().resolveNeg());
        int numbers = t.isComplex() ? 2 : 1;
        RawElements.write(data.storage(), numbers * data.layout().offset(), numbers * t.numel(), channel);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }
}
