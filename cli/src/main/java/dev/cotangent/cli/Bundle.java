package dev.cotangent.cli;

import dev.cotangent.CotangentException;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cotangent bundle}: packs an archive for Linux hosts without Java. */
@Command(
        name = "bundle",
        description = {
            "Writes an archive for a Linux host without Java: a runtime image, all jars, the conformance suite, the"
                    + " golden data, the benchmarks.",
            "There, bin/cotangent selftest, bench and doctor run from the folder it unpacks to."
        },
        mixinStandardHelpOptions = true)
final class Bundle implements Callable<Integer> {
    private static final String NAME = "cotangent";
    private static final String MODULES =
            "java.base,java.logging,java.management,java.xml,jdk.incubator.vector,jdk.management,jdk.unsupported,jdk.zipfs";

    /** Jars for other systems, for charts (which need java.desktop), or for tests that need the sources. */
    private static final Pattern EXCLUDED = Pattern.compile(
            ".*-windows-.*|xchart-.*|archunit-.*|.*-sources\\.jar|junit-(platform-(engine|launcher)|jupiter-(engine|params)).*");

    /** Unused, and a third of the archive: NVRTC compiles to machine code without it. */
    private static final Pattern UNUSED_LIBRARY = Pattern.compile("lib/libJNvPTXCompiler-.*");

    private static final String LAUNCHER = """
        #!/bin/sh
        # The cotangent command on the bundled runtime.
        set -u
        here=$0
        while [ -L "$here" ]; do
            target=$(readlink "$here")
            case $target in
                /*) here=$target ;;
                *) here=$(dirname "$here")/$target ;;
            esac
        done
        root=$(CDPATH='' cd -- "$(dirname -- "$here")/.." && pwd -P) || exit 1
        exec sh "$root/bin/quietly" "$root/runtime/bin/java" OPTIONS \\
            -Dcotangent.home="$root" -cp "$root/lib/*" \\
            dev.cotangent.cli.Cotangent "$@"
        """.replace("OPTIONS", String.join(" ", ChildJvm.OPTIONS));

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "${sys:cotangent.output:-target}/cotangent-linux-x86_64.tar.gz",
            description = "The archive (default ${DEFAULT-VALUE}).")
    private Path archive = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Needs.module("jdk.jlink", "bundle");
        Outputs.checkFile(spec, "--out", archive);
        Path home = Path.of(System.getProperty("cotangent.home", "."));
        Path golden = home.resolve("tests/src/test/resources/golden");
        List<Path> jars = jars();
        if (!Files.isDirectory(golden)) throw new CotangentException("no golden data at " + golden);
        Path work = Files.createTempDirectory(NAME);
        try {
            Path root = Files.createDirectory(work.resolve(NAME));
            runtime(root.resolve("runtime"));
            Path lib = Files.createDirectory(root.resolve("lib"));
            for (Path jar : jars) copyJar(jar, lib.resolve(jar.getFileName()));
            copyFolder(golden, root.resolve("golden"));
            Path bin = Files.createDirectory(root.resolve("bin"));
            Files.writeString(bin.resolve(NAME), LAUNCHER);
            if (!bin.resolve(NAME).toFile().setExecutable(true, false)) {
                throw new IOException("cannot make " + bin.resolve(NAME) + " executable");
            }
            Files.copy(home.resolve("tools/quietly"), bin.resolve("quietly"));
            for (String file : List.of("LICENSE", "README.md")) Files.copy(home.resolve(file), root.resolve(file));
            copyFolder(home.resolve("docs"), root.resolve("docs"));
            pack(work);
        } finally {
            delete(work);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s, %.1f MB%n", archive.normalize(), Files.size(archive) / 1e6);
        out.printf("There: tar xzf %s && %s/bin/cotangent selftest --device cuda%n", archive.getFileName(), NAME);
        out.flush();
        return 0;
    }

    /** Returns the jars of the class path: the command, the tests and their libraries. */
    private static List<Path> jars() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            if (!entry.endsWith(".jar")) throw new CotangentException("only jars can be bundled, not " + jar);
            all.add(jar);
            try (var file = new JarFile(jar.toFile())) {
                Manifest manifest = file.getManifest();
                String more =
                        manifest == null ? null : manifest.getMainAttributes().getValue("Class-Path");
                if (more == null || !jar.getFileName().toString().startsWith(NAME)) continue;
                for (String name : more.split(" ")) all.add(jar.resolveSibling(name));
            }
        }
        Set<String> names = new HashSet<>();
        all.removeIf(jar -> EXCLUDED.matcher(jar.getFileName().toString()).matches()
                || !names.add(jar.getFileName().toString()));
        return all;
    }

    private static void runtime(Path to) {
        ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow();
        int status = jlink.run(
                System.out,
                System.err,
                "--add-modules",
                MODULES,
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                // The archive itself is compressed.
                "--compress",
                "zip-0",
                "--output",
                to.toString());
        if (status != 0) throw new CotangentException("jlink failed with status " + status);
    }

    private static void copyJar(Path from, Path to) throws IOException {
        if (!from.getFileName().toString().startsWith("jcuda-natives")) {
            Files.copy(from, to);
            return;
        }
        try (var in = new ZipInputStream(Files.newInputStream(from));
                var out = new ZipOutputStream(Files.newOutputStream(to))) {
            for (ZipEntry e; (e = in.getNextEntry()) != null; ) {
                if (UNUSED_LIBRARY.matcher(e.getName()).matches()) continue;
                out.putNextEntry(new ZipEntry(e.getName()));
                in.transferTo(out);
            }
        }
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) Files.copy(file, to.resolve(from.relativize(file)));
        }
    }

    private void pack(Path work) throws IOException, InterruptedException {
        Path file = archive.toAbsolutePath();
        Path folder = Optional.ofNullable(file.getParent()).orElse(work);
        Files.createDirectories(folder);
        Path fresh = work.resolve("fresh");
        Process tar = new ProcessBuilder(
                        "tar", "--owner=0", "--group=0", "--sort=name", "-I", "gzip -9", "-cf", fresh.toString(), NAME)
                .directory(work.toFile())
                .inheritIO()
                .start();
        if (tar.waitFor() != 0) throw new CotangentException("tar failed with status " + tar.exitValue());
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) Files.delete(file);
        }
    }
}
