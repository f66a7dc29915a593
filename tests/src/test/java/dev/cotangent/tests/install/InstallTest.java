package dev.cotangent.tests.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Follows the tutorial of the first project: its first command installs a copy of this checkout into a repository of its own, and a
 * project of nothing but the page's text is built and run against that. Both run in folders with a space in their names.
 */
class InstallTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path WORK = Path.of("target", "a user").toAbsolutePath();
    private static final Path CHECKOUT = WORK.resolve("checkout");
    private static final Path PROJECT = WORK.resolve("project");
    private static final Path MODULE = WORK.resolve("module");
    private static final Path REPOSITORY = WORK.resolve("repository");
    private static final String GROUP = "dev/cotangent";
    private static final Set<String> INSTALLED = Set.of(
            "cotangent",
            "cotangent-bom",
            "cotangent-core",
            "cotangent-cpu-backend",
            "cotangent-cuda-backend",
            "cotangent-cuda-emulator",
            "cotangent-io",
            "cotangent-data",
            "cotangent-distributed",
            "cotangent-onnx",
            "cotangent-kernels",
            "cotangent-nn");
    private static final String PRINTED = "tensor([[ 2.0000, -3.0000]], requires_grad=True)";

    /** Compiled classes are copied too, except in the full tier, which starts from a clean checkout. */
    private static final boolean CLEAN = Boolean.getBoolean("contract.thorough");

    private static String section = "";
    private static String moduleSection = "";

    @BeforeAll
    static void prepare() throws IOException {
        assumeTrue(System.getProperty("os.name", "").equals("Linux"), "the page's commands are for a shell");
        assumeTrue(System.getProperty("maven.home") != null, "not run by Maven");
        String page = Files.readString(ROOT.resolve("docs/tutorials/first-project.md"));
        int modules = page.indexOf("## As a Java module");
        section = page.substring(0, modules);
        moduleSection = page.substring(modules);
        delete(CHECKOUT);
        delete(PROJECT);
        delete(MODULE);
        delete(REPOSITORY.resolve(GROUP));
        Files.createDirectories(WORK.resolve("bin"));
        // The page's `mvn` is the Maven that runs this build, on the same Java.
        Path mvn = Files.writeString(WORK.resolve("bin/mvn"), """
            #!/bin/sh
            export JAVA_HOME='%s'
            exec '%s' --global-settings '%s' '-Dmaven.repo.local=%s' %s $MORE "$@"
            """.formatted(
                System.getProperty("maven.java.home"),
                Path.of(System.getProperty("maven.home"), "bin", "mvn"),
                settings(),
                REPOSITORY,
                "offline true".equals(System.getProperty("maven.mode")) ? "-o -Daether.offline.protocols=file" : ""));
        assertTrue(mvn.toFile().setExecutable(true));
    }

    /** Writes settings that look for plugins and libraries in this build's repository before asking a server. */
    private static Path settings() throws IOException {
        String build = """
            <id>build</id>
            <url>%s</url>
            <releases><checksumPolicy>ignore</checksumPolicy></releases>
            <snapshots><enabled>false</enabled></snapshots>
            """.formatted(
                        Path.of(System.getProperty("maven.repository", "")).toUri());
        return Files.writeString(WORK.resolve("settings.xml"), """
            <settings>
                <profiles>
                    <profile>
                        <id>build</id>
                        <repositories><repository>%1$s</repository></repositories>
                        <pluginRepositories><pluginRepository>%1$s</pluginRepository></pluginRepositories>
                    </profile>
                </profiles>
                <activeProfiles><activeProfile>build</activeProfile></activeProfiles>
            </settings>
            """.formatted(build));
    }

    @Test
    void theCommandsInstallBuildAndRun() throws Exception {
        copyCheckout();
        List<String> commands = commands(section);
        // This build has checked the formatting, and copied classes were made from sources in another folder.
        String more = CLEAN ? "" : "-Dexec.skip -Dmaven.compiler.useIncrementalCompilation=false";
        run(CHECKOUT, more, commands.getFirst());
        assertEquals(INSTALLED, names(REPOSITORY.resolve(GROUP)));
        assertSources("cotangent-core");

        write(PROJECT.resolve("src/main/java/App.java"), blocks(section, "java").getFirst());
        write(PROJECT.resolve("pom.xml"), pom());
        assertEquals(2, runAll(PROJECT, commands.subList(1, commands.size())), "times that the application ran");
        assertTrue(section.contains(PRINTED), "the page does not show the output");

        List<String> sources = blocks(moduleSection, "java");
        write(MODULE.resolve("src/main/java/module-info.java"), sources.getFirst());
        write(MODULE.resolve("src/main/java/com/example/app/App.java"), sources.get(1));
        write(MODULE.resolve("pom.xml"), pom());
        assertEquals(1, runAll(MODULE, commands(moduleSection)), "times that the module ran");
    }

    /** Runs the lines of the page and returns how many printed the trained parameters. */
    private static int runAll(Path folder, List<String> commands) throws IOException, InterruptedException {
        int trained = 0;
        for (String command : commands) {
            List<String> lines = run(folder, "", command);
            assertEquals(
                    List.of(), lines.stream().filter(InstallTest::isWarning).toList());
            if (lines.contains(PRINTED)) trained++;
        }
        return trained;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Checks that the versions are those of this build, which are known to work and are downloaded already. */
    @Test
    void theVersionsAreThoseOfTheBuild() throws IOException {
        String build = Files.readString(ROOT.resolve("pom.xml"));
        String xml = blocks(section, "xml").getFirst();
        for (String plugin : List.of("maven-compiler-plugin", "maven-toolchains-plugin", "exec-maven-plugin")) {
            assertEquals(version(build, plugin), version(xml, plugin), plugin);
        }
        assertTrue(xml.contains("<version>[" + property(build, "java.release") + ",)</version>"), "the JDK");
    }

    /** Returns the page's pom, with the versions of this build for plugins that come with Maven. */
    private static String pom() throws IOException {
        String build = Files.readString(ROOT.resolve("pom.xml"));
        StringBuilder pinned = new StringBuilder();
        for (String plugin : List.of("maven-resources-plugin", "maven-dependency-plugin")) {
            pinned.append("<plugin><artifactId>%s</artifactId><version>%s</version></plugin>%n"
                    .formatted(plugin, version(build, plugin)));
        }
        String mine = blocks(section, "xml").getFirst();
        assertTrue(mine.contains("<build>"));
        return mine.replace("<build>", "<build><pluginManagement><plugins>" + pinned + "</plugins></pluginManagement>");
    }

    /** Checks the sources jar, from which editors show Javadoc. */
    private static void assertSources(String artifact) throws IOException {
        try (Stream<Path> files = Files.walk(REPOSITORY.resolve(GROUP).resolve(artifact))) {
            Path jar = files.filter(f -> f.toString().endsWith("-sources.jar"))
                    .findFirst()
                    .orElseThrow();
            try (var zip = new ZipFile(jar.toFile())) {
                assertNotNull(zip.getEntry("dev/cotangent/Tensor.java"));
            }
        }
    }

    private static String version(String pom, String plugin) {
        return find(pom, "<artifactId>" + plugin + "</artifactId>\\s*<version>([^<]+)<");
    }

    private static String property(String pom, String name) {
        return find(pom, "<" + name + ">([^<]+)<");
    }

    private static String find(String text, String pattern) {
        Matcher m = Pattern.compile(pattern).matcher(text);
        assertTrue(m.find(), pattern);
        return m.group(1);
    }

    private static boolean isWarning(String line) {
        return line.contains("SLF4J") || line.contains("WARN") && !line.contains("jdk.incubator.vector");
    }

    private static List<String> blocks(String section, String language) {
        Matcher m =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(section);
        List<String> all = new ArrayList<>();
        while (m.find()) all.add(m.group(1));
        return all;
    }

    private static List<String> commands(String section) {
        return blocks(section, "sh").stream().flatMap(String::lines).toList();
    }

    /** Runs a line of the page in a shell and returns what it prints. */
    private static List<String> run(Path folder, String more, String command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(WORK, "log", ".txt");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        Path java = Path.of(System.getProperty("java.home"), "bin");
        environment.put("PATH", WORK.resolve("bin") + ":" + java + ":" + environment.get("PATH"));
        environment.put("MORE", more);
        int status = builder.start().waitFor();
        String printed = Files.readString(log);
        Files.delete(log);
        assertEquals(0, status, () -> command + "\n" + printed);
        return printed.lines().toList();
    }

    private static void copyCheckout() throws IOException {
        copy(ROOT.resolve("pom.xml"), CHECKOUT.resolve("pom.xml"));
        copy(ROOT.resolve("tools"), CHECKOUT.resolve("tools"));
        for (String module : names(ROOT)) {
            if (!Files.exists(ROOT.resolve(module).resolve("pom.xml"))) continue;
            for (String part : List.of("pom.xml", "src")) {
                if (!Files.exists(ROOT.resolve(module).resolve(part))) continue;
                copy(
                        ROOT.resolve(module).resolve(part),
                        CHECKOUT.resolve(module).resolve(part));
            }
            for (String part : List.of("classes", "test-classes")) {
                Path classes = ROOT.resolve(module).resolve("target").resolve(part);
                if (!CLEAN && Files.exists(classes)) {
                    copy(classes, CHECKOUT.resolve(module).resolve("target").resolve(part));
                }
            }
        }
    }

    /** Copies a file or a folder with the times of files, except for the golden data, which only tests read. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                String name = from.relativize(file).toString();
                if (name.contains("resources/golden")) continue;
                Path copy = to.resolve(name);
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return Set.copyOf(files.filter(Files::isDirectory)
                    .map(f -> f.getFileName().toString())
                    .toList());
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
