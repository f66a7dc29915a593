package dev.cotangent.io;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file that is open for reading, its {@code safe_open}: mapped to memory, so that only the tensors, or rows of
 * them, that are asked for are read. May be used by several threads until it is closed.
 *
 * <pre>{@code
 * try (SafetensorsFile file = Safetensors.open(path)) {
 *     Tensor weight = file.tensor("embedding.weight");
 * }
 * }</pre>
 */
public final class SafetensorsFile implements AutoCloseable {
    private final MappedFile file;
    private final LoadOptions options;
    private final SafetensorsHeader header;

    SafetensorsFile(Path path, LoadOptions options) {
        this.options = options;
        this.file = MappedFile.open(path, Safetensors.KIND);
        try {
            this.header = file.parse(SafetensorsHeader::read);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Returns the names of the tensors, in the order of the file; {@code keys}. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(header.tensors().keySet());
    }

    /** Returns the texts that were saved with the tensors, empty if there are none; {@code metadata}. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /** Returns the shape of a tensor, without reading it; {@code get_slice(name).get_shape()}. */
    public Shape shape(String name) {
        return Shape.of(sizes(entry(name)));
    }

    /** Returns the dtype of a tensor, without reading it. Throws if this library has no such dtype. */
    public Dtype dtype(String name) {
        return entry(name).type().dtype(options);
    }

    /** Reads a tensor; {@code get_tensor}. */
    public Tensor tensor(String name) {
        SafetensorsHeader.Entry t = entry(name);
        return read(t, t.begin(), t.end(), sizes(t));
    }

    /**
     * Reads a part of a tensor along its first dimension; {@code get_slice(name)[start:end]}.
     *
     * @throws IndexException if the tensor has no dimension, or {@code start} and {@code end} are not within it
     */
    public Tensor rows(String name, long start, long end) {
        SafetensorsHeader.Entry t = entry(name);
        long[] sizes = sizes(t);
        if (sizes.length == 0 || start < 0 || end < start || end > sizes[0]) {
            throw new IndexException("rows " + start + " to " + end + " are not within tensor \"" + name
                    + "\" with shape " + Arrays.toString(sizes));
        }
        long row = sizes[0] == 0 ? 0 : (t.end() - t.begin()) / sizes[0];
        sizes[0] = end - start;
        return read(t, t.begin() + start * row, t.begin() + end * row, sizes);
    }

    private Tensor read(SafetensorsHeader.Entry t, long begin, long end, long[] sizes) {
        return file.parse(bytes -> {
            MemorySegment data = bytes.asSlice(header.dataStart() + begin, end - begin);
            Dtype dtype = t.type().dtype(options);
            Storage storage = RawElements.read(data, ByteOrder.LITTLE_ENDIAN, dtype, options.toDevice());
            ElementForm form = dtype.isComplex() ? ElementForm.COMPLEX : ElementForm.REAL;
            return Internals.wrap(new Strided(storage, Layout.contiguous(sizes), form));
        });
    }

    private long[] sizes(SafetensorsHeader.Entry t) {
        long[] sizes = t.shape().clone();
        if (!t.type().isPair(options)) return sizes;
        sizes = Arrays.copyOf(sizes, sizes.length + 1);
        sizes[sizes.length - 1] = 2;
        return sizes;
    }

    private SafetensorsHeader.Entry entry(String name) {
        Arguments.notNull("safetensors", "name", name);
        SafetensorsHeader.Entry found = header.tensors().get(name);
        if (found != null) return found;
        throw new CotangentException("File does not contain tensor " + name + "; it has " + keys());
    }

    /** Closes the file; tensors that were read stay as they are. */
    @Override
    public void close() {
        file.close();
    }
}
