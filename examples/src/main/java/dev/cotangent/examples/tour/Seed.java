package dev.cotangent.examples.tour;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A tutorial: a class of fragments, whose packaged source is shown as it runs.
 *
 * @param name its name in the tour: {@code 000}, {@code S}
 * @param title its title
 * @param fragments its fragments in the order of the source
 */
public record Seed(String name, String title, List<Code> fragments) {
    private static final Pattern FRAGMENT = Pattern.compile(
            "    @Fragment\\(\"([^\"]*)\"\\)\n    static void (\\w+)\\(\\)[^{]*\\{\n(.*?)\n    }\n", Pattern.DOTALL);

    /**
     * One fragment.
     *
     * @param id the id in PyTorch's recorded output
     * @param title the title, possibly empty
     * @param text its Java code
     */
    public record Code(String id, String title, String text, Method method) {
        /** Runs the fragment and captures its output. */
        public Run run() {
            Run run = Run.of(() -> {
                try {
                    method.invoke(null);
                } catch (InvocationTargetException e) {
                    throw TutorialWording.of(e.getCause());
                }
            });
            List<String> warnings =
                    run.warnings().stream().map(TutorialWording::of).toList();
            return new Run(run.printed(), warnings, run.raised());
        }
    }

    /** Reads the fragments of a class. */
    public static Seed of(String name, String title, Class<?> type) {
        Map<String, Method> methods = Arrays.stream(type.getDeclaredMethods())
                .filter(m -> m.isAnnotationPresent(Fragment.class))
                .collect(Collectors.toMap(Method::getName, Function.identity()));
        List<Code> fragments = new ArrayList<>();
        Matcher found = FRAGMENT.matcher(source(type));
        while (found.find()) {
            String[] label = found.group(1).split(" ", 2);
            Method method = Objects.requireNonNull(methods.remove(found.group(2)));
            method.setAccessible(true);
            fragments.add(new Code(label[0], label.length > 1 ? label[1] : "", unindented(found.group(3)), method));
        }
        if (!methods.isEmpty()) throw new IllegalStateException("no source found for " + methods.keySet());
        return new Seed(name, title, List.copyOf(fragments));
    }

    private static String source(Class<?> type) {
        try (InputStream in = Objects.requireNonNull(type.getResourceAsStream(type.getSimpleName() + ".java"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String unindented(String body) {
        return body.lines()
                .map(l -> l.startsWith("        ") ? l.substring(8) : l)
                .collect(Collectors.joining("\n"));
    }
}
