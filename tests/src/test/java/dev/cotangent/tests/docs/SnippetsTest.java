package dev.cotangent.tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.cli.Cotangent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * Every Java block of the pages runs in the shell, those of a page in order. The output is the block of text
 * that follows, if there is one; a statement's value is what the comment after it says, where that begins with {@code tensor(}
 * or is a number, and where it begins with {@code raises} the statement raises an error whose message contains the rest. A
 * block may have a note, an HTML comment in the line above:
 *
 * <ul>
 *   <li>{@code compiled}: it is not run, because it needs a GPU; {@code compiled with Tensor x}: with that variable
 *   <li>{@code excerpt of NAME.java}: its lines are in that file of this project, in that order
 *   <li>{@code output varies}: what it prints, such as a time, is in no block of text
 *   <li>{@code project}: it is a file of the project that InstallTest builds
 * </ul>
 */
class SnippetsTest {
    private static final Pattern VALUE =
            Pattern.compile("^[^/]*;\\s*// (tensor\\(.*|-?\\d[\\d.e-]*|true|false|cpu|torch\\.\\w+(?:\\(.*)?)$");
    private static final Pattern RAISES = Pattern.compile("^[^/]*;\\s*// raises (.*)$");
    private static final Pattern COMMAND = Pattern.compile("(?:\\./cotangent|cotangent/bin/cotangent) ([^#|`;\n]*)");

