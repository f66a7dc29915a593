package dev.cotangent.io;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.backend.Storage;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.format.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's checkpoints, {@code .pt} and {@code .pth}: PyTorch's {@code torch.load} and {@code torch.save}.
 *
 * <pre>{@code
 * Torch.save(model.stateDict(), Path.of("model.pt"));
 * model.loadStateDict(Torch.loadStateDict(Path.of("model.pt")));
 * }</pre>
 *
 * <p>Values are those of PyTorch's {@code weights_only=True}: Python's {@code None} is null, an int a {@link Long} or {@link
 * java.math.BigInteger}, a float a {@link Double}, bytes a {@code byte[]}, a dict or OrderedDict a {@link LinkedHashMap}, a
 * list an {@link java.util.ArrayList}, a tuple a {@link Tuple}, a set a {@link java.util.LinkedHashSet}, a {@code torch.Size}
 * a {@link dev.cotangent.Shape}, a dtype a {@link dev.cotangent.Dtype}, a device a {@link dev.cotangent.Device}. Tensors that
 * are views of one memory are so again; parameters are parameters, and what required a gradient does again, as a leaf.
 */
public final class Torch {
    private static final String KIND = "a PyTorch checkpoint";
    /** The folder of all entries in the archive; its name is of no importance. */
    private static final String FOLDER = "archive/";

    private Torch() {}

    /**
     * Returns options of reading files with the defaults: tensors on the CPU, checksums compared, complex numbers
     * preserved.
     */
    public static LoadOptions loadOptions() {
        return LoadOptions.DEFAULT;
    }

    /** Reads a file to the CPU; {@code torch.load(path, map_location="cpu", weights_only=True)}. */
    public static @Nullable Object load(Path path) {
        return load(path, LoadOptions.DEFAULT);
    }

    /**
     * Reads a file, in PyTorch's zip format or the legacy one of before version 1.6.
     *
     * @throws FileFormatException if it is no such file, or is broken, or if its pickle names anything but what files of
     *     tensors need
     * @throws dev.cotangent.UnsupportedException if it has tensors of a dtype that this library does not have
     * @throws CotangentException if reading fails
     */
    public static @Nullable Object load(Path path, LoadOptions options) {
        Arguments.notNull("torch.load", "path", path);
        Arguments.notNull("torch.load", "options", options);
        return MappedFile.read(path, KIND, file -> new TorchReader(options).read(file));
    }

    /** Reads a file that holds a state dict, a dictionary of tensors by name. */
    public static Map<String, Tensor> loadStateDict(Path path) {
        return loadStateDict(path, LoadOptions.DEFAULT);
    }

    /**
     * Reads a file that holds a state dict, a dictionary of tensors by name.
     *
     * @throws TypeException if it holds something else; see also {@link #load(Path, LoadOptions)}
     */
    public static Map<String, Tensor> loadStateDict(Path path, LoadOptions options) {
        return stateDict(load(path, options));
    }

    /**
     * Returns a value that was read as a state dict, such as the one under {@code "model"} of a checkpoint.
     *
     * @throws TypeException if it is no dictionary of tensors by name
     */
    public static Map<String, Tensor> stateDict(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new TypeException("Expected state_dict to be dict-like, got " + PickleCalls.kind(value) + ".");
        }
        Map<String, Tensor> out = new LinkedHashMap<>();
        map.forEach((key, t) -> {
            if (!(key instanceof String name) || !(t instanceof Tensor tensor)) {
                throw new TypeException("Expected state_dict to have tensors by name, but \"" + key + "\" is "
                        + PickleCalls.kind(t)
                        + "; of a checkpoint with several parts, take one: Torch.stateDict(checkpoint.get(\"model\"))");
            }
            out.put(name, tensor);
        });
        return out;
    }

    /**
     * Writes a value to a file that {@code torch.load(path, weights_only=True)} reads; {@code torch.save}. The file is
     * replaced only once all is written and on the disk.
     *
     * <p>As PyTorch does, this writes all of the memory that tensors are views of, and shared memory once: {@code
     * x.get(0).clone()} saves less than {@code x.get(0)} of a large x. All tensors are marked as of the CPU.
     *
     * @param value tensors, numbers, booleans, texts, {@code byte[]}, null, shapes, dtypes, devices, and lists, tuples, sets
     *     and maps of these
     * @throws TypeException if there is anything else in it; saying where
     * @throws CotangentException if writing fails
     */
    public static void save(@Nullable Object value, Path path) {
        Arguments.notNull("torch.save", "path", path);
        Pickler pickler = new Pickler();
        byte[] pickle = pickler.pickle(value);
        try {
            AtomicFile.write(path, channel -> {
                ZipWriter zip = new ZipWriter(channel);
                write(zip, pickle, pickler.storages());
                zip.finish();
            });
        } catch (IOException e) {
            throw new CotangentException("cannot write " + path + ": " + e, e);
        }
    }

    static void write(ZipWriter zip, byte[] pickle, List<Storage> storages) throws IOException {
        zip.store(FOLDER + "data.pkl", pickle.length, to -> {
            ByteBuffer bytes = ByteBuffer.wrap(pickle);
            while (bytes.hasRemaining()) to.write(bytes);
        });
        zip.store(FOLDER + ".format_version", "1");
        zip.store(FOLDER + ".storage_alignment", "64");
        zip.store(FOLDER + "byteorder", "little");
        int number = 0;
        for (Storage s : storages) {
            zip.store(
                    FOLDER + "data/" + number++,
                    s.size() * s.dtype().bytes(),
                    to -> RawElements.write(s, 0, s.size(), to));
        }
        zip.store(FOLDER + "version", "3\n");
    }
}
