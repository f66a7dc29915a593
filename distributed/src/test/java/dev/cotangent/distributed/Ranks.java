package dev.cotangent.distributed;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs the ranks of a group in threads of the test. */
final class Ranks {
    /** A rank that hangs fails the test after this time. */
    private static final int HANG_SECONDS = 120;

    static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** What a rank does. */
    @FunctionalInterface
    interface Body<T> {
        T run(ProcessGroup group) throws Exception;
    }

    private Ranks() {}

    /** Returns a free port of the loopback device. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the options of rank r of n over TCP. */
    static ProcessGroupOptions options(int r, int n, int port) {
        return ProcessGroupOptions.of(r, n).masterPort(port).token("secret").timeout(TIMEOUT);
    }

    /** Runs ranks that are connected by TCP; returns their results. */
    static <T> List<T> tcp(int n, Body<T> body) {
        int port = freePort();
        return all(n, r -> {
            try (ProcessGroup group = ProcessGroup.connect(options(r, n, port))) {
                return body.run(group);
            }
        });
    }

    /** Runs ranks that are threads; returns their results. */
    static <T> List<T> local(int n, Body<T> body) {
        List<ProcessGroup> groups = ProcessGroup.inProcess(n, TIMEOUT);
        return all(n, r -> {
            try (ProcessGroup group = groups.get(r)) {
                return body.run(group);
            }
        });
    }

    /** What a rank does that connects by itself. */
    @FunctionalInterface
    interface Rank<T> {
        T run(int rank) throws Exception;
    }

    static <T> List<T> all(int n, Rank<T> rank) {
        List<T> results = new ArrayList<>();
        for (Object o : outcomes(n, rank)) {
            if (o instanceof Throwable t) throw new AssertionError("a rank failed", t);
            @SuppressWarnings("unchecked")
            T result = (T) o;
            results.add(result);
        }
        return results;
    }

    /** Returns what each rank returned or threw. */
    static List<@Nullable Object> outcomes(int n, Rank<?> rank) {
        List<CompletableFuture<Object>> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int r = i;
            CompletableFuture<Object> future = new CompletableFuture<>();
            Thread.ofPlatform().daemon().name("rank-" + r).start(() -> {
                try {
                    future.complete(rank.run(r));
                } catch (Throwable t) {
                    future.completeExceptionally(t);
                }
            });
            all.add(future);
        }
        List<@Nullable Object> out = new ArrayList<>();
        for (CompletableFuture<Object> f : all) out.add(outcome(f));
        return out;
    }

    private static @Nullable Object outcome(CompletableFuture<Object> future) {
        try {
            return future.get(HANG_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (CompletionException | InterruptedException e) {
            return e;
        } catch (TimeoutException e) {
            return fail("a rank hangs", e);
        }
    }
}
