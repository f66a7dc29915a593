package dev.cotangent.tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every line of the page for those who come from PyTorch gives, in the shell, what the comment behind it says: a value, or,
 * behind {@code raises}, part of an error's message.
 */
class FromPytorchTest {
    private static final Path PAGE = Path.of("..", "docs/how-to/from-pytorch.md");
    private static final Pattern BLOCK = Pattern.compile("^```java\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final List<String> IMPORTS =
            List.of("import dev.cotangent.*;", "import static dev.cotangent.Tensors.*;", "import java.util.*;");

    @TestFactory
    Stream<DynamicTest> blocks() throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map(m -> m.group(1))
                .toList();
        assertTrue(blocks.size() >= 7, () -> blocks.size() + " blocks");
        JShell shell = JShell.builder()
                .executionEngine("local")
                .compilerOptions("-classpath", System.getProperty("java.class.path"))
                .build();
        for (String line : IMPORTS) evaluate(shell, line);
        return Stream.concat(
                blocks.stream()
                        .map(b -> DynamicTest.dynamicTest(
                                b.lines().findFirst().orElse(""),
                                () -> b.lines().filter(line -> !line.isBlank()).forEach(line -> check(shell, line)))),
                Stream.of(DynamicTest.dynamicTest("end", shell::close)));
    }

    private static SnippetEvent evaluate(JShell shell, String source) {
        SnippetEvent event = shell.eval(source).getLast();
        List<String> errors =
                shell.diagnostics(event.snippet()).map(d -> d.getMessage(null)).toList();
        assertEquals(List.of(), errors, source);
        return event;
    }

    private static void check(JShell shell, String line) {
        Matcher said = Pattern.compile("(.*;) +// (.*)").matcher(line);
        boolean commented = said.matches();
        SnippetEvent event = evaluate(shell, commented ? said.group(1) : line);
        String comment = commented ? said.group(2) : "";
        if (comment.startsWith("raises ")) {
            assertNotNull(event.exception(), () -> "nothing raised: " + line);
            String message = String.valueOf(event.exception().getMessage());
            assertTrue(message.contains(comment.substring("raises ".length())), () -> line + "\n" + message);
            return;
        }
        assertEquals(null, event.exception(), line);
        if (commented) assertEquals(squeezed(comment), squeezed(event.value()), line);
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }
}
