package dev.cotangent.tests.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pages for people: README, CONTRIBUTING, CHANGELOG and docs, with the blocks of code in them. */
final class Pages {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- ([^\n]*) -->\n)?```(\\w+)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private Pages() {}

    /**
     * A fenced block.
     *
     * @param note the HTML comment on the line above, or nothing
     * @param printed the block of text that follows at once, or nothing
     */
    record Block(int line, String note, String language, String code, String printed) {}

    static List<Path> all() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROOT)) {
            pages.addAll(files.filter(Pages::isPage).toList());
        }
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            pages.addAll(files.filter(Pages::isPage).toList());
        }
        pages.sort(null);
        return pages;
    }

    private static boolean isPage(Path file) {
        return file.toString().endsWith(".md");
    }

    static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Block> blocks(Path page) {
        String text = read(page);
        List<Block> blocks = new ArrayList<>();
        Matcher m = BLOCK.matcher(text);
        int end = -1;
        while (m.find()) {
            String note = m.group(1) == null ? "" : m.group(1);
            int line = (int) text.substring(0, m.start()).lines().count() + 1;
            boolean follows = end >= 0 && text.substring(end, m.start()).isBlank();
            if (m.group(2).equals("text") && follows && !blocks.isEmpty()) {
                Block code = blocks.removeLast();
                blocks.add(new Block(code.line, code.note, code.language, code.code, m.group(3)));
            } else {
                blocks.add(new Block(line, note, m.group(2), m.group(3), ""));
            }
            end = m.end();
        }
        return blocks;
    }
}
