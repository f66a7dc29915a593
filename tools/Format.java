import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Checks or fixes the format of all Java sources of the project: {@code Format check|fix ROOT}. The build runs it;
 * {@code mvn -Pformat validate} fixes. Hashes of formatted sources are cached in {@code ROOT/target}.
 */
final class Format {
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(false)
            .build());

    public static void main(String[] args) throws Exception {
        boolean fix = args[0].equals("fix");
        Path root = Path.of(args[1]).toRealPath();
        Path cache = root.resolve("target/formatted.txt");
        String tool = Formatter.class.getProtectionDomain().getCodeSource().getLocation() + " ";
        Set<String> known = Files.exists(cache) ? Set.copyOf(Files.readAllLines(cache)) : Set.of();
        Set<String> passed = ConcurrentHashMap.newKeySet();
        List<String> problems = Collections.synchronizedList(new ArrayList<>());

        sources(root).parallelStream().forEach(file -> {
            try {
                String before = Files.readString(file);
                if (known.contains(hash(tool + before))) {
                    passed.add(hash(tool + before));
                    return;
                }
                String after = FORMATTER.formatSourceAndFixImports(before);
                if (!after.equals(before) && !fix) {
                    problems.add(root.relativize(file) + ": not formatted");
                    return;
                }
                if (!after.equals(before)) {
                    Files.writeString(file, after);
                    System.out.println("formatted " + root.relativize(file));
                }
                passed.add(hash(tool + after));
            } catch (Exception e) {
                problems.add(root.relativize(file) + ":" + e.getMessage());
            }
        });

        Files.createDirectories(cache.getParent());
        Files.write(cache, passed.stream().sorted().toList());
        if (!problems.isEmpty()) {
            problems.stream().sorted().forEach(System.err::println);
            System.err.println("To format them: mvn -Pformat validate");
            System.exit(1);
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path folder : modules.filter(Files::isDirectory).toList()) {
                Path start = folder.endsWith("tools") ? folder : folder.resolve("src");
                if (Files.isDirectory(start)) {
                    try (Stream<Path> files = Files.walk(start)) {
                        files.filter(f -> f.toString().endsWith(".java")).forEach(found::add);
                    }
                }
            }
        }
        return found;
    }

    private static String hash(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes("UTF-8")));
    }
}
