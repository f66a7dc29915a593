package dev.cotangent.distributed;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Tensors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Joining a group: what goes wrong is one clear error, and strangers neither join nor disturb. */
class RendezvousTest {
    private static final Duration SHORT = Duration.ofMillis(2000);

    private static Object connect(ProcessGroupOptions options) {
        try (ProcessGroup group = ProcessGroup.connect(options)) {
            group.barrier();
            return group.toString();
        }
    }

    private static void assertFails(@Nullable Object outcome, String... texts) {
        DistributedException e = assertInstanceOf(DistributedException.class, outcome);
        for (String text : texts) assertTrue(e.getMessage().contains(text), e.getMessage());
    }

    @Test
    void whoDoesNotBelongIsNamed() {
        // At the same time, since each waits for a timeout.
        List<Runnable> cases = List.of(
                RendezvousTest::aRankIsMissing,
                RendezvousTest::theMasterIsMissing,
                RendezvousTest::tokensDiffer,
                RendezvousTest::worldSizesDiffer,
                RendezvousTest::twoProcessesAreOneRank);
        Ranks.all(cases.size(), i -> {
            cases.get(i).run();
            return true;
        });
    }

    private static void aRankIsMissing() {
        int port = Ranks.freePort();
        List<@Nullable Object> outcomes =
                Ranks.outcomes(2, r -> connect(Ranks.options(r, 3, port).timeout(SHORT)));
        assertFails(outcomes.get(0), "rank 0 timed out after 2000 ms waiting for ranks [2] of 3 to join");
        assertFails(outcomes.get(1), "rank 1");
    }

    private static void theMasterIsMissing() {
        List<@Nullable Object> outcomes = Ranks.outcomes(
                1, _ -> connect(Ranks.options(1, 2, Ranks.freePort()).timeout(SHORT)));
        assertFails(outcomes.getFirst(), "rank 1 timed out after 2000 ms connecting to rank 0 at");
    }

    private static void tokensDiffer() {
        int port = Ranks.freePort();
        List<@Nullable Object> outcomes = Ranks.outcomes(
                2, r -> connect(Ranks.options(r, 2, port).token("token " + r).timeout(SHORT)));
        assertFails(
                outcomes.get(0),
                "rank 0 timed out after 2000 ms waiting for ranks [1] of 2 to join; refused were connections from");
        assertFails(outcomes.get(1), "rank 1 cannot join rank 0 at", "it has another token");
    }

    private static void worldSizesDiffer() {
        int port = Ranks.freePort();
        List<@Nullable Object> outcomes =
                Ranks.outcomes(2, r -> connect(Ranks.options(r, 2 + r, port).timeout(SHORT)));
        assertFails(outcomes.get(1), "rank 1 says that the world has 3 ranks, rank 0 that it has 2");
    }

    private static void twoProcessesAreOneRank() {
        int port = Ranks.freePort();
        List<@Nullable Object> outcomes = Ranks.outcomes(
                3, r -> connect(Ranks.options(Math.min(r, 1), 3, port).timeout(SHORT)));
        String all = outcomes.toString();
        assertTrue(all.contains("another process is rank 1 already"), all);
    }

    @Test
    void strangersDoNotDisturb() throws Exception {
        int port = Ranks.freePort();
        AtomicBoolean stop = new AtomicBoolean();
        Thread strangers = Thread.ofPlatform().daemon().start(() -> {
            while (!stop.get()) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
                } catch (IOException _) {
                    Thread.onSpinWait();
                }
            }
        });
        List<@Nullable Object> outcomes = Ranks.outcomes(3, r -> {
            if (r == 2) Thread.sleep(300);
            return connect(Ranks.options(r, 3, port));
        });
        stop.set(true);
        strangers.join();
        for (Object o : outcomes) assertTrue(String.valueOf(o).startsWith("ProcessGroup("), String.valueOf(o));
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertFails(
                    Ranks.outcomes(1, _ -> connect(Ranks.options(0, 2, taken.getLocalPort())))
                            .getFirst(),
                    "rank 0 cannot listen at 127.0.0.1:" + taken.getLocalPort(),
                    "choose another MASTER_PORT");
        }
    }

    @Test
    void aClosedGroupSaysSo() {
        ProcessGroup group = ProcessGroup.connect(Ranks.options(0, 1, 1));
        group.allReduce(Tensors.zeros(2));
        group.close();
        group.close();
        assertTrue(assertThrows(DistributedException.class, () -> group.allReduce(Tensors.zeros(2)))
                .getMessage()
                .startsWith("the process group is closed: all_reduce"));
    }
}
