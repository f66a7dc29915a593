package dev.cotangent.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.Test;

/** Runs the Java blocks of the how-to page, which print the blocks of text that follow them. */
class HowToPageTest {
    private static final Path PAGE = Path.of("../docs/how-to/modules-and-optimisers.md");
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```\n(?:\n```text\n(.*?)```)?", Pattern.DOTALL);

    @Test
    void printsWhatItSays() throws IOException {
        try (JShell shell = JShell.builder()
                .executionEngine("local")
                .compilerOptions("-classpath", System.getProperty("java.class.path"))
                .build()) {
            run(shell, "import java.util.List;\nimport java.util.Map;\n");
            var blocks = BLOCK.matcher(Files.readString(PAGE));
            int count = 0;
            while (blocks.find()) {
                String expected = blocks.group(2) == null ? "" : blocks.group(2);
                assertEquals(expected, run(shell, blocks.group(1)));
                count++;
            }
            assertTrue(count >= 7, count + " blocks");
        }
    }

    private static String run(JShell shell, String code) {
        PrintStream out = System.out;
        var printed = new ByteArrayOutputStream();
        try (var to = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(to);
            String rest = code;
            while (!rest.isBlank()) {
                CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
                String source = info.completeness().isComplete() ? info.source() : rest;
                rest = info.completeness().isComplete() ? info.remaining() : "";
                for (SnippetEvent event : shell.eval(source)) {
                    List<String> errors = shell.diagnostics(event.snippet())
                            .filter(d -> d.isError())
                            .map(d -> d.getMessage(Locale.ENGLISH))
                            .toList();
                    assertEquals(List.of(), errors, source);
                    assertNull(event.exception(), source);
                }
            }
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}
