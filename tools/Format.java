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
 * Checks or fixes the format of every Java source of the project: {@code Format check|fix ROOT}. The build runs it; by
 * hand it is {@code mvn -Pformat validate}. Sources that passed once are remembered by their hash in {@code ROOT/target}.
 */
final class Format {
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(false)
            .build());

    public static void main(String[] args) throws Exception {
        boolean fix = args[0].equals("fix");
        Path root = Path.of(args[1]).toRealPath();
        Path memory = root.resolve("target/formatted.txt");
        String tool = Formatter.class.getProtectionDomain().getCodeSource().getLocation() + " ";
        Set<String> known = Files.exists(memory) ? Set.copyOf(Files.readAllLines(memory)) : Set.of();
        Set<String> passed = ConcurrentHashMap.newKeySet();
        List<String> complaints = Collections.synchronizedList(new ArrayList<>());

        sources(root).parallelStream().forEach(file -> {
            try {
                String before = Files.readString(file);
                if (known.contains(hash(tool + before))) {
                    passed.add(hash(tool + before));
                    return;
                }
                String after = FORMATTER.formatSourceAndFixImports(before);
                if (!after.equals(before) && !fix) {
                    complaints.add(root.relativize(file) + ": not formatted");
                    return;
                }
                if (!after.equals(before)) {
                    Files.writeString(file, after);
                    System.out.println("formatted " + root.relativize(file));
                }
                passed.add(hash(tool + after));
            } catch (Exception e) {
                complaints.add(root.relativize(file) + ":" + e.getMessage());
            }
        });

        Files.createDirectories(memory.getParent());
        Files.write(memory, passed.stream().sorted().toList());
        if (!complaints.isEmpty()) {
            complaints.stream().sorted().forEach(System.err::println);
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
