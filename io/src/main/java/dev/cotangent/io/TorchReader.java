package dev.cotangent.io;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code torch.save} writes: since PyTorch 1.6 a zip archive of a pickle and the storages it refers to, before
 * several pickles in a row and then the storages.
 */
final class TorchReader {
    private static final String PICKLE = "data.pkl";
    private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long LEGACY_PROTOCOL = 1001;
    private static final int PROTO = 0x80;
    private static final int WIDEST = 16;

    private final LoadOptions options;
    private final Map<String, PickledTensor.Storage> declared = new HashMap<>();

    TorchReader(LoadOptions options) {
        this.options = options;
    }

    /** Reads a file of either format. */
    @Nullable
    Object read(MemorySegment file) {
        if (file.byteSize() == 0) throw new Malformed("it is empty");
        if (ZipArchive.isZip(file)) return zip(new ZipArchive(file));
        Bytes in = new Bytes(file, "the file");
        if (in.u8() != PROTO) throw new Malformed("it begins neither as a zip archive nor as a pickle");
        return legacy(in.at(0));
    }

    // The zip archive

    private @Nullable Object zip(ZipArchive archive) {
        String prefix = null;
        for (String name : archive.names()) {
            if (!name.endsWith("/" + PICKLE)) continue;
            if (prefix != null) throw new Malformed("the zip archive has several pickles");
            prefix = name.substring(0, name.length() - PICKLE.length());
        }
        if (prefix == null) throw new Malformed("the zip archive has no entry " + PICKLE);
        String folder = prefix;
        if (archive.size(folder + "constants.pkl") >= 0) {
            throw new Malformed("it is a program of TorchScript; save its state_dict() instead");
        }
        MemorySegment pickle = data(archive, folder + PICKLE);
        ByteOrder order = order(archive, folder + "byteorder");
        Object value = Unpickler.read(
                pickle,
                id -> declare(id, s -> {
                    long size = archive.size(folder + "data/" + s.key());
                    if (size < 0) throw new Malformed("storage \"" + s.key() + "\" is not in the zip archive");
                    if (size != s.bytes()) {
                        throw new Malformed("storage \"" + s.key() + "\" has " + size + " bytes, but " + s.bytes()
                                + " are needed for its " + s.whole() + " elements");
                    }
                }));
        return new TensorTree(options, order, s -> data(archive, folder + "data/" + s.key())).materialize(value);
    }

    private MemorySegment data(ZipArchive archive, String name) {
        MemorySegment data = archive.data(name, options.isVerifying());
        if (data == null) throw new Malformed("the zip archive has no entry " + name);
        return data;
    }

    private ByteOrder order(ZipArchive archive, String name) {
        MemorySegment data = archive.data(name, options.isVerifying());
        if (data == null) return ByteOrder.LITTLE_ENDIAN;
        return switch (new String(new Bytes(data, name).bytes(Math.min(data.byteSize(), 8)), StandardCharsets.UTF_8)) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default -> throw new Malformed("its byte order is neither little nor big");
        };
    }

    /**
     * Returns the storage that a persistent id stands for: {@code ("storage", type, key, location, elements)}, before the
     * zip archives with a sixth item, {@code (key, offset, elements)} if a part of the storage is meant.
     */
    private PickledTensor.Storage declare(Tuple id, Consumer<PickledTensor.Storage> check) {
        if (id.size() < 5
                || id.size() > 6
                || !"storage".equals(id.getFirst())
                || !(id.get(1) instanceof PickleGlobal.StorageType type)
                || !(id.get(2) instanceof String key)
                || !(id.get(4) instanceof Long count)
                || count < 0
                || count > Long.MAX_VALUE / WIDEST) {
            throw new Malformed("its pickle refers to what is no storage");
        }
        PickledTensor.Storage whole = new PickledTensor.Storage(key, type.type(), 0, count, count);
        PickledTensor.Storage known = declared.putIfAbsent(key, whole);
        if (known == null) check.accept(whole);
        else if (!known.equals(whole)) throw new Malformed("storage \"" + key + "\" has several types or sizes");
        if (id.size() == 5 || id.get(5) == null) return whole;
        if (!(id.get(5) instanceof Tuple part)
                || part.size() != 3
                || !(part.get(1) instanceof Long start)
                || !(part.get(2) instanceof Long length)
                || start < 0
                || length < 0
                || start > count
                || length > count - start) {
            throw new Malformed("its pickle has a part of storage \"" + key + "\" that lies outside of it");
        }
        return new PickledTensor.Storage(key, type.type(), start, length, count);
    }

    // The legacy format

    private @Nullable Object legacy(Bytes in) {
        if (!LEGACY_MAGIC.equals(Unpickler.read(in))) {
            throw new Malformed("it is a pickle, but none that torch.save wrote");
        }
        if (!Long.valueOf(LEGACY_PROTOCOL).equals(Unpickler.read(in))) {
            throw new Malformed("its version is not " + LEGACY_PROTOCOL);
        }
        if (!(Unpickler.read(in) instanceof Map<?, ?> system)) throw new Malformed("it does not say its byte order");
        ByteOrder order =
                Boolean.FALSE.equals(system.get("little_endian")) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Object value = Unpickler.read(
                in,
                id -> declare(id, s -> {
                    if (s.bytes() > in.remaining()) {
                        throw new Malformed("storage \"" + s.key() + "\" needs " + s.bytes() + " bytes, but only "
                                + in.remaining() + " are there");
                    }
                }));
        if (!(Unpickler.read(in) instanceof List<?> keys)) throw new Malformed("it has no list of its storages");
        Map<String, MemorySegment> storages = new HashMap<>();
        for (Object key : keys) {
            PickledTensor.Storage storage = key instanceof String k ? declared.get(k) : null;
            if (storage == null) throw new Malformed("it has a storage that no tensor needs");
            long count = order == ByteOrder.LITTLE_ENDIAN ? in.i64() : Long.reverseBytes(in.i64());
            if (count != storage.whole()) {
                throw new Malformed(
                        "storage \"" + key + "\" has " + count + " elements, but " + storage.whole() + " are needed");
            }
            storages.put(storage.key(), in.slice(storage.bytes()));
        }
        Function<PickledTensor.Storage, MemorySegment> bytes = s -> {
            MemorySegment found = storages.get(s.key());
            if (found == null) throw new Malformed("storage \"" + s.key() + "\" is not in the file");
            return found;
        };
        return new TensorTree(options, order, bytes).materialize(value);
    }
}