    @TestFactory
    Stream<DynamicTest> everyBlockRuns() throws IOException {
        return Pages.all().stream()
                .filter(page -> Pages.blocks(page).stream()
                        .anyMatch(b -> b.language().equals("java") || b.note().startsWith("excerpt of ")))
                .map(page -> DynamicTest.dynamicTest(Pages.ROOT.relativize(page).toString(), () -> run(page)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"from-pytorch.md", "modules-and-optimisers.md"})
    void thePagesOfRulesHaveTheirBlocks(String name) throws IOException {
        Path page = Pages.ROOT.resolve("docs/how-to").resolve(name);
        assertTrue(Pages.all().contains(page), () -> name + " is no page");
        long blocks = Pages.blocks(page).stream()
                .filter(b -> b.language().equals("java") && b.note().isEmpty())
                .count();
        assertTrue(blocks >= 7, () -> blocks + " blocks");
    }

    @Test
    void everyCommentOfThePageForPyTorchUsersIsChecked() throws IOException {
        List<String> unchecked = Pages.blocks(Pages.ROOT.resolve("docs/how-to/from-pytorch.md")).stream()
                .filter(b -> b.language().equals("java"))
                .flatMap(b -> b.code().lines())
                .filter(l -> l.contains("//"))
                .filter(l -> !VALUE.matcher(l).matches() && !RAISES.matcher(l).matches())
                .toList();
        assertEquals(List.of(), unchecked);
    }

    private static void run(Path page) throws IOException {
        try (JShell shell = JShell.builder()
                .executionEngine("local")
                .compilerOptions(
                        "-classpath", System.getProperty("java.class.path"), "--add-modules", "jdk.incubator.vector")
                .build()) {
            String start;
            try (var script = Objects.requireNonNull(Cotangent.class.getResourceAsStream("shell.jsh"))) {
                start = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            }
            evaluate(shell, start, "shell.jsh");
            for (Pages.Block block : Pages.blocks(page)) {
                String where = Pages.ROOT.relativize(page) + ":" + block.line();
                if (block.note().startsWith("excerpt of ")) {
                    checkExcerpt(block.note().substring("excerpt of ".length()), block.code(), where);
                    continue;
                }
                if (!block.language().equals("java") || block.note().equals("project")) continue;
                boolean compiled = block.note().startsWith("compiled");
                String printed = evaluate(shell, compiled ? asMethod(block) : block.code(), where);
                if (block.code().contains("void main()") && !compiled) printed += evaluate(shell, "main();", where);
                // A block without a text prints nothing but the values that its comments say.
                boolean says =
                        block.code().lines().anyMatch(l -> VALUE.matcher(l).matches());
                if (!block.printed().isEmpty() || !says && !block.note().equals("output varies"))
                    assertEquals(block.printed(), printed, where);
            }
        }
    }

    private static String asMethod(Pages.Block block) {
        String imports =
                block.code().lines().filter(l -> l.startsWith("import ")).collect(Collectors.joining("\n"));
        String body = block.code().lines().filter(l -> !l.startsWith("import ")).collect(Collectors.joining("\n"));
        String parameters = block.note().replaceFirst("compiled( with )?", "");
        return "%s%nvoid compiled%d(%s) throws Throwable {%n%s%n}%n".formatted(imports, block.line(), parameters, body);
    }

    /** Evaluates statements and declarations one by one and returns what they print. */
    private static String evaluate(JShell shell, String code, String where) {
        PrintStream out = System.out;
        var printed = new ByteArrayOutputStream();
        try (var to = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(to);
            String rest = code;
            while (!rest.isBlank()) {
                CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
                String source = info.completeness().isComplete() ? info.source() : rest;
                String after = info.completeness().isComplete() ? info.remaining() : "";
                String comment = lastLine(source) + after.lines().findFirst().orElse("");
                int before = printed.size();
                for (SnippetEvent event : shell.eval(source)) check(shell, event, comment, source, where);
                Matcher value = VALUE.matcher(comment);
                if (value.matches()) {
                    String said = printed.toString(StandardCharsets.UTF_8).substring(before);
                    String actual = said.isBlank() ? lastValue : said;
                    assertEquals(squeeze(value.group(1)), squeeze(actual), where + ": " + source);
                }
                rest = after;
            }
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static String lastValue = "";

    private static void check(JShell shell, SnippetEvent event, String comment, String source, String where) {
        List<String> errors = shell.diagnostics(event.snippet())
                .map(d -> d.getMessage(Locale.ENGLISH))
                .toList();
        assertEquals(List.of(), errors, where + ": " + source);
        assertTrue(
                event.status() == Snippet.Status.VALID || event.status() == Snippet.Status.OVERWRITTEN,
                () -> where + ": " + event.status() + " " + source);
        lastValue = Objects.requireNonNullElse(event.value(), "");
        Matcher raises = RAISES.matcher(comment);
        if (raises.matches()) {
            assertTrue(event.exception() != null, () -> where + ": raises nothing: " + source);
            String message = String.valueOf(event.exception().getMessage());
            assertTrue(message.contains(raises.group(1)), () -> where + ": " + message);
        } else if (event.exception() != null) {
            String name = event.exception() instanceof EvalException e ? e.getExceptionClassName() : "";
            String message = where + ": " + source + "\n" + name + " "
                    + event.exception().getMessage();
            throw new AssertionError(message, event.exception());
        }
    }

    private static String lastLine(String source) {
        return source.strip().lines().reduce((_, line) -> line).orElse("");
    }

    private static String squeeze(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static void checkExcerpt(String name, String code, String where) throws IOException {
        Path file;
        try (Stream<Path> files = Files.walk(Pages.ROOT)) {
            file = files.filter(f -> f.endsWith(name)
                            && Files.isRegularFile(f)
                            && !f.toString().contains("/target/"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(where + ": there is no " + name));
        }
        List<String> lines =
                Files.readAllLines(file).stream().map(String::strip).toList();
        int at = 0;
        for (String line : code.lines().map(String::strip).toList()) {
            if (line.isEmpty()) continue;
            int found = lines.subList(at, lines.size()).indexOf(line);
            assertTrue(found >= 0, () -> where + ": not in " + name + ": " + line);
            at += found + 1;
        }
    }

    /** Checks that the command line parses the commands of the pages; benchmarks are not on this class path. */
    @TestFactory
    Stream<DynamicTest> everyCommandIsUnderstood() throws IOException {
        return Pages.all().stream()
                .flatMap(page -> COMMAND.matcher(Pages.read(page))
                        .results()
                        .map(m -> m.group(1).strip())
                        .filter(line -> !line.startsWith("bench") && !line.startsWith("COMMAND"))
                        .distinct()
                        .map(line ->
                                DynamicTest.dynamicTest(Pages.ROOT.relativize(page) + ": " + line, () -> parse(line))));
    }

    private static void parse(String line) {
        CommandLine command = Cotangent.commandLine();
        command.parseArgs(line.split("\\s+"));
    }
}
