package dev.cotangent.kernels;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where CUDA's libraries are: in the folders of the property {@code cotangent.cuda.path}, of {@code CUDA_HOME},
 * {@code CUDA_PATH} and {@code LD_LIBRARY_PATH}, where toolkits and distributions put them, and in Python's
 * site-packages, where they come with PyTorch. The first folder that has a library counts.
 */
public final class CudaLibraries {
    /** The property that names folders to look into first. */
    public static final String PATH = "cotangent.cuda.path";

    private static final String SEPARATOR = System.getProperty("path.separator", ":");
    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

    private CudaLibraries() {}

    /**
     * A library that was found.
     *
     * @param path the file
     * @param major the major version its name says, such as 12
     */
    public record Found(Path path, int major) {}

    /** The CUDA driver: where it is named by folder, else by its name alone for the loader to find. */
    public static String driver() {
        String name = WINDOWS ? "nvcuda.dll" : "libcuda.so.1";
        for (Path folder : named()) {
            if (Files.isRegularFile(folder.resolve(name)))
                return folder.resolve(name).toString();
        }
        for (String folder : List.of("/usr/lib/wsl/lib")) {
            if (Files.isRegularFile(Path.of(folder, name)))
                return Path.of(folder, name).toString();
        }
        return name;
    }

    /** NVRTC, version 12 or 13. */
    public static Optional<Found> nvrtc() {
        return find("nvrtc");
    }

    /** cuBLAS, version 12 or 13. */
    public static Optional<Found> cublas() {
        return find("cublas");
    }

    /** A file in the folder of another whose name starts so, such as {@code libnvrtc-builtins.so.13.0}. */
    public static Optional<Path> beside(Path library, String start) {
        Path folder = library.getParent();
        if (folder == null) return Optional.empty();
        return list(folder, start + "*").stream()
                .filter(p -> !p.getFileName().toString().contains(".alt."))
                .findFirst();
    }

    private static Optional<Found> find(String library) {
        for (Path folder : folders()) {
            for (int major : new int[] {13, 12}) {
                String name = WINDOWS ? windowsName(library, major) : "lib" + library + ".so." + major;
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file)) return Optional.of(new Found(file, major));
            }
        }
        return Optional.empty();
    }

    private static String windowsName(String library, int major) {
        return library.equals("nvrtc") ? "nvrtc64_" + major + "0_0.dll" : library + "64_" + major + ".dll";
    }

    /** All folders that are looked into, the first to be searched first; only those that there are. */
    public static List<Path> folders() {
        Set<Path> all = new LinkedHashSet<>(named());
        if (WINDOWS) {
            add(all, System.getenv("PATH"));
        } else {
            for (Path cuda : list(Path.of("/usr/local"), "cuda*")) all.add(cuda.resolve("lib64"));
            for (String fixed : List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/opt/cuda/lib64")) {
                all.add(Path.of(fixed));
            }
            sitePackages(all);
        }
        return all.stream().filter(Files::isDirectory).toList();
    }

    private static List<Path> named() {
        Set<Path> all = new LinkedHashSet<>();
        add(all, System.getProperty(PATH));
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            String home = System.getenv(variable);
            if (home == null || home.isBlank()) continue;
            all.add(Path.of(home, WINDOWS ? "bin" : "lib64"));
            all.add(Path.of(home, "lib"));
        }
        if (!WINDOWS) add(all, System.getenv("LD_LIBRARY_PATH"));
        return List.copyOf(all);
    }

    private static void add(Set<Path> all, @Nullable String folders) {
        if (folders == null) return;
        for (String folder : folders.split(SEPARATOR)) if (!folder.isBlank()) all.add(Path.of(folder.strip()));
    }

    private static void sitePackages(Set<Path> all) {
        List<Path> roots = new ArrayList<>();
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            String root = System.getenv(variable);
            if (root != null && !root.isBlank()) roots.add(Path.of(root));
        }
        roots.add(Path.of(System.getProperty("user.home", "/"), ".local"));
        roots.add(Path.of("/usr/local"));
        roots.add(Path.of("/usr"));
        // Whatever Python a shell would start, such as that of a container's /opt/conda.
        Set<Path> programs = new LinkedHashSet<>();
        add(programs, System.getenv("PATH"));
        for (Path folder : programs) {
            if (Files.isExecutable(folder.resolve("python3")) && folder.getParent() != null) {
                roots.add(folder.getParent());
            }
        }
        for (Path root : roots) {
            for (Path python : list(root.resolve("lib"), "python3*")) {
                for (String packages : List.of("site-packages", "dist-packages")) {
                    for (Path part : list(python.resolve(packages).resolve("nvidia"), "*"))
                        all.add(part.resolve("lib"));
                }
            }
        }
    }

    private static List<Path> list(Path folder, String glob) {
        if (!Files.isDirectory(folder)) return List.of();
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            // A folder that cannot be read is as good as none.
            return List.of();
        }
        found.sort(Collections.reverseOrder());
        return found;
    }
}
