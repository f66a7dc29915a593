package dev.cotangent;

import dev.cotangent.internal.Logs;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * PyTorch's warnings: logged as {@code dev.cotangent}, unless a program sets a handler. Without an SLF4J provider
 * each warning is printed once to {@link System#err}.
 */
public final class Warnings {
    private static final Logger LOG = Logs.of("dev.cotangent");
    private static volatile Consumer<String> handler = LOG::warn;

    private Warnings() {}

    /** Sets the handler of warnings. */
    public static void setHandler(Consumer<String> consumer) {
        handler = consumer;
    }

    /** Restores logging of warnings. */
    public static void reset() {
        handler = LOG::warn;
    }

    /** Issues a warning. */
    public static void warn(String message) {
        handler.accept(message);
    }
}
