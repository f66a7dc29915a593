package dev.cotangent.distributed;

import dev.cotangent.internal.Logs;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Connects the processes of a group: all to rank 0 at the known port, which tells each the addresses of the others, and
 * then each to each.
 */
final class Rendezvous implements AutoCloseable {
    private static final Logger LOG = Logs.of(Rendezvous.class);
    private static final int RETRY_MILLIS = 50;
    /** A connection that says nothing is dropped after this time, or after the group's timeout. */
    private static final int GREETING_MILLIS = 5000;

    /** A connection of another rank. */
    private record Joined(Handshake.Hello hello, SocketChannel channel, InetAddress address) {}

    private final ProcessGroupOptions options;
    private final InetAddress master;
    private final int rank;
    private final int size;
    private final long end;
    private final @Nullable SocketChannel[] channels;
    private final BlockingQueue<Joined> joined = new LinkedBlockingQueue<>();
    private final Set<Integer> admitted = ConcurrentHashMap.newKeySet();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private final ServerSocketChannel server;

    private Rendezvous(ProcessGroupOptions options) throws IOException {
        this.options = options;
        master = options.checkedAddress();
        rank = options.rank();
        size = options.worldSize();
        end = System.nanoTime() + options.timeout().toNanos();
        channels = new SocketChannel[size];
        server = ServerSocketChannel.open();
    }

    /** Connects this process to all others of its group. */
    static Transport connect(ProcessGroupOptions options) {
        if (options.worldSize() == 1) {
            return LocalTransport.create(1, options.timeout()).getFirst();
        }
        try (Rendezvous meeting = new Rendezvous(options)) {
            meeting.listen();
            if (options.rank() == 0) meeting.lead();
            else meeting.follow();
            return new TcpTransport(options.rank(), meeting.take(), options.timeout());
        } catch (IOException e) {
            throw new DistributedException(
                    "rank " + options.rank() + " could not connect to its process group (" + options + "): "
                            + e.getMessage(),
                    e);
        }
    }

