package dev.cotangent.tests.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The launcher in bare environments, in a folder with spaces, whose jar leads to the classes of this build. */
class LauncherTest {
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    private static final String SYSTEM_PATH = "/usr/bin:/bin";

    @TempDir
    private Path folder = Path.of("");

    private Path home = Path.of("");

    @BeforeEach
    void install() throws IOException {
        assumeTrue(!System.getProperty("os.name", "").startsWith("Windows"), "a shell script");
        home = Files.createDirectories(folder.resolve("a home"));
        Path root = Path.of("..").toRealPath();
        Files.createDirectory(home.resolve("tools"));
        for (String file : List.of("cotangent", "tools/quietly", "pom.xml"))
            Files.copy(root.resolve(file), home.resolve(file));
        Files.createDirectories(home.resolve("core/src/main"));
        Files.createFile(home.resolve("core/pom.xml"));
        Path target = Files.createDirectories(home.resolve("benchmarks/target"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath());
        Path jar = target.resolve("cotangent-benchmarks-1.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        Files.createFile(target.resolve("launcher.stamp"));
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" "));
    }

    static List<Map<String, String>> environments() {
        return List.of(
                Map.of(),
                Map.of("HOME", ""),
                Map.of("HOME", "/no/folder"),
                Map.of("JAVA_HOME", "/no/folder", "TMPDIR", "/no/folder"),
                Map.of("JAVA_HOME", JDK.toString()));
    }

    /** Starts the launcher in an environment; without a PATH its only output may be that it found no JDK. */
    @ParameterizedTest
    @MethodSource("environments")
    void startsInAnEnvironmentOf(Map<String, String> variables) throws Exception {
        Run run = run(variables, home.resolve("cotangent"), "--version");
        boolean isFound = variables.containsValue(JDK.toString())
                || Stream.of("/usr/lib/jvm", "/usr/java", "/opt")
                        .anyMatch(place -> JDK.getParent().equals(Path.of(place)));
        if (isFound || run.status == 0) {
            assertStarted(run);
        } else {
            assertEquals(1, run.status);
            assertTrue(run.text.startsWith("cotangent: no JDK 25 or newer found (looked at"), run.text);
        }
    }

