package dev.cotangent.examples.tour;

import dev.cotangent.Warnings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a fragment did.
 *
 * @param printed what it wrote to standard output
 * @param warnings what PyTorch would warn of
 * @param raised the exception it ended with, if any
 */
public record Run(
        String printed, List<String> warnings, @Nullable Throwable raised) {
    /** Runs something and keeps what it prints; not for two threads at once, as there is one standard output. */
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

    /** Something to run that may fail in any way. */
    @FunctionalInterface
    public interface Body {
        /** Runs it. */
        void run() throws Throwable;
    }
}