    private void listen() throws IOException {
        // Loopback unless the master is elsewhere: then others connect from other machines.
        InetAddress own = master.isLoopbackAddress() || rank == 0 ? master : null;
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(own, rank == 0 ? options.masterPort() : 0));
        } catch (BindException e) {
            throw new DistributedException(
                    "rank 0 cannot listen at " + options.masterAddress() + ":" + options.masterPort() + " ("
                            + e.getMessage()
                            + "): another program has the port, or the address is none of this machine;"
                            + " choose another MASTER_PORT",
                    e);
        }
        Thread.ofVirtual().name("rendezvous").start(this::accept);
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel channel = server.accept();
                Thread.ofVirtual().start(() -> greet(channel));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void greet(SocketChannel channel) {
        try {
            prepare(channel);
            channel.socket().setSoTimeout((int) Math.min(GREETING_MILLIS, Math.max(1, left().toMillis())));
            Handshake.Hello hello = Handshake.accept(input(channel), output(channel), options.token(), this::check);
            joined.add(new Joined(hello, channel, channel.socket().getInetAddress()));
        } catch (IOException e) {
            String from = channel.socket().getInetAddress() + ": "
                    + (e.getMessage() == null ? "it ended early" : e.getMessage());
            refused.add(from);
            LOG.warn("rank {} refused a connection from {}", rank, from);
            drop(channel);
        }
    }

    private void check(Handshake.Hello hello) throws Handshake.RefusedException {
        if (hello.size() != size) {
            throw new Handshake.RefusedException("rank " + hello.rank() + " says that the world has " + hello.size()
                    + " ranks, rank " + rank + " that it has " + size);
        }
        if (hello.rank() <= rank || hello.rank() >= size) {
            throw new Handshake.RefusedException(
                    "rank " + hello.rank() + " is none that connects to rank " + rank + " of " + size);
        }
        if (!admitted.add(hello.rank())) {
            throw new Handshake.RefusedException("another process is rank " + hello.rank() + " already");
        }
    }

    private static DataInputStream input(SocketChannel channel) throws IOException {
        return new DataInputStream(channel.socket().getInputStream());
    }

    private static DataOutputStream output(SocketChannel channel) throws IOException {
        return new DataOutputStream(channel.socket().getOutputStream());
    }

    private static void prepare(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    private Duration left() {
        return Duration.ofNanos(end - System.nanoTime());
    }

    /** Waits for all higher ranks, tells them the addresses of the others, and keeps the connections. */
    private void lead() throws IOException {
        List<Joined> all = await();
        for (Joined to : all) {
            DataOutputStream out = output(to.channel);
            for (Joined other : all) {
                byte[] address = other.address.getAddress();
                out.writeInt(other.hello.rank());
                out.writeByte(address.length);
                out.write(address);
                out.writeInt(other.hello.port());
            }
            out.flush();
        }
    }

    /** Joins the master, connects to the lower ranks and waits for the higher ones. */
    private void follow() throws IOException {
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        SocketChannel toMaster = connect(new InetSocketAddress(master, options.masterPort()), 0, port);
        channels[0] = toMaster;
        toMaster.socket().setSoTimeout((int) Math.max(1, Math.min(left().toMillis(), Integer.MAX_VALUE)));
        DataInputStream in = input(toMaster);
        for (int i = 1; i < size; i++) {
            int other = in.readInt();
            byte[] address = in.readNBytes(in.readUnsignedByte());
            int otherPort = in.readInt();
            if (other > 0 && other < rank) {
                channels[other] =
                        connect(new InetSocketAddress(InetAddress.getByAddress(address), otherPort), other, 0);
            }
        }
        await();
    }

    /** Connects to a rank, again and again while nobody listens there. */
    private SocketChannel connect(InetSocketAddress to, int peer, int port) throws IOException {
        while (true) {
            SocketChannel channel = SocketChannel.open();
            try {
                prepare(channel);
                int millis = (int) Math.max(1, Math.min(left().toMillis(), Integer.MAX_VALUE));
                channel.socket().connect(to, millis);
                channel.socket().setSoTimeout(millis);
                Handshake.connect(
                        input(channel), output(channel), options.token(), new Handshake.Hello(rank, size, port));
                return channel;
            } catch (Handshake.RefusedException e) {
                drop(channel);
                throw new DistributedException(
                        "rank " + rank + " cannot join rank " + peer + " at " + to + ": " + e.getMessage(), e);
            } catch (IOException e) {
                drop(channel);
                if (left().isNegative()) {
                    throw new DistributedException(
                            "rank " + rank + " timed out after "
                                    + options.timeout().toMillis() + " ms connecting to rank " + peer + " at " + to
                                    + ": " + e.getMessage(),
                            e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new DistributedException("interrupted while connecting to a process group");
        }
    }

    /** Waits for the connections of all higher ranks. */
    private List<Joined> await() {
        List<Joined> all = new ArrayList<>();
        TreeSet<Integer> missing = new TreeSet<>();
        for (int r = rank + 1; r < size; r++) missing.add(r);
        while (!missing.isEmpty()) {
            Joined next = poll();
            if (next == null) {
                throw new DistributedException("rank " + rank + " timed out after "
                        + options.timeout().toMillis() + " ms waiting for ranks " + missing + " of " + size
                        + " to join"
                        + (refused.isEmpty() ? "" : "; refused were connections from " + String.join(", ", refused)));
            }
            missing.remove(next.hello.rank());
            channels[next.hello.rank()] = next.channel;
            all.add(next);
        }
        return all;
    }

    private @Nullable Joined poll() {
        try {
            return joined.poll(Math.max(0, left().toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new DistributedException("interrupted while connecting to a process group");
        }
    }

    /** Returns the connections, which are the caller's from now on. */
    private @Nullable SocketChannel[] take() {
        @Nullable SocketChannel[] all = channels.clone();
        Arrays.fill(channels, null);
        return all;
    }

    private static void drop(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops listening, and closes connections that were not taken. */
    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel channel : channels) if (channel != null) channel.close();
        for (Joined late : joined) late.channel.close();
    }
}
