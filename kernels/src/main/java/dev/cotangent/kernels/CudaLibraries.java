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
 * Finds CUDA's libraries: in the folders of the property {@code cotangent.cuda.path}, of {@code CUDA_HOME},
 * {@code CUDA_PATH} and {@code LD_LIBRARY_PATH}, in those of toolkits and distributions, and in Python's site-packages,
 * where PyTorch installs them. The first folder that has a library of a version that the driver supports wins.
 */
public final class CudaLibraries {
    /** Name of the property that lists the folders to search first. */
    public static final String PATH = "cotangent.cuda.path";

    private static final int OLDEST = 12;
    private static final int NEWEST = 13;
    private static final String SEPARATOR = System.getProperty("path.separator", ":");
    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

    private CudaLibraries() {}

    /**
     * A library that was found.
     *
     * @param path the file
     * @param major the major version in its name, such as 12
     */
    public record Found(Path path, int major) {}

    /** Returns the CUDA driver: its path if it is in a configured folder, else its bare name for the loader. */
    public static String driver() {
        String name = WINDOWS ? "nvcuda.dll" : "libcuda.so.1";
        for (Path folder : configured()) {
            if (Files.isRegularFile(folder.resolve(name)))
                return folder.resolve(name).toString();
        }
        for (String folder : List.of("/usr/lib/wsl/lib")) {
            if (Files.isRegularFile(Path.of(folder, name)))
                return Path.of(folder, name).toString();
        }
        return name;
    }

    /** Returns NVRTC, version 12 or 13. */
    public static Optional<Found> nvrtc() {
        return nvrtc(NEWEST);
    }

    /**
     * Returns the newest NVRTC whose code a driver loads.
     *
     * @param driver the driver's major version of CUDA, such as 12
     */
    public static Optional<Found> nvrtc(int driver) {
        return find("nvrtc", driver);
    }

    /** Returns cuBLAS, version 12 or 13. */
    public static Optional<Found> cublas() {
        return cublas(NEWEST);
    }

    /**
     * Returns the newest cuBLAS that works with a driver.
     *
     * @param driver the driver's major version of CUDA, such as 12
     */
    public static Optional<Found> cublas(int driver) {
        return find("cublas", driver);
    }

    /** Returns a file of a library's folder by the start of its name, such as {@code libnvrtc-builtins}. */
    public static Optional<Path> sibling(Path library, String start) {
        Path folder = library.getParent();
        if (folder == null) return Optional.empty();
        return list(folder, start + "*").stream()
                .filter(p -> !p.getFileName().toString().contains(".alt."))
                .findFirst();
    }

    private static Optional<Found> find(String library, int driver) {
        for (Path folder : folders()) {
            for (int major = Math.min(NEWEST, driver); major >= OLDEST; major--) {
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

    /** Returns the existing folders that are searched, in order. */
    public static List<Path> folders() {
        Set<Path> all = new LinkedHashSet<>(configured());
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

    private static List<Path> configured() {
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
        // The Python on the PATH, such as that of a container's /opt/conda.
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
            // An unreadable folder counts as empty.
            return List.of();
        }
        found.sort(Collections.reverseOrder());
        return found;
    }
}
