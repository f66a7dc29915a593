package dev.cotangent.distributed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Ranks in processes that are connected by TCP, each with each. */
final class TcpTransport implements Transport {
    private static final MemorySegment EMPTY = MemorySegment.ofArray(new byte[0]);
    private static final Collective NOTHING = new Collective(Collective.Kind.BARRIER, 0, null, 0, null, -1);
    private static final long CLOSING_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long ABORT_NANOS = Duration.ofMillis(200).toNanos();
    private static final int LONGEST_REASON = 4000;

    private final int rank;
    /** By rank; null at this one's place. */
    private final @Nullable Link[] links;

    private final Duration timeout;
    private final Selector selector;
    /** Held while the links are in use. */
    private final ReentrantLock inUse = new ReentrantLock();
    /** Whether this rank has left or is leaving. */
    private volatile boolean left;

    /**
     * Creates a transport over connected channels.
     *
     * @param channels by rank; null at the place of this one
     */
    TcpTransport(int rank, @Nullable SocketChannel[] channels, Duration timeout) throws IOException {
        this.rank = rank;
        this.timeout = timeout;
        links = new Link[channels.length];
        selector = Selector.open();
        for (int r = 0; r < channels.length; r++) {
            SocketChannel channel = channels[r];
            if (channel == null) continue;
            channel.configureBlocking(false);
            Link link = new Link(r, channel);
            link.register(channel.register(selector, SelectionKey.OP_READ, link));
            links[r] = link;
        }
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return links.length;
    }

    @Override
    public void exchange(
            Collective collective, int to, @Nullable MemorySegment out, int from, @Nullable MemorySegment in) {
        Outgoing sending = to == NONE ? null : new Outgoing(link(to), collective, Objects.requireNonNull(out));
        Incoming receiving = from == NONE ? null : new Incoming(link(from), collective, Objects.requireNonNull(in));
        int at = NONE;
        inUse.lock();
        try {
            long last = System.nanoTime();
            while (true) {
                if (left) throw new DistributedException("rank " + rank + " has left its process group");
                boolean progress = false;
                if (sending != null && !sending.done) {
                    at = to;
                    progress = sending.advance();
                }
                if (receiving != null && !receiving.done) {
                    at = from;
                    progress |= receiving.advance();
                }
                if ((sending == null || sending.done) && (receiving == null || receiving.done)) return;
                long now = System.nanoTime();
                if (progress) {
                    last = now;
                } else if (now - last > timeout.toNanos()) {
                    throw late(collective, sending, receiving);
                } else {
                    await(timeout.toNanos() - (now - last));
                }
            }
        } catch (IOException e) {
            throw lost(at, collective, e);
        } finally {
            inUse.unlock();
        }
    }

    private Link link(int peer) {
        return Objects.requireNonNull(links[peer]);
    }

    /** Waits until a link is ready, and receives on all: the reason for a failure may come from any rank. */
    private void await(long nanos) throws IOException {
        for (Link link : links) if (link != null) link.updateInterest();
        selector.select(Math.max(1, nanos / 1_000_000));
        if (left) return;
        selector.selectedKeys().clear();
        for (Link link : links) {
            if (link == null) continue;
            try {
                link.fill();
            } catch (IOException e) {
                throw new LinkException(link.peer(), e);
            }
        }
    }

    /** An error of a link that is not the one in use. */
    private static final class LinkException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int peer;

