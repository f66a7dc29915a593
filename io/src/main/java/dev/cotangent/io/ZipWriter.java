package dev.cotangent.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes a zip archive: PKWARE's APPNOTE 6.3.10, with the 64-bit extensions where sizes, places or counts need them. The
 * data of stored entries begins at a multiple of 64 bytes. Equal contents give equal archives: no entry has a time.
 */
final class ZipWriter {
    private static final int ALIGNMENT = 64;
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END64 = 0x06064b50;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int UTF8 = 1 << 11;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int VERSION = 20;
    private static final int VERSION64 = 45;
    /** 1 January 1980, the first that there is. */
    private static final short DATE = 0x21;

    private static final int LOCAL_SIZE = 30;
    private static final int EXTRA64 = 20;
    /** Names the extra field that makes room before aligned data, as PyTorch does. */
    private static final short PADDING = 0x4246;
    /** From this size on, with room for what deflating may add, sizes have 64 bits. */
    static final long LARGE = 0xF0000000L;

    private static final long ESCAPE32 = 0xFFFFFFFFL;
    private static final int ESCAPE16 = 0xFFFF;

    /** Writes the bytes of an entry. */
    @FunctionalInterface
    interface Body {
        void write(WritableByteChannel to) throws IOException;
    }

    private record Entry(byte[] name, int method, boolean large, long offset, long crc, long compressed, long size) {}

    private final FileChannel channel;
    private final long large;
    private final List<Entry> entries = new ArrayList<>();

    /** Writes to a channel that is empty. */
    ZipWriter(FileChannel channel) {
        this(channel, LARGE);
    }

    /**
     * Writes to a channel that is empty.
     *
     * @param large from what size on the 64-bit extensions are used
     */
    ZipWriter(FileChannel channel, long large) {
        this.channel = channel;
        this.large = large;
    }

    /** Adds an entry of text. */
    void store(String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        store(name, bytes.length, to -> writeFully(to, ByteBuffer.wrap(bytes)));
    }

    /** Adds an entry without compression; the body writes that many bytes. */
    void store(String name, long size, Body body) throws IOException {
        add(name, STORED, size, body);
    }

    /** Adds an entry with compression; the body writes that many bytes. */
    void deflate(String name, long size, Body body) throws IOException {
        add(name, DEFLATED, size, body);
    }

    private void add(String name, int method, long size, Body body) throws IOException {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        if (nameBytes.length > ESCAPE16)
            throw new IOException("the name of an entry has " + nameBytes.length + " bytes");
        boolean isLarge = size >= large;
        long offset = channel.position();
        int padding = method == STORED ? padding(offset + LOCAL_SIZE + nameBytes.length + (isLarge ? EXTRA64 : 0)) : 0;
        Entry entry = new Entry(nameBytes, method, isLarge, offset, 0, 0, 0);
        long start = offset + header(entry, padding).remaining();
        channel.position(start);
        Counter counter = new Counter(method == DEFLATED ? deflater() : channel);
        body.write(counter);
        counter.finish();
        if (counter.size != size) {
            throw new IOException("entry " + name + " has " + counter.size + " bytes instead of " + size);
        }
        long end = channel.position();
        Entry whole = new Entry(nameBytes, method, isLarge, offset, counter.crc.getValue(), end - start, size);
        ByteBuffer header = header(whole, padding);
        for (long at = offset; header.hasRemaining(); ) at += channel.write(header, at);
        entries.add(whole);
    }

    private WritableByteChannel deflater() {
        OutputStream plain = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int start, int length) throws IOException {
                writeFully(channel, ByteBuffer.wrap(bytes, start, length));
            }
        };
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        return Channels.newChannel(new DeflaterOutputStream(plain, deflater, 1 << 16) {
            @Override
            public void close() throws IOException {
                finish();
                deflater.end();
            }
        });
    }

    /** Counts the bytes written and computes their checksum. */
    private static final class Counter implements WritableByteChannel {
        private final WritableByteChannel to;
        private final CRC32 crc = new CRC32();
        private long size;

        Counter(WritableByteChannel to) {
            this.to = to;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int count = bytes.remaining();
            crc.update(bytes.duplicate());
            size += count;
            writeFully(to, bytes);
            return count;
        }

        void finish() throws IOException {
            if (!(to instanceof FileChannel)) to.close();
        }

        @Override
        public boolean isOpen() {
            return to.isOpen();
        }

        @Override
        public void close() {}
    }

    private static int padding(long end) {
        int missing = (int) (-end & (ALIGNMENT - 1));
        return missing == 0 ? 0 : missing < 4 ? missing + ALIGNMENT : missing;
    }

    private static ByteBuffer header(Entry e, int padding) {
        int extra = (e.large ? EXTRA64 : 0) + padding;
        ByteBuffer out = buffer(LOCAL_SIZE + e.name.length + extra);
        out.putInt(LOCAL).putShort((short) (e.large ? VERSION64 : VERSION));
        common(out, e);
        out.putInt(e.large ? -1 : (int) e.compressed).putInt(e.large ? -1 : (int) e.size);
        out.putShort((short) e.name.length).putShort((short) extra).put(e.name);
        if (e.large)
            out.putShort((short) 1).putShort((short) 16).putLong(e.size).putLong(e.compressed);
        if (padding > 0) out.putShort(PADDING).putShort((short) (padding - 4));
        return out.clear();
    }

    private static void common(ByteBuffer out, Entry e) {
        out.putShort((short) UTF8)
                .putShort((short) e.method)
                .putShort((short) 0)
                .putShort(DATE)
                .putInt((int) e.crc);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes the directory. */
    void finish() throws IOException {
        long offset = channel.position();
        for (Entry e : entries) writeFully(channel, central(e));
        long size = channel.position() - offset;
        int count = entries.size();
        boolean isLarge = offset >= large || size >= large || count >= ESCAPE16;
        ByteBuffer out = buffer(98);
        if (isLarge) {
            out.putInt(END64).putLong(44).putShort((short) VERSION64).putShort((short) VERSION64);
            out.putInt(0).putInt(0).putLong(count).putLong(count).putLong(size).putLong(offset);
            out.putInt(LOCATOR64).putInt(0).putLong(offset + size).putInt(1);
        }
        short shortCount = (short) Math.min(count, ESCAPE16);
        out.putInt(END)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(shortCount)
                .putShort(shortCount);
        out.putInt((int) Math.min(size, ESCAPE32))
                .putInt(isLarge ? -1 : (int) offset)
                .putShort((short) 0);
        writeFully(channel, out.flip());
    }

    private ByteBuffer central(Entry e) {
        boolean far = e.offset >= large;
        int extra = e.large || far ? 4 + (e.large ? 16 : 0) + (far ? 8 : 0) : 0;
        ByteBuffer out = buffer(46 + e.name.length + extra);
        short version = (short) (extra > 0 ? VERSION64 : VERSION);
        out.putInt(CENTRAL).putShort(version).putShort(version);
        common(out, e);
        out.putInt(e.large ? -1 : (int) e.compressed).putInt(e.large ? -1 : (int) e.size);
        out.putShort((short) e.name.length).putShort((short) extra).putShort((short) 0);
        out.putShort((short) 0)
                .putShort((short) 0)
                .putInt(0)
                .putInt(far ? -1 : (int) e.offset)
                .put(e.name);
        if (extra > 0) out.putShort((short) 1).putShort((short) (extra - 4));
        if (e.large) out.putLong(e.size).putLong(e.compressed);
        if (far) out.putLong(e.offset);
        return out.flip();
    }

    private static void writeFully(WritableByteChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) to.write(bytes);
    }
}
