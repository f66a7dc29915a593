package dev.cotangent.tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.cli.Cotangent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference lists what there is, all of it and nothing else. */
class ReferenceTest {
    private static final Pattern PROPERTY = Pattern.compile("[\"`](cotangent(?:\\.[a-z]+[a-zA-Z0-9]*)+)[\"`]");

    private static Set<String> properties(String text) {
        Set<String> all = new TreeSet<>();
        Matcher m = PROPERTY.matcher(text);
        while (m.find()) all.add(m.group(1));
        return all;
    }

    @Test
    void everySystemPropertyIsListed() throws IOException {
        Set<String> read = new TreeSet<>();
        for (String module : List.of(
                "core", "kernels", "cpu-backend", "cuda-emulator", "cuda-backend", "nn", "io", "cli", "examples")) {
            try (Stream<Path> files = Files.walk(Pages.ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    read.addAll(properties(Files.readString(file)));
                }
            }
        }
        assertTrue(read.size() > 5, read::toString);
        // Read by picocli, in a default.
        read.add("cotangent.output");
        assertEquals(read, properties(Pages.read(Pages.ROOT.resolve("docs/reference/system-properties.md"))));
    }

    @Test
    void everyCommandIsListed() {
        String page = Pages.read(Pages.ROOT.resolve("docs/reference/command-line.md"));
        for (String name : Cotangent.commandLine().getSubcommands().keySet()) {
            assertTrue(name.equals("help") || page.contains("\n| `" + name), name);
        }
    }
}