        LinkException(int peer, IOException cause) {
            super(cause.getMessage(), cause);
            this.peer = peer;
        }
    }

    private DistributedException lost(int at, Collective collective, IOException e) {
        int peer = e instanceof LinkException l ? l.peer : at;
        return new DistributedException(
                "rank " + rank + " lost the connection to rank " + peer + " in " + collective + ": " + e.getMessage()
                        + ". The process of rank " + peer + " may have ended; see its output",
                e);
    }

    private DistributedException late(Collective collective, @Nullable Outgoing sending, @Nullable Incoming receiving) {
        StringBuilder text = new StringBuilder("rank ")
                .append(rank)
                .append(" timed out after ")
                .append(timeout.toMillis())
                .append(" ms in ")
                .append(collective)
                .append(':');
        if (receiving != null && !receiving.done) {
            text.append(" rank ").append(receiving.link.peer()).append(" sent nothing");
        }
        if (sending != null && !sending.done) {
            text.append(receiving != null && !receiving.done ? ", and" : "");
            text.append(" rank ").append(sending.link.peer()).append(" took nothing");
        }
        return new DistributedException(text.append(". It may be slow or stuck; the timeout is an option of the group")
                .toString());
    }

    /** A message that is being sent. */
    private static final class Outgoing {
        private final Link link;
        private final Collective collective;
        private final MemorySegment data;
        private long next;
        private boolean empty;
        private boolean done;

        Outgoing(Link link, Collective collective, MemorySegment data) {
            this.link = link;
            this.collective = collective;
            this.data = data;
            empty = data.byteSize() == 0;
        }

        boolean advance() throws IOException {
            boolean any = false;
            while (true) {
                any |= link.flush();
                if (!link.canSend()) return any;
                if (next == data.byteSize() && !empty) {
                    done = true;
                    return true;
                }
                long size = Math.min(Link.LARGEST, data.byteSize() - next);
                link.put(Link.Kind.DATA, collective, data.asSlice(next, size));
                next += size;
                empty = false;
            }
        }
    }

    /** A message that is being received. */
    private final class Incoming {
        private final Link link;
        private final Collective collective;
        private final MemorySegment data;
        private long next;
        private boolean done;

        Incoming(Link link, Collective collective, MemorySegment data) {
            this.link = link;
            this.collective = collective;
            this.data = data;
        }

        boolean advance() throws IOException {
            boolean any = false;
            while (true) {
                any |= link.fill();
                if (!link.hasFrame()) {
                    if (link.hasEnded()) throw new IOException("it has left the process group");
                    return any;
                }
                MemorySegment payload = link.payload();
                if (!collective.equals(link.frameCollective()) || payload.byteSize() > data.byteSize() - next) {
                    throw Transport.mismatch(rank, collective, link.peer(), link.frameCollective());
                }
                MemorySegment.copy(payload, 0, data, next, payload.byteSize());
                next += payload.byteSize();
                link.consume();
                if (next == data.byteSize()) {
                    done = true;
                    return true;
                }
            }
        }
    }

    @Override
    public void abort(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        MemorySegment payload =
                MemorySegment.ofArray(text.length > LONGEST_REASON ? Arrays.copyOf(text, LONGEST_REASON) : text);
        leave(Link.Kind.ABORT, payload, ABORT_NANOS);
    }

    @Override
    public void close() {
        leave(Link.Kind.BYE, EMPTY, CLOSING_NANOS);
    }

    /** Sends a last frame on all links, waits for the other sides to have read it and closes the connections. */
    private void leave(Link.Kind kind, MemorySegment payload, long nanos) {
        synchronized (this) {
            if (left) return;
            left = true;
        }
        // A thread that waits in an exchange notices and lets the links go.
        selector.wakeup();
        inUse.lock();
        long end = System.nanoTime() + nanos;
        for (Link link : links) {
            // A frame that is half sent cannot be followed by another: closing the connection tells as much.
            if (link != null && link.canSend()) link.put(kind, NOTHING, payload);
        }
        try {
            boolean open = true;
            boolean[] finished = new boolean[links.length];
            while (open && System.nanoTime() < end) {
                open = false;
                for (Link link : links) {
                    if (link == null) continue;
                    int peer = link.peer();
                    if (!finished[peer]) finished[peer] = finish(link);
                    open |= !finished[peer];
                }
                if (open) Thread.sleep(1);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            closeAll();
            inUse.unlock();
        }
    }

    /** Sends the rest and drops what comes, since closing a socket with unread data resets it before all was read. */
    private static boolean finish(Link link) {
        try {
            link.flush();
            if (!link.canSend()) return false;
            if (link.channel().isOpen()) link.channel().shutdownOutput();
            if (link.hasEnded()) return true;
            while (link.fill()) {
                if (link.hasFrame()) link.consume();
            }
            return link.hasEnded();
        } catch (IOException | DistributedException _) {
            return true;
        }
    }

    private void closeAll() {
        try {
            selector.close();
            for (Link link : links) if (link != null) link.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