    @Test
    void findsTheCompilerOnThePath() throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("javac"), JDK.resolve("bin/javac"));
        assertStarted(run(Map.of("PATH", bin + ":" + SYSTEM_PATH), home.resolve("cotangent"), "--version"));
    }

    @Test
    void findsItsFolderThroughLinks() throws Exception {
        Path bin = Files.createDirectory(folder.resolve("my bin"));
        Path absolute = Files.createSymbolicLink(bin.resolve("absolute"), home.resolve("cotangent"));
        Files.createSymbolicLink(bin.resolve("relative"), Path.of("../a home/cotangent"));
        Path twice = Files.createSymbolicLink(folder.resolve("twice"), Path.of("my bin/relative"));
        for (Path link : List.of(absolute, twice)) {
            assertStarted(run(Map.of("JAVA_HOME", JDK.toString()), link, "--version"));
        }
    }

    /** Sources are newer than the last build; Maven is a script that says with what it was called. */
    @Test
    void buildsWithTheJdkThatItFound() throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path mvn = Files.writeString(bin.resolve("mvn"), """
            #!/bin/sh
            echo "[INFO] Building Cotangent core 0.1.0-SNAPSHOT [1/1]"
            echo "java $JAVA_HOME and $JAVA25_HOME"
            echo "called $*"
            echo "[INFO] BUILD SUCCESS"
            """);
        assertTrue(mvn.toFile().setExecutable(true));
        Files.delete(home.resolve("benchmarks/target/launcher.stamp"));
        Map<String, String> environment = Map.of("JAVA_HOME", JDK.toString(), "PATH", bin + ":" + SYSTEM_PATH);
        Run run = run(environment, home.resolve("cotangent"), "--version");
        assertStarted(run);
        assertTrue(run.text.startsWith("building Cotangent core [1/1]\n"), run.text);
        String log = Files.readString(home.resolve("target/build.log"));
        assertTrue(log.contains("java " + JDK + " and " + JDK + "\n"), log);
        assertTrue(log.contains("called -B -ntp package -am"), log);
        Run again = run(environment, home.resolve("cotangent"), "--version");
        assertStarted(again);
        assertTrue(!again.text.contains("building"), again.text);
    }

    /** Checks that help needs neither a build nor a JDK nor Maven. */
    @Test
    void helpsAtOnce() throws Exception {
        Files.delete(home.resolve("benchmarks/target/launcher.stamp"));
        Path usage = Files.createDirectories(home.resolve("cli/src/main/resources/dev/cotangent/cli"))
                .resolve("usage.txt");
        Files.copy(Path.of("..", "cli/src/main/resources/dev/cotangent/cli/usage.txt"), usage);
        for (String word : List.of("--help", "-h", "help")) {
            Run run = run(Map.of("PATH", SYSTEM_PATH), home.resolve("cotangent"), word);
            assertEquals(0, run.status, run.text);
            assertEquals(Files.readString(usage), run.text);
            assertTrue(run.text.contains("\n  selftest "), run.text);
        }
    }

    /** Makes files block the build's folders, since root may write everywhere. */
    @Test
    void buildsACopyOfACheckoutThatCannotBeWrittenTo() throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path mvn = Files.writeString(bin.resolve("mvn"), """
            #!/bin/sh
            cp '%s' benchmarks/target/cotangent-benchmarks-1.jar
            echo "built in $PWD"
            echo "[INFO] BUILD SUCCESS"
            """.formatted(Files.move(
                home.resolve("benchmarks/target/cotangent-benchmarks-1.jar"), folder.resolve("main.jar"))));
        assertTrue(mvn.toFile().setExecutable(true));
        Files.delete(home.resolve("benchmarks/target/launcher.stamp"));
        Files.delete(home.resolve("benchmarks/target"));
        Files.createFile(home.resolve("benchmarks/target"));
        Files.createFile(home.resolve("target"));
        Path cache = folder.resolve("a cache");
        Map<String, String> environment = Map.of(
                "JAVA_HOME", JDK.toString(), "PATH", bin + ":" + SYSTEM_PATH, "XDG_CACHE_HOME", cache.toString());
        assertStarted(run(environment, home.resolve("cotangent"), "--version"));
        Path copy;
        try (Stream<Path> copies = Files.list(cache.resolve("cotangent"))) {
            copy = copies.findFirst().orElseThrow();
        }
        assertTrue(Files.exists(copy.resolve("core/pom.xml")), "the sources were not copied");
        assertTrue(Files.readString(copy.resolve("target/build.log")).contains("built in " + copy));

        Files.delete(mvn);
        Run run = run(environment, home.resolve("cotangent"), "train", "digits", "--help");
        assertEquals(0, run.status, run.text);
        assertTrue(
                run.text
                        .replaceAll("\\s+", "")
                        .contains(copy.resolve("target/digits").toString().replace(" ", "")),
                run.text);

        Files.createDirectory(folder.resolve("closed"));
        Files.createFile(folder.resolve("closed/cotangent"));
        Run nowhere = run(
                Map.of(
                        "JAVA_HOME",
                        JDK.toString(),
                        "XDG_CACHE_HOME",
                        folder.resolve("closed").toString()),
                home.resolve("cotangent"),
                "doctor");
        assertEquals(1, nowhere.status);
        assertTrue(
                nowhere.text.matches("cotangent: neither .* can be written to: set XDG_CACHE_HOME .*\n"), nowhere.text);
    }

    @Test
    void runsAProgramOfTheUsers() throws Exception {
        Path program = Files.writeString(
                Files.createDirectory(folder.resolve("my programs")).resolve("Program.java"), """
                import static dev.cotangent.Tensors.*;

                void main(String[] arguments) {
                    IO.println(tensor(new long[] {1, 2}).add(1) + " " + String.join("|", arguments));
                }
                """);
        Map<String, String> environment = Map.of("JAVA_HOME", JDK.toString(), "PATH", SYSTEM_PATH);
        Run run = run(environment, home.resolve("cotangent"), "run", program.toString(), "--out", "a b");
        assertEquals("tensor([2, 3]) --out|a b\n", run.text);
        assertEquals(0, run.status);
        Files.writeString(program, "void main() { int x = \"\"; }");
        Run wrong = run(environment, home.resolve("cotangent"), "run", program.toString());
        assertEquals(1, wrong.status);
        assertTrue(wrong.text.contains("Program.java:1: error: incompatible types"), wrong.text);
    }

    @Test
    void runsAProgramInSeveralProcesses() throws Exception {
        Path program = Files.writeString(
                Files.createDirectory(folder.resolve("several")).resolve("Several.java"), """
                import dev.cotangent.*;
                import dev.cotangent.distributed.*;

                void main() {
                    try (var group = ProcessGroup.connect(ProcessGroupOptions.fromEnvironment())) {
                        Tensor x = Tensors.tensor(group.rank() + 1);
                        group.allReduce(x);
                        if (group.rank() == 0) IO.println(x + " of " + group.worldSize());
                    }
                    if (System.getenv("RANK").equals("1")) System.exit(7);
                }
                """);
        Map<String, String> environment = Map.of("JAVA_HOME", JDK.toString(), "PATH", SYSTEM_PATH);
        Run run = run(environment, home.resolve("cotangent"), "run", "-n", "2", program.toString());
        assertTrue(run.text.contains("tensor(3) of 2\n"), run.text);
        assertTrue(run.text.contains("cotangent: rank 1 ended with status 7"), run.text);
        assertEquals(7, run.status);
        Run wrong = run(environment, home.resolve("cotangent"), "run", "--nnodes", "2", "-n", "1", program.toString());
        assertEquals(2, wrong.status);
        assertTrue(wrong.text.contains("several machines need a token"), wrong.text);
    }

    @Test
    void suggestsWhatWasMeant() throws Exception {
        Run run = run(Map.of("JAVA_HOME", JDK.toString()), home.resolve("cotangent"), "dcotor");
        assertEquals(2, run.status);
        assertTrue(run.text.endsWith("Did you mean: cotangent doctor?\n"), run.text);
    }

    private static void assertStarted(Run run) {
        assertEquals(0, run.status, run.text);
        assertTrue(run.text.contains("cotangent 0.") && !run.text.contains("WARNING"), run.text);
    }

    private record Run(int status, String text) {}

    /** Runs a command with these variables alone. */
    private Run run(Map<String, String> variables, Path command, String... arguments)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(variables);
        int status = builder.start().waitFor();
        return new Run(status, Files.readString(output));
    }
}
