package dev.cotangent.internal.format;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.NdArray;
import dev.cotangent.backend.Layout;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Reads and writes NumPy's file format of one array, {@code .npy}, versions 1, 2 and 3. */
public final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int PREFIX = 8;
    private static final int ALIGNMENT = 64;
    private static final int LONGEST_HEADER = 1 << 20;
    private static final int CHUNK = 1 << 20;

    private NpyFile() {}

    /**
     * Reads an array of either byte order; column-major data become such strides. Dtypes: float64, float32, float16,
     * int64, int32, int16, int8, uint8 and bool. As in NumPy, bytes after the array are ignored.
     *
     * @throws CotangentException if the file is missing, malformed, too short or unreadable; names the file
     */
    public static NdArray read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel, channel.size());
        } catch (IllegalArgumentException | EOFException e) {
            throw new CotangentException("cannot read " + file + " as a .npy file: " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new CotangentException("cannot read " + file + ": there is no such file", e);
        } catch (IOException e) {
            throw new CotangentException("cannot read " + file + ": " + e, e);
        }
    }

    /**
     * Reads an array, in the form of such a file, from a channel.
     *
     * @param bytes how many bytes the channel has
     * @throws IllegalArgumentException if it is no such array; with the reason
     * @throws EOFException if it ends too early
     */
    public static NdArray read(ReadableByteChannel channel, long bytes) throws IOException {
        ByteBuffer prefix = bytes(channel, PREFIX, "its first bytes");
        if (!Arrays.equals(MAGIC, Arrays.copyOf(prefix.array(), MAGIC.length))) {
            throw new IllegalArgumentException("it does not start with \\x93NUMPY");
        }
        int version = prefix.get(6);
        if (version < 1 || version > 3) {
            throw new IllegalArgumentException("its version " + version + "." + prefix.get(7) + " is not 1, 2 or 3");
        }
        long length = version == 1
                ? Short.toUnsignedInt(
                        bytes(channel, 2, "the length of its header").getShort())
                : Integer.toUnsignedLong(
                        bytes(channel, 4, "the length of its header").getInt());
        if (length > LONGEST_HEADER) {
            throw new IllegalArgumentException("its header of " + length + " bytes is longer than any array's");
        }
        Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        int before = PREFIX + (version == 1 ? 2 : 4);
        if (length > bytes - before) throw new EOFException("it ends in the middle of its header");
        ByteBuffer header = bytes(channel, (int) length, "its header");
        return elements(channel, NpyHeader.parse(new String(header.array(), charset)), bytes - before - length);
    }

    private static NdArray elements(ReadableByteChannel channel, NpyHeader header, long there) throws IOException {
        long bytes = header.dtype().bytes();
        try {
            for (long size : header.shape()) bytes = Math.multiplyExact(bytes, size);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "its shape " + TensorText.tuple(header.shape()) + " has too many elements", e);
        }
        if (bytes > there) {
            throw new EOFException("shape " + TensorText.tuple(header.shape()) + " of " + header.dtype() + " needs "
                    + bytes + " bytes of data, but only " + there + " are there");
        }
        NdArray array = NdArray.zeros(header.dtype(), header.shape());
        fill(channel, array.memory(), header, bytes);
        return header.fortranOrder()
                ? NdArray.wrap(header.dtype(), array.memory(), columnMajor(header.shape()))
                : array;
    }

    private static Layout columnMajor(long[] sizes) {
        long[] strides = new long[sizes.length];
        long step = 1;
        for (int d = 0; d < sizes.length; d++) {
            strides[d] = step;
            step *= Math.max(sizes[d], 1);
        }
        return Layout.of(sizes, strides, 0);
    }

    private static void fill(ReadableByteChannel channel, MemorySegment to, NpyHeader header, long bytes)
            throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, bytes));
        MemorySegment from = MemorySegment.ofArray(chunk.array());
        for (long done = 0; done < bytes; ) {
            int part = (int) Math.min(chunk.capacity(), bytes - done);
            readFully(channel, chunk.clear().limit(part), "its data");
            if (header.dtype() == Dtype.BOOL) {
                for (int i = 0; i < part; i++) if (chunk.get(i) != 0) chunk.put(i, (byte) 1);
            }
            copy(header.dtype(), from, header.order(), to.asSlice(done), ByteOrder.nativeOrder(), part);
            done += part;
        }
    }

    private static void copy(
            Dtype dtype, MemorySegment from, ByteOrder fromOrder, MemorySegment to, ByteOrder toOrder, int bytes) {
        long count = bytes / dtype.bytes();
        ValueLayout layout = switch (dtype.bytes()) {
            case 8 -> ValueLayout.JAVA_LONG_UNALIGNED;
            case 4 -> ValueLayout.JAVA_INT_UNALIGNED;
            case 2 -> ValueLayout.JAVA_SHORT_UNALIGNED;
            default -> ValueLayout.JAVA_BYTE;
        };
        MemorySegment.copy(from, layout.withOrder(fromOrder), 0, to, layout.withOrder(toOrder), 0, count);
    }

    private static ByteBuffer bytes(ReadableByteChannel channel, int count, String what) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        readFully(channel, buffer, what);
        return buffer.flip();
    }

    private static void readFully(ReadableByteChannel channel, ByteBuffer buffer, String what) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) throw new EOFException("it ends in the middle of " + what);
        }
    }

    /**
     * Writes an array, row-major and little-endian. The file is replaced only after everything is written, so an error
     * leaves the old one unchanged.
     *
     * @throws CotangentException if writing fails; names the file
     */
    public static void write(Path file, NdArray array) {
        try {
            NdArray packed = array.contiguous();
            AtomicFile.write(file, channel -> write(channel, packed));
        } catch (IOException e) {
            throw new CotangentException("cannot write " + file + ": " + e, e);
        }
    }

    /** Returns how many bytes {@link #write(WritableByteChannel, NdArray)} writes. */
    public static long size(NdArray array) {
        return header(array).remaining() + array.size() * array.dtype().bytes();
    }

    private static ByteBuffer header(NdArray array) {
        return header(new NpyHeader(
                array.dtype(), ByteOrder.LITTLE_ENDIAN, false, array.layout().sizes()));
    }

    /** Writes a contiguous array, in the form of such a file, to a channel. */
    public static void write(WritableByteChannel channel, NdArray array) throws IOException {
        Dtype dtype = array.dtype();
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        writeFully(channel, header(array));
        long bytes = array.size() * dtype.bytes();
        long start = array.layout().offset() * dtype.bytes();
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, bytes));
        MemorySegment to = MemorySegment.ofArray(chunk.array());
        for (long done = 0; done < bytes; ) {
            int part = (int) Math.min(chunk.capacity(), bytes - done);
            MemorySegment from = array.memory().asSlice(start + done, part);
            copy(dtype, from, ByteOrder.nativeOrder(), to, order, part);
            writeFully(channel, chunk.clear().limit(part));
            done += part;
        }
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) channel.write(buffer);
    }

    /** Returns a header of version 1, or 2 if it is too long; the data start at a multiple of 64. */
    private static ByteBuffer header(NpyHeader header) {
        byte[] text = header.text().getBytes(StandardCharsets.ISO_8859_1);
        int version = text.length + ALIGNMENT < 1 << 16 ? 1 : 2;
        int lengthBytes = version == 1 ? 2 : 4;
        int total = Math.ceilDiv(PREFIX + lengthBytes + text.length + 1, ALIGNMENT) * ALIGNMENT;
        ByteBuffer out = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).put((byte) version).put((byte) 0);
        int length = total - PREFIX - lengthBytes;
        if (version == 1) out.putShort((short) length);
        else out.putInt(length);
        out.put(text);
        while (out.remaining() > 1) out.put((byte) ' ');
        return out.put((byte) '\n').flip();
    }
}
