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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds CUDA's libraries: in the folders of the property {@code cotangent.cuda.path}, of {@code CUDA_HOME},
 * {@code CUDA_PATH} and {@code LD_LIBRARY_PATH}, in those of toolkits, distributions and Conda, and in Python's
 * site-packages, where PyTorch installs them. The first folder that has a library of a version that the driver supports wins.
 */
public final class CudaLibraries {
    /** Name of the property that lists the folders to search first. */
    public static final String PATH = "cotangent.cuda.path";

    private static final int OLDEST = 12;
    private static final int NEWEST = 13;
    private static final Host HOST = Host.local();

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
        String name = HOST.windows() ? "nvcuda.dll" : "libcuda.so.1";
        for (Path folder : HOST.configured(System.getProperty(PATH))) {
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
                Path file = folder.resolve(HOST.fileName(library, major));
                if (Files.isRegularFile(file)) return Optional.of(new Found(file, major));
            }
        }
        return Optional.empty();
    }

    /** Returns the existing folders that are searched, in order. */
    public static List<Path> folders() {
        return HOST.folders(System.getProperty(PATH)).stream()
                .filter(Files::isDirectory)
                .toList();
    }

    /**
     * What the search depends on, apart from the property.
     *
     * @param environment a variable's value, or null
     * @param root what absolute folders lie below, {@code /} unless in tests
     * @param home the user's folder
     * @param windows whether names and folders are those of Windows
     */
    record Host(Function<String, @Nullable String> environment, Path root, Path home, boolean windows) {
        static Host local() {
            boolean windows = System.getProperty("os.name", "").startsWith("Windows");
            return new Host(System::getenv, Path.of("/"), Path.of(System.getProperty("user.home", "/")), windows);
        }

        String fileName(String library, int major) {
            if (!windows) return "lib" + library + ".so." + major;
            return library.equals("nvrtc") ? "nvrtc64_" + major + "0_0.dll" : library + "64_" + major + ".dll";
        }

        /** Returns the folders of a property, of CUDA's variables, and of the loader's path. */
        List<Path> configured(@Nullable String property) {
            Set<Path> all = new LinkedHashSet<>();
            add(all, property);
            for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
                Path home = variable(variable);
                if (home == null) continue;
                if (windows) {
                    // CUDA 13 has its libraries in a folder for each processor.
                    all.add(home.resolve("bin").resolve("x64"));
                    all.add(home.resolve("bin"));
                } else {
                    all.add(home.resolve("lib64"));
                    all.add(home.resolve("lib"));
                }
            }
            if (!windows) add(all, environment.apply("LD_LIBRARY_PATH"));
            return List.copyOf(all);
        }

        Set<Path> folders(@Nullable String property) {
            Set<Path> all = new LinkedHashSet<>(configured(property));
            Path conda = variable("CONDA_PREFIX");
            if (windows) {
                add(all, environment.apply("PATH"));
                if (conda != null) {
                    all.add(conda.resolve("Library").resolve("bin"));
                    all.add(conda.resolve("Library").resolve("bin").resolve("x64"));
                }
            } else {
                for (Path cuda : list(root.resolve("usr/local"), "cuda*")) all.add(cuda.resolve("lib64"));
                for (String fixed : List.of("usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib", "opt/cuda/lib64")) {
                    all.add(root.resolve(fixed));
                }
                if (conda != null) all.add(conda.resolve("lib"));
            }
            sitePackages(all);
            return all;
        }

        private @Nullable Path variable(String name) {
            String value = environment.apply(name);
            return value == null || value.isBlank() ? null : Path.of(value);
        }

        private void add(Set<Path> all, @Nullable String folders) {
            if (folders == null) return;
            for (String folder : folders.split(windows ? ";" : ":")) {
                if (!folder.isBlank()) all.add(Path.of(folder.strip()));
            }
        }

        private void sitePackages(Set<Path> all) {
            List<Path> roots = new ArrayList<>();
            for (String name : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
                Path environmentRoot = variable(name);
                if (environmentRoot != null) roots.add(environmentRoot);
            }
            // The Python on the PATH, such as that of a container's /opt/conda.
            Set<Path> programs = new LinkedHashSet<>();
            add(programs, environment.apply("PATH"));
            if (windows) {
                for (Path folder : programs) {
                    if (!Files.isRegularFile(folder.resolve("python.exe"))) continue;
                    roots.add(folder);
                    if (folder.getParent() != null) roots.add(folder.getParent());
                }
                for (Path base : roots) packages(base.resolve("Lib").resolve("site-packages"), all);
                return;
            }
            roots.add(home.resolve(".local"));
            roots.add(root.resolve("usr/local"));
            roots.add(root.resolve("usr"));
            for (Path folder : programs) {
                if (Files.isExecutable(folder.resolve("python3")) && folder.getParent() != null) {
                    roots.add(folder.getParent());
                }
            }
            for (Path base : roots) {
                for (Path python : list(base.resolve("lib"), "python3*")) {
                    for (String folder : List.of("site-packages", "dist-packages")) {
                        packages(python.resolve(folder), all);
                    }
                }
            }
        }

        /** Adds the folders of NVIDIA's packages: one for each library, and since CUDA 13 one for all. */
        private void packages(Path sitePackages, Set<Path> all) {
            for (Path part : list(sitePackages.resolve("nvidia"), "*")) {
                if (windows) {
                    all.add(part.resolve("bin").resolve("x86_64"));
                    all.add(part.resolve("bin"));
                } else {
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
