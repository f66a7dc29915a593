package dev.cotangent.tests.docs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every message that the page on CUDA explains is one that the code says, word for word: what stands between the
 * dots of the page stands, in that order, in the texts of one statement.
 */
class TroubleshootingTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
    /** What Java itself says. */
    private static final String OF_JAVA = "WARNING: ";

    private static List<String> messages() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/how-to/cuda.md"));
        String table = page.substring(page.indexOf("## Troubleshooting"));
        return table.lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .filter(line -> !line.startsWith("| ---"))
                .map(line -> line.substring(2, line.indexOf(" | ")))
                .toList();
    }

    /** Returns the concatenated string literals of each statement, with a line break for the code between them. */
    private static List<String> statements() throws IOException {
        List<String> all = new ArrayList<>();
        for (String module : List.of("core", "kernels", "cuda-backend", "cuda-emulator")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    String source =
                            Files.readString(file, StandardCharsets.UTF_8).replaceAll("\"\\s*\\+\\s*\"", "");
                    for (String statement : source.split(";\\s*\n")) all.add(texts(statement));
                }
            }
        }
        return all;
    }

    private static String texts(String statement) {
        StringBuilder texts = new StringBuilder();
        Matcher m = TEXT.matcher(statement);
        while (m.find()) texts.append(m.group(1).translateEscapes()).append('\n');
        return texts.toString();
    }

    private static boolean says(String statement, String message) {
        int from = 0;
        for (String part : message.split("\\.\\.\\.")) {
            int at = statement.indexOf(part, from);
            if (at < 0) return false;
            from = at + part.length();
        }
        return true;
    }

    @Test
    void everyMessageIsTheCodes() throws IOException {
        List<String> messages = messages();
        assertTrue(messages.size() > 20, () -> "found only " + messages);
        List<String> statements = statements();
        List<String> unknown = messages.stream()
                .filter(m -> !m.startsWith(OF_JAVA))
                .filter(m -> statements.stream().noneMatch(s -> says(s, m)))
                .toList();
        assertTrue(unknown.isEmpty(), () -> "explained on the page and said nowhere: " + unknown);
    }
}
