package dev.cotangent.data.array;

import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.NdArray;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.data.Dataset;
import dev.cotangent.data.Example;
import dev.cotangent.data.FileException;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.data.Reading;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The items of an IDX file, the format of MNIST, as tensors: those of an array of shape {@code [n, ...]} have the shape
 * {@code [...]}. The file is mapped, so that only the parts read are in memory; one whose name ends with {@code .gz} is
 * decompressed into memory, since compressed bytes have no order to jump in.
 */
public final class IdxDataset implements Dataset<Tensor> {
    private static final int MOST_DIMENSIONS = 255;

    private final Path file;
    private final Dtype dtype;
    private final long[] sizes;
    private final MemorySegment data;

    private IdxDataset(Path file, Dtype dtype, long[] sizes, MemorySegment data) {
        this.file = file;
        this.dtype = dtype;
        this.sizes = sizes;
        this.data = data;
    }

    /** Opens a file: reads its header, and all of it where it is compressed. */
    public static IdxDataset of(Path file) {
        Arguments.notNull("IdxDataset", "file", file);
        return Reading.of(file, () -> {
            Dtype dtype;
            long[] sizes;
            try (DataInputStream in = new DataInputStream(Reading.open(file))) {
                int magic = in.readInt();
                dtype = dtype(file, magic);
                sizes = new long[magic & MOST_DIMENSIONS];
                if (sizes.length == 0) throw new FileException(file, "the array has no dimensions, so no items", null);
                for (int d = 0; d < sizes.length; d++) sizes[d] = in.readInt() & 0xFFFFFFFFL;
                long bytes = bytes(file, dtype, sizes);
                if (Reading.isGzip(file)) return new IdxDataset(file, dtype, sizes, rest(file, in, bytes));
                return new IdxDataset(file, dtype, sizes, map(file, 4L + 4L * sizes.length, bytes));
            }
        });
    }

    /**
     * Returns the examples of two files, such as MNIST's: an image with a first dimension of one channel, uint8, and its class,
     * int64.
     */
    public static Dataset<Example<Tensor>> examples(Path images, Path labels) {
        IdxDataset inputs = of(images);
        IdxDataset targets = of(labels);
        if (inputs.size() != targets.size()) {
            throw new ValueException(
                    images + " has " + inputs.size() + " images, but " + labels + " " + targets.size() + " labels");
        }
        return Dataset.of(
                inputs.size(),
                i -> new Example<>(inputs.get(i).unsqueeze(0), targets.get(i).toLong()));
    }

    private static Dtype dtype(Path file, int magic) {
        if (magic >>> 16 == 0) {
            switch (magic >>> 8) {
                case 0x08:
                    return Dtype.UINT8;
                case 0x09:
                    return Dtype.INT8;
                case 0x0B:
                    return Dtype.INT16;
                case 0x0C:
                    return Dtype.INT32;
                case 0x0D:
                    return Dtype.FLOAT32;
                case 0x0E:
                    return Dtype.FLOAT64;
                default:
            }
        }
        throw new FileException(
                file, "it is no IDX file: it begins with 0x%08x, not with 0x000008 to 0x00000e".formatted(magic), null);
    }

    private static long bytes(Path file, Dtype dtype, long[] sizes) {
        try {
            long bytes = dtype.bytes();
            for (long size : sizes) bytes = Math.multiplyExact(bytes, size);
            return bytes;
        } catch (ArithmeticException e) {
            throw new FileException(file, "its header is damaged: no file has the sizes " + Arrays.toString(sizes), e);
        }
    }

    /** Reads until the end of the stream, so that a wrong header cannot cause a large allocation. */
    private static MemorySegment rest(Path file, DataInputStream in, long bytes) throws IOException {
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new FileException(
                    file, "it has " + bytes + " bytes; decompress a file of more than 2 GiB first", null);
        }
        byte[] all = in.readNBytes((int) bytes);
        if (all.length < bytes) throw cut(file, bytes, all.length);
        return MemorySegment.ofArray(all);
    }

    private static MemorySegment map(Path file, long start, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long there = channel.size() - start;
            if (there < bytes) throw cut(file, bytes, there);
            return channel.map(MapMode.READ_ONLY, start, bytes, Arena.ofAuto());
        }
    }

    private static FileException cut(Path file, long bytes, long there) {
        return new FileException(
                file,
                "it is cut off: its header says " + bytes + " bytes, but there are " + there + "; get it again",
                null);
    }

    /** Returns the type of the numbers. */
    public Dtype dtype() {
        return dtype;
    }

    /** Returns the shape of the whole array. */
    public Shape shape() {
        return Shape.of(sizes);
    }

    @Override
    public long size() {
        return sizes[0];
    }

    @Override
    public Tensor get(long index) {
        if (index < 0 || index >= sizes[0]) {
            throw new IndexException(file + ": index " + index + " is out of range of " + sizes[0] + " items");
        }
        return read(index, 1, Arrays.copyOfRange(sizes, 1, sizes.length));
    }

    /** Reads the whole array into memory. */
    public Tensor load() {
        return read(0, sizes[0], sizes);
    }

    private Tensor read(long first, long items, long[] shape) {
        long size = sizes[0] == 0 ? 0 : data.byteSize() / sizes[0];
        if (items * size / dtype.bytes() > Integer.MAX_VALUE - 8) {
            throw new ValueException(file + ": it is too large to be read at once; read items by get(index)");
        }
        MemorySegment from = data.asSlice(first * size, items * size);
        return Tensors.fromNumpy(NdArray.wrap(dtype, elements(from), shape));
    }

    private Object elements(MemorySegment from) {
        return switch (dtype) {
            case INT32 -> from.toArray(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN));
            case FLOAT32 -> from.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN));
            case FLOAT64 -> from.toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN));
            case INT16 -> from.toArray(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN));
            default -> from.toArray(ValueLayout.JAVA_BYTE);
        };
    }

    /** Returns such as {@code IdxDataset(train-images-idx3-ubyte, shape=[60000, 28, 28], torch.uint8)}. */
    @Override
    public String toString() {
        return "IdxDataset(" + file + ", shape=" + Arrays.toString(sizes) + ", " + dtype + ")";
    }
}
