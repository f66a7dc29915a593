package dev.cotangent.distributed;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one other rank: frames of at most {@link #LARGEST} bytes with a checksum, sent and received without
 * blocking.
 */
final class Link {
    /** Payload of a frame: large enough to amortize a system call, small enough for the cache. */
    static final int LARGEST = 1 << 18;

    private static final int MAGIC = 0x43544731;
    private static final int HEADER = 4 + 4 + Collective.BYTES + 4 + 4;

    /** Kinds of frames. */
    enum Kind {
        DATA,
        /** The payload is the reason for which the sender gives up. */
        ABORT,
        /** The sender has left the group. */
        BYE
    }

    private static final Kind[] KINDS = Kind.values();

    private final int peer;
    private final SocketChannel channel;
    private final ByteBuffer in = buffer();
    private final ByteBuffer out = buffer();
    private final CRC32C checksum = new CRC32C();
    private @Nullable SelectionKey key;
    // The received frame, once it is complete.
    private @Nullable Kind kind;
    private @Nullable Collective collective;
    private boolean ended;

    /** Creates a link over a connected channel. */
    Link(int peer, SocketChannel channel) {
        this.peer = peer;
        this.channel = channel;
        in.limit(HEADER);
        out.limit(0);
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(HEADER + LARGEST).order(ByteOrder.LITTLE_ENDIAN);
    }

    int peer() {
        return peer;
    }

    SocketChannel channel() {
        return channel;
    }

    void register(SelectionKey key) {
        this.key = key;
    }

    /** Waits for what this link still has to do in the next selection. */
    void updateInterest() {
        SelectionKey k = key;
        if (k == null || !k.isValid()) return;
        k.interestOps(
                (kind == null && !ended ? SelectionKey.OP_READ : 0) | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0));
    }

    /** Returns whether the other side has left the group. */
    boolean hasEnded() {
        return ended;
    }

    // Sending

    /** Returns whether a frame can be put. */
    boolean canSend() {
        return !out.hasRemaining();
    }

    /** Puts a frame into the buffer, which must be empty. */
    void put(Kind kind, Collective about, MemorySegment payload) {
        int size = (int) payload.byteSize();
        out.clear();
        out.putInt(MAGIC).put((byte) kind.ordinal()).put((byte) 0).putShort((short) 0);
        about.encode(out);
        out.putInt(size).putInt(0);
        MemorySegment.copy(payload, 0, MemorySegment.ofBuffer(out.limit(HEADER + size)), 0, size);
        out.position(0).limit(HEADER + size);
        out.putInt(HEADER - 4, checksum(out, size));
    }

    /** Computes the checksum of the header but its last field, and of the payload. */
    private int checksum(ByteBuffer frame, int size) {
        checksum.reset();
        checksum.update(frame.duplicate().position(0).limit(HEADER - 4));
        checksum.update(frame.duplicate().limit(HEADER + size).position(HEADER));
        return (int) checksum.getValue();
    }

    /** Sends what the socket takes; returns whether that was anything. */
    boolean flush() throws IOException {
        return out.hasRemaining() && channel.write(out) > 0;
    }

    // Receiving

    /**
     * Receives what there is, up to the end of a frame; returns whether that was anything.
     *
     * @throws DistributedException if the other side gave up or its data are damaged
     */
    boolean fill() throws IOException {
        if (kind != null || ended) return false;
        boolean any = false;
        while (true) {
            int read = channel.read(in);
            if (read < 0) throw new IOException("the connection was closed");
            any |= read > 0;
            if (in.hasRemaining()) return any;
            int size = in.getInt(HEADER - 8);
            if (in.limit() == HEADER) {
                if (in.getInt(0) != MAGIC || size < 0 || size > LARGEST) throw damaged();
                if (size > 0) {
                    in.limit(HEADER + size);
                    continue;
                }
            }
            receive(size);
            return true;
        }
    }

    private void receive(int size) {
        if (in.getInt(HEADER - 4) != checksum(in, size)) throw damaged();
        int ordinal = in.get(4);
        collective = Collective.decode(in.duplicate().order(in.order()).position(8));
        switch (ordinal >= 0 && ordinal < KINDS.length ? KINDS[ordinal] : null) {
            case DATA -> kind = Kind.DATA;
            case ABORT -> {
                byte[] text = new byte[size];
                in.get(HEADER, text);
                throw new DistributedException(new String(text, StandardCharsets.UTF_8));
            }
            case BYE -> ended = true;
            case null -> throw damaged();
        }
    }

    private DistributedException damaged() {
        return new DistributedException(
                "the data received from rank " + peer + " are damaged (checksum or header of a frame are wrong)");
    }

    /** Returns whether a frame of data is complete. */
    boolean hasFrame() {
        return kind == Kind.DATA;
    }

    /** Returns the operation that the complete frame belongs to, or null if it is unknown. */
    @Nullable
    Collective frameCollective() {
        return collective;
    }

    /** Returns the payload of the complete frame, valid until {@link #consume}. */
    MemorySegment payload() {
        return MemorySegment.ofBuffer(in.duplicate().position(HEADER));
    }

    /** Makes room for the next frame. */
    void consume() {
        kind = null;
        in.clear().limit(HEADER);
    }
}
