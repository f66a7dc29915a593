package dev.cotangent.examples.tour;

import dev.cotangent.Warnings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of a fragment.
 *
 * @param printed its standard output
 * @param warnings PyTorch's warnings
 * @param raised the exception it threw, if any
 */
public record Run(
        String printed, List<String> warnings, @Nullable Throwable raised) {
    /** Runs a body and captures its output; not thread-safe, as it replaces the standard output. */
    public static Run of(Body body) {
        PrintStream out = System.out;
        var printed = new ByteArrayOutputStream();
        List<String> warnings = new ArrayList<>();
        Throwable raised = null;
        try (var to = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(to);
            Warnings.setHandler(warnings::add);
            body.run();
        } catch (Throwable t) {
            raised = t;
        } finally {
            System.setOut(out);
            Warnings.reset();
        }
        return new Run(printed.toString(StandardCharsets.UTF_8), List.copyOf(warnings), raised);
    }

    /** A body that may throw anything. */
    @FunctionalInterface
    public interface Body {
        /** Runs it. */
        void run() throws Throwable;
    }
}
