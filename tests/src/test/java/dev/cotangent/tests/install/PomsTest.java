package dev.cotangent.tests.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.cli.Cotangent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What several poms say has to be the same in all of them. */
class PomsTest {
    private static final Path ROOT = Path.of("..");

    private static List<Path> modules() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.map(f -> f.resolve("pom.xml")).filter(Files::exists).toList();
        }
    }

    private static String find(String text, String pattern) {
        Matcher m = Pattern.compile(pattern).matcher(text);
        assertTrue(m.find(), pattern);
        return m.group(1);
    }

    private static String version(String pom) {
        return find(pom, "<version>([^<]+)<");
    }

    @Test
    void thereIsOneVersion() throws IOException {
        String version = version(Files.readString(ROOT.resolve("pom.xml")));
        for (Path pom : modules()) assertEquals(version, version(Files.readString(pom)), pom.toString());
        StringWriter out = new StringWriter();
        Cotangent.commandLine().setOut(new PrintWriter(out)).execute("--version");
        assertEquals("cotangent " + version + "\n", out.toString());
    }

    @Test
    void theBomHasTheLibrariesThatAreInstalled() throws IOException {
        Set<String> installed = new TreeSet<>();
        for (Path pom : modules()) {
            String text = Files.readString(pom);
            if (text.contains("<maven.install.skip>true<") || text.contains("<packaging>pom<")) continue;
            installed.add(find(text, "</parent>\\s*<artifactId>([^<]+)<"));
        }
        Set<String> managed = new TreeSet<>();
        String bom = Files.readString(ROOT.resolve("bom/pom.xml"));
        Matcher m = Pattern.compile("<artifactId>([^<]+)<")
                .matcher(bom.substring(bom.indexOf("<dependencyManagement>"), bom.indexOf("</dependencyManagement>")));
        while (m.find()) managed.add(m.group(1));
        assertEquals(installed, managed);
    }
}
