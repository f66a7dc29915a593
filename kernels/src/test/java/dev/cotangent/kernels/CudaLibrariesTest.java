package dev.cotangent.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.kernels.CudaLibraries.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests where CUDA's libraries are looked for, on Linux and on Windows. */
class CudaLibrariesTest {
    @TempDir
    Path root;

    private Path folder(String path) throws IOException {
        return Files.createDirectories(root.resolve(path));
    }

    private Host host(boolean windows, Map<String, String> variables) {
        return new Host(variables::get, root, root.resolve("home"), windows);
    }

    @Test
    void linuxSearchesToolkitsCondaAndPip() throws IOException {
        Path toolkit = folder("usr/local/cuda-13.0/lib64");
        Path conda = folder("conda/lib");
        Path pip = folder("venv/lib/python3.12/site-packages/nvidia/cublas/lib");
        Path all = folder("venv/lib/python3.12/site-packages/nvidia/cu13/lib");
        Path user = folder("home/.local/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib");
        List<Path> found = new ArrayList<>(
                host(false, Map.of("CONDA_PREFIX", conda.getParent().toString(), "VIRTUAL_ENV", root + "/venv"))
                        .folders("/first:/second"));
        found.removeIf(
                f -> !List.of(Path.of("/first"), toolkit, conda, pip, all, user).contains(f));
        assertEquals(List.of(Path.of("/first"), toolkit, conda, pip, all, user), found);
    }

    @Test
    void windowsSearchesTheFoldersOfEveryVersion() throws IOException {
        Path toolkit = folder("CUDA/v13.0");
        Path conda = folder("conda");
        Path python = folder("Python312");
        Files.createFile(python.resolve("python.exe"));
        Path pip = folder("Python312/Lib/site-packages/nvidia/cu13/bin/x86_64");
        Path older = folder("Python312/Lib/site-packages/nvidia/cublas/bin");
        Host host = host(
                true,
                Map.of("CUDA_PATH", toolkit.toString(), "CONDA_PREFIX", conda.toString(), "PATH", python.toString()));
        List<Path> found = new ArrayList<>(host.folders(null));
        assertEquals(toolkit.resolve("bin/x64"), found.get(0));
        assertEquals(toolkit.resolve("bin"), found.get(1));
        assertTrue(
                found.containsAll(List.of(conda.resolve("Library/bin"), conda.resolve("Library/bin/x64"), pip, older)),
                found.toString());
        assertEquals("nvrtc64_130_0.dll", host.fileName("nvrtc", 13));
        assertEquals("cublas64_12.dll", host.fileName("cublas", 12));
    }
}
