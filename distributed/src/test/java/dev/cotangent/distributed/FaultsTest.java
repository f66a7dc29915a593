package dev.cotangent.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Faults in the network between two ranks, at random places: each rank ends with the right result or with one error, none
 * hangs.
 */
class FaultsTest {
    private static final int COUNT = Boolean.getBoolean("contract.thorough") ? 200 : 24;
    /** Faults at the same time, since most of the time is spent waiting. */
    private static final int TOGETHER = 8;

    private static final int ELEMENTS = 20_000;
    private static final int COLLECTIVES = 6;
    /** What both ranks send in a whole run, and the handshake. */
    private static final int BYTES = COLLECTIVES * ELEMENTS * 4;

    private static final Duration TIMEOUT = Duration.ofMillis(700);

    private enum Fault {
        /** The connection ends. */
        CUT,
        /** A byte changes. */
        DAMAGE,
        /** Nothing comes through any more. */
        STALL,
        /** Additional bytes come. */
        INSERT
    }

    /** Passes bytes between rank 1 and rank 0, up to a fault in one direction. */
    private static final class Proxy implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final int target;
        private final Fault fault;
        private final boolean fromMaster;
        private long left;

        Proxy(int target, Fault fault, boolean fromMaster, long at) throws IOException {
            this.target = target;
            this.fault = fault;
            this.fromMaster = fromMaster;
            left = at;
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        private void accept() {
            while (true) {
                try {
                    Socket client = server.accept();
                    Socket master = new Socket();
                    try {
                        master.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                    } catch (IOException _) {
                        client.close();
                        continue;
                    }
                    Thread.ofVirtual().start(() -> pump(client, master, !fromMaster));
                    Thread.ofVirtual().start(() -> pump(master, client, fromMaster));
                } catch (IOException _) {
                    return;
                }
            }
        }

        private void pump(Socket from, Socket to, boolean faulty) {
            byte[] buffer = new byte[4096];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n; (n = in.read(buffer)) >= 0; ) {
                    if (faulty && strikes(buffer, n, out)) {
                        if (fault == Fault.CUT) {
                            from.close();
                            to.close();
                            return;
                        }
                        // Of a stall the connections stay open.
                        if (fault == Fault.STALL) return;
                    }
                    out.write(buffer, 0, n);
                }
                to.shutdownOutput();
            } catch (IOException _) {
                close(from);
                close(to);
            }
        }

        private static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private synchronized boolean strikes(byte[] buffer, int n, OutputStream out) throws IOException {
            if (left < 0) return false;
            long before = left;
            left -= n;
            if (left >= 0) return false;
            switch (fault) {
                case DAMAGE -> buffer[(int) before] ^= 0x40;
                case INSERT -> out.write(new byte[] {1, 2, 3});
                default -> out.write(buffer, 0, (int) before);
            }
            left = -1;
            return true;
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static Object compute(ProcessGroupOptions options) {
        try (ProcessGroup group = ProcessGroup.connect(options.timeout(TIMEOUT))) {
            for (int i = 0; i < COLLECTIVES; i++) {
                Tensor x = Tensors.full(Shape.of(ELEMENTS), (float) (i + group.rank()));
                group.allReduce(x);
                if (!x.eq(2f * i + 1).all().itemBoolean()) throw new AssertionError("a wrong result");
            }
            return "done";
        }
    }

    private static void strike(int number, Map<Fault, int[]> counts) throws IOException {
        Random random = new Random(number);
        Fault fault = Fault.values()[number % Fault.values().length];
        // Every fourth in the handshake.
        long at = number / 4 % 4 == 0 ? random.nextInt(150) : random.nextInt(BYTES);
        int port = Ranks.freePort();
        try (Proxy proxy = new Proxy(port, fault, random.nextBoolean(), at)) {
            List<@Nullable Object> outcomes =
                    Ranks.outcomes(2, r -> compute(Ranks.options(r, 2, r == 0 ? port : proxy.port())));
            int failed = 0;
            for (Object o : outcomes) {
                boolean error = o instanceof DistributedException;
                assertTrue(error || "done".equals(o), () -> fault + " at " + at + ": " + outcomes);
                if (error) failed++;
            }
            synchronized (counts) {
                counts.computeIfAbsent(fault, _ -> new int[3])[failed]++;
            }
        }
    }

    @Test
    void everyFaultIsAnErrorOrWithoutEffect() {
        Map<Fault, int[]> counts = new EnumMap<>(Fault.class);
        Ranks.all(TOGETHER, t -> {
            for (int i = t; i < COUNT; i += TOGETHER) strike(i, counts);
            return true;
        });
        int struck = 0;
        for (int[] c : counts.values()) struck += c[1] + c[2];
        StringBuilder text = new StringBuilder();
        counts.forEach((fault, c) -> text.append(fault)
                .append(": no error ")
                .append(c[0])
                .append(", on one rank ")
                .append(c[1])
                .append(", on both ")
                .append(c[2])
                .append('\n'));
        assertEquals(
                COUNT,
                counts.values().stream().mapToInt(c -> c[0] + c[1] + c[2]).sum());
        assertTrue(struck >= COUNT / 2, text.toString());
    }
}
