package dev.cotangent.onnx.internal.proto;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.onnx.OnnxException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes tensors of constants in files. */
public final class TensorData {
    private TensorData() {}

    /**
     * Returns the tensor of a constant.
     *
     * @param folder where files with its elements may be; null if there are none
     */
    public static Tensor read(TensorProto t, @Nullable Path folder) {
        Dtype dtype = ElementType.dtype(t.type());
        if (dtype == null) {
            throw new OnnxException(
                    describe(t) + " has the dtype " + ElementType.name(t.type()) + ", which is not supported");
        }
        long count = 1;
        for (long d : t.dims()) {
            if (d < 0) throw new OnnxException(describe(t) + " has a negative size: " + Arrays.toString(t.dims()));
            try {
                count = Math.multiplyExact(count, d);
            } catch (ArithmeticException e) {
                throw new OnnxException(describe(t) + " is too large: " + Arrays.toString(t.dims()), e);
            }
        }
        if (!t.external().isEmpty()) return external(t, dtype, count, folder);
        if (t.raw() != null) return fromBytes(t, dtype, count, MemorySegment.ofBuffer(t.raw()));
        return fromList(t, dtype, count);
    }

    private static String describe(TensorProto t) {
        return "the tensor '" + t.name() + "'";
    }

    private static Tensor fromBytes(TensorProto t, Dtype dtype, long count, MemorySegment bytes) {
        if (count > Long.MAX_VALUE / 8 || bytes.byteSize() != count * dtype.bytes()) {
            throw new OnnxException(describe(t) + " has " + bytes.byteSize() + " bytes, but its shape "
                    + Arrays.toString(t.dims()) + " of " + ElementType.name(t.type()) + " needs another number");
        }
        MemorySegment elements = bytes;
        if (dtype == Dtype.BOOL || ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
            elements = MemorySegment.ofArray(new byte[Math.toIntExact(bytes.byteSize())]);
            copy(bytes, ByteOrder.LITTLE_ENDIAN, elements, ByteOrder.nativeOrder(), dtype.bytes(), count);
        }
        if (dtype == Dtype.BOOL) {
            for (long i = 0; i < count; i++) {
                if (elements.get(ValueLayout.JAVA_BYTE, i) != 0) elements.set(ValueLayout.JAVA_BYTE, i, (byte) 1);
            }
        }
        return tensor(dtype, t.dims(), elements);
    }

    private static Tensor tensor(Dtype dtype, long[] sizes, MemorySegment elements) {
        Backend cpu = Backends.of(Device.cpu());
        Storage storage = cpu.allocateUnset(dtype, elements.byteSize() / dtype.bytes());
        if (elements.byteSize() > 0) cpu.write(storage, 0, elements);
        return Internals.wrap(new Strided(storage, Layout.contiguous(sizes)));
    }

    private static void copy(
            MemorySegment from, ByteOrder fromOrder, MemorySegment to, ByteOrder toOrder, int size, long count) {
        ValueLayout layout = switch (size) {
            case 8 -> ValueLayout.JAVA_LONG_UNALIGNED;
            case 4 -> ValueLayout.JAVA_INT_UNALIGNED;
            case 2 -> ValueLayout.JAVA_SHORT_UNALIGNED;
            default -> ValueLayout.JAVA_BYTE;
        };
        MemorySegment.copy(from, layout.withOrder(fromOrder), 0, to, layout.withOrder(toOrder), 0, count);
    }

    private static Tensor fromList(TensorProto t, Dtype dtype, long count) {
        long given = switch (dtype) {
            case FLOAT32 -> t.floats().length;
            case FLOAT64 -> t.doubles().length;
            case INT64 -> t.longs().length;
            default -> t.ints().length;
        };
        if (given != count) {
            throw new OnnxException(
                    describe(t) + " has " + given + " elements, but its shape is " + Arrays.toString(t.dims()));
        }
        MemorySegment to = MemorySegment.ofArray(new byte[Math.toIntExact(count * dtype.bytes())]);
        for (int i = 0; i < count; i++) {
            switch (dtype) {
                case FLOAT32 -> to.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, t.floats()[i]);
                case FLOAT64 -> to.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, t.doubles()[i]);
                case INT64 -> to.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, t.longs()[i]);
                case INT32 -> to.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, t.ints()[i]);
                case INT16, FLOAT16, BFLOAT16 ->
                    to.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short) t.ints()[i]);
                case INT8, UINT8 -> to.set(ValueLayout.JAVA_BYTE, i, (byte) t.ints()[i]);
                case BOOL -> to.set(ValueLayout.JAVA_BYTE, i, (byte) (t.ints()[i] != 0 ? 1 : 0));
            }
        }
        return tensor(dtype, t.dims(), to);
    }

    /** Reads elements of another file, which is in the model's folder or below it and nowhere else. */
    private static Tensor external(TensorProto t, Dtype dtype, long count, @Nullable Path folder) {
        String location = t.external().getOrDefault("location", "");
        if (folder == null) throw new OnnxException(describe(t) + " is in another file, " + location);
        try {
            Path relative = Path.of(location);
            Path file = folder.resolve(relative).normalize();
            if (location.isEmpty() || relative.isAbsolute() || !file.startsWith(folder.normalize())) {
                throw new OnnxException(
                        describe(t) + " is in the file '" + location + "', which is not in the folder of the model");
            }
            // A link could lead out of the folder as well.
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw new OnnxException(
                        describe(t) + " is in the file '" + location + "', which is not in the folder of the model");
            }
            long size = Files.size(file);
            long offset = number(t, "offset", 0);
            long length = number(t, "length", size - offset);
            if (offset < 0 || length < 0 || offset > size || length > size - offset) {
                throw new OnnxException(describe(t) + " is at " + offset + " of '" + location + "', " + length
                        + " bytes long, but the file has " + size + " bytes");
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                    var arena = java.lang.foreign.Arena.ofConfined()) {
                return fromBytes(t, dtype, count, channel.map(FileChannel.MapMode.READ_ONLY, offset, length, arena));
            }
        } catch (InvalidPathException e) {
            throw new OnnxException(describe(t) + " is in a file with the invalid name '" + location + "'", e);
        } catch (IOException e) {
            throw new OnnxException(describe(t) + " is in the file '" + location + "', which cannot be read: " + e, e);
        }
    }

    private static long number(TensorProto t, String key, long other) {
        String text = t.external().get(key);
        if (text == null) return other;
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new OnnxException(describe(t) + " has the " + key + " '" + text + "'", e);
        }
    }

    /** Returns a tensor as a message. */
    public static TensorProto proto(String name, Tensor x) {
        return new TensorProto(
                name,
                ElementType.of(x.dtype()),
                x.shape().toArray(),
                ByteBuffer.wrap(bytes(x)),
                new float[0],
                new int[0],
                new long[0],
                new double[0],
                Map.of());
    }

    /** Returns a contiguous copy of a tensor's elements as little-endian bytes. */
    public static byte[] bytes(Tensor x) {
        Strided from = Internals.strided(x.detach().cpu().contiguous());
        byte[] to = new byte[Math.toIntExact(x.numel() * x.dtype().bytes())];
        MemorySegment target = MemorySegment.ofArray(to);
        if (to.length > 0) from.backend().read(from.storage(), from.layout().offset(), target);
        if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
            copy(
                    target,
                    ByteOrder.BIG_ENDIAN,
                    target,
                    ByteOrder.LITTLE_ENDIAN,
                    x.dtype().bytes(),
                    x.numel());
        }
        return to;
    }
}
