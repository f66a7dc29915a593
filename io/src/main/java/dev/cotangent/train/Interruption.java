package dev.cotangent.train;

import java.util.concurrent.CountDownLatch;

/**
 * Stops work when the JVM is told to end, by Ctrl-C for example, and delays the end until this is closed.
 *
 * <pre>{@code
 * try (var interruption = new Interruption(trainer::stop)) {
 *     trainer.fit(batches);
 *     drawPictures();
 * }
 * }</pre>
 */
public final class Interruption implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;

    /** Begins to watch for the end. {@code stop} runs in another thread. */
    public Interruption(Runnable stop) {
        hook = new Thread(
                () -> {
                    stop.run();
                    try {
                        finished.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "cotangent-training-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Lets the JVM end. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is being shut down.
        }
    }
}
