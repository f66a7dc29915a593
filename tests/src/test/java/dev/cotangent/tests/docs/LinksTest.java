package dev.cotangent.tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between pages, and from code to pages, lead somewhere. */
class LinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern PAGE = Pattern.compile("\\bdocs/[\\w/.-]+\\.md");

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : Pages.all()) {
            Matcher m = LINK.matcher(Pages.read(page).replaceAll("(?s)```.*?```", ""));
            while (m.find()) {
                String link = m.group(1);
                if (link.matches("https?:.*")) continue;
                int hash = link.indexOf('#');
                String path = hash < 0 ? link : link.substring(0, hash);
                Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
                boolean there =
                        Files.exists(target) && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
                if (!there) broken.add(Pages.ROOT.relativize(page) + ": " + link);
            }
        }
        assertEquals(List.of(), broken);
    }

    private static List<String> anchors(Path page) {
        return Pages.read(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^\\w -]", "").replace(' ', '-'))
                .toList();
    }

    @Test
    void pagesThatTheCodeNamesAreThere() throws IOException {
        List<String> broken = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Pages.ROOT)) {
            for (Path source :
                    modules.map(m -> m.resolve("src")).filter(Files::exists).toList()) {
                try (Stream<Path> files = Files.walk(source)) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".java")).toList()) {
                        Matcher m = PAGE.matcher(Files.readString(file));
                        while (m.find()) {
                            if (!Files.exists(Pages.ROOT.resolve(m.group()))) broken.add(file + ": " + m.group());
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), broken);
    }
}
