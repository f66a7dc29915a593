package dev.cotangent.tests.seeds;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a fragment does under PyTorch, as {@code seeds-expected.md} records it.
 *
 * @param id such as {@code 000.1}
 * @param printed its standard output
 * @param raised the exception's class and message, if it ends with one
 * @param warning the text of its UserWarning, if any
 */
record Expected(
        String id,
        String printed,
        @Nullable Raised raised,
        @Nullable String warning) {
    /**
     * A Python exception.
     *
     * @param type such as {@code RuntimeError}
     */
    record Raised(String type, String message) {}

    private static final Pattern FRAGMENT =
            Pattern.compile("^#### (\\S+)[^\n]*\n(.*?)(?=^####? |^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("^\\| `(.*)` \\| (\\S+) \\|$", Pattern.MULTILINE);

    /** Reads all of them, in the order of the file. */
    static List<Expected> all() {
        List<Expected> all = new ArrayList<>();
        Matcher fragment = FRAGMENT.matcher(text("seeds-expected.md"));
        while (fragment.find()) {
            String body = fragment.group(2);
            String raised = block(body, "Raises at line [^\n]*:");
            String printed = block(body, "Printed:");
            Raised exception = null;
            if (raised != null) {
                String[] parts = raised.split(": ", 2);
                exception = new Raised(parts[0], parts[1]);
            }
            all.add(new Expected(
                    fragment.group(1),
                    printed == null ? "" : printed + "\n",
                    exception,
                    block(body, "Warns \\(UserWarning\\):")));
        }
        return all;
    }

    /** Returns the rows of the table of node names: a Python expression and the name of its node. */
    static List<String[]> nodeNames() {
        List<String[]> rows = new ArrayList<>();
        Matcher row = ROW.matcher(text("node-names.md"));
        while (row.find()) rows.add(new String[] {row.group(1), row.group(2)});
        return rows;
    }

    private static @Nullable String block(String body, String heading) {
        Matcher found = Pattern.compile("^" + heading + "\n\n```text\n(.*?)\n```", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(body);
        return found.find() ? found.group(1) : null;
    }

    private static String text(String file) {
        try (InputStream in = Objects.requireNonNull(Expected.class.getResourceAsStream("/golden/" + file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
