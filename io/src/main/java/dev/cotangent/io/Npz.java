package dev.cotangent.io;

import dev.cotangent.CotangentException;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.format.AtomicFile;
import dev.cotangent.internal.format.NpyFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * NumPy's archives of several arrays, {@code .npz}: {@code numpy.load}, {@code savez} and {@code savez_compressed}. For a
 * file of one array, {@code .npy}, see {@link NdArray#load} and {@link NdArray#save}.
 */
public final class Npz {
    private static final String KIND = "an .npz file";
    private static final String SUFFIX = ".npy";

    private Npz() {}

    /** Reads all arrays to the CPU; {@code numpy.load}. */
    public static Map<String, Tensor> load(Path path) {
        return load(path, LoadOptions.DEFAULT);
    }

    /**
     * Reads all arrays; {@code numpy.load}.
     *
     * @return the arrays by name, in the order of the file
     * @throws FileFormatException if it is no such file, or is broken, or has arrays of a dtype that {@link NdArray#load}
     *     does not read
     * @throws CotangentException if reading fails
     */
    public static Map<String, Tensor> load(Path path, LoadOptions options) {
        Arguments.notNull("numpy.load", "path", path);
        Arguments.notNull("numpy.load", "options", options);
        return MappedFile.read(path, KIND, file -> read(file, options));
    }

    private static Map<String, Tensor> read(MemorySegment file, LoadOptions options) {
        ZipArchive archive = new ZipArchive(file);
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (String name : archive.names()) {
            if (!name.endsWith(SUFFIX)) throw new Malformed("entry " + name + " is no array");
            NdArray array = array(archive, name, options);
            all.put(
                    name.substring(0, name.length() - SUFFIX.length()),
                    Tensors.fromNumpy(array).to(options.toDevice()));
        }
        return all;
    }

    private static NdArray array(ZipArchive archive, String name, LoadOptions options) {
        MemorySegment data = archive.data(name, options.isVerifying());
        if (data == null) throw new Malformed("entry " + name + " is not there");
        try {
            return NpyFile.read(new SegmentChannel(data), data.byteSize());
        } catch (IllegalArgumentException | IOException | CotangentException e) {
            throw new Malformed("entry " + name + ": " + e.getMessage(), e);
        }
    }

    /** Reads memory. */
    private static final class SegmentChannel implements ReadableByteChannel {
        private final MemorySegment memory;
        private long position;

        SegmentChannel(MemorySegment memory) {
            this.memory = memory;
        }

        @Override
        public int read(ByteBuffer to) {
            int count = (int) Math.min(to.remaining(), memory.byteSize() - position);
            if (count == 0 && to.hasRemaining()) return -1;
            to.put(memory.asSlice(position, count).asByteBuffer());
            position += count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Writes arrays without compression; {@code numpy.savez}. */
    public static void save(Map<String, Tensor> tensors, Path path) {
        save(tensors, path, false);
    }

    /** Writes arrays with compression; {@code numpy.savez_compressed}. */
    public static void saveCompressed(Map<String, Tensor> tensors, Path path) {
        save(tensors, path, true);
    }

    private static void save(Map<String, Tensor> tensors, Path path, boolean compressed) {
        Arguments.notNull("savez", "path", path);
        Arguments.notNull("savez", "tensors", tensors);
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        tensors.forEach((name, t) -> arrays.put(
                name + SUFFIX,
                Arguments.notNull("savez", "tensors", t).detach().cpu().numpy().contiguous()));
        try {
            AtomicFile.write(path, channel -> {
                ZipWriter zip = new ZipWriter(channel);
                for (Map.Entry<String, NdArray> e : arrays.entrySet()) {
                    NdArray array = e.getValue();
                    ZipWriter.Body body = to -> NpyFile.write(to, array);
                    if (compressed) zip.deflate(e.getKey(), NpyFile.size(array), body);
                    else zip.store(e.getKey(), NpyFile.size(array), body);
                }
                zip.finish();
            });
        } catch (IOException e) {
            throw new CotangentException("cannot write " + path + ": " + e, e);
        }
    }
}
