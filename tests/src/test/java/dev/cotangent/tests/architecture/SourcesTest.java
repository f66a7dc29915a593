package dev.cotangent.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds of every source file of the project. */
class SourcesTest {
    private static final int LONGEST = 600;

    @Test
    void noFileIsLong() {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            int lines = lines(file).size();
            if (lines > LONGEST) found.add(root().relativize(file) + ": " + lines + " lines");
        }
        assertEquals(List.of(), found, "files above " + LONGEST + " lines");
    }

    @Test
    void nothingIsLeftForLater() {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            for (String line : lines(file)) {
                if (line.matches(".*\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b.*")) found.add(file + ": " + line.strip());
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void everyPackageIsNullMarked() {
        List<Path> found = new ArrayList<>();
        for (Path file : sources()) {
            if (!file.getParent().toString().contains("java")
                    || file.getFileName().toString().equals("module-info.java")) {
                continue;
            }
            Path info = file.resolveSibling("package-info.java");
            if (!Files.exists(info) || !String.join("\n", lines(info)).contains("@NullMarked")) found.add(file);
        }
        assertEquals(List.of(), found, "without a package-info.java that is @NullMarked");
    }

    private static List<Path> sources() {
        try (Stream<Path> modules = Files.list(root())) {
            List<Path> all = new ArrayList<>();
            for (Path module :
                    modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
                Path source = module.resolve("src");
                if (!Files.exists(source)) continue;
                try (Stream<Path> files = Files.walk(source)) {
                    all.addAll(files.filter(f -> f.toString().matches(".*\\.(java|cu|cuh|h|c)"))
                            .toList());
                }
            }
            assertTrue(all.size() > 40, "only " + all + " found");
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the folder of the parent of all modules; tests run in that of their own. */
    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("core/pom.xml"))) at = at.getParent();
        return at;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
