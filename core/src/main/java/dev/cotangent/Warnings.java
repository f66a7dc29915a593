package dev.cotangent;

import dev.cotangent.internal.Logs;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Where PyTorch's warnings go: the log {@code dev.cotangent}, unless a program takes them itself. Without an SLF4J provider
 * each warning is printed once to {@link System#err}.
 */
public final class Warnings {
    private static final Logger LOG = Logs.of("dev.cotangent");
    private static volatile Consumer<String> handler = LOG::warn;

    private Warnings() {}

    /** Sends warnings elsewhere. */
    public static void setHandler(Consumer<String> consumer) {
        handler = consumer;
    }

    /** Sends warnings to the log again. */
    public static void reset() {
        handler = LOG::warn;
    }

    /** Warns. */
    public static void warn(String message) {
        handler.accept(message);
    }
}
