package dev.cotangent.jcuda;

import dev.cotangent.CotangentException;
import dev.cotangent.internal.Logs;
import dev.cotangent.ir.Program;
import dev.cotangent.kernels.KernelSource;
import dev.cotangent.kernels.KernelSources;
import dev.cotangent.kernels.Nvrtc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Cache of compiled kernels, in memory and in a folder shared by processes. A file is named by the hash of its inputs,
 * contains its own hash, and is moved into place atomically; a damaged or rejected one is compiled again.
 */
final class KernelCache {
    /** Name of the property with the folder, or {@code off}. */
    static final String FOLDER = "cotangent.cuda.kernels";

    private static final Logger LOG = Logs.of(KernelCache.class);
    private static final int HASH = 32;
    private static final int RECENT = 1024;
    private static final long SECOND = 1_000_000_000;

    private final CudaDevice device;
    private final Nvrtc nvrtc;
    private final String architecture;
    private final @Nullable Path folder;
    /** Modules by {@link #name}. */
    private final Map<String, Module> modules = new ConcurrentHashMap<>();

    private final Map<List<?>, Module> templates = new ConcurrentHashMap<>();
    private final Map<Program, Map<Object, Module>> programs = new WeakHashMap<>();
    private final @Nullable Elementwise[] recent = new Elementwise[RECENT];
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger compiledKernels = new AtomicInteger();
    private final AtomicLong nextLog = new AtomicLong(SECOND);

    /** A loaded module and its kernels. */
    final class Module {
        private final CUmodule module;
        private final Map<String, Long> functions = new ConcurrentHashMap<>();

        private Module(CUmodule module) {
            this.module = module;
        }

        long kernel(String name) {
            return functions.computeIfAbsent(name, n -> device.function(module, n));
        }
    }

    /** The two kernels of a program, for contiguous operands and for strided ones. */
    record Elementwise(Program program, boolean wide, long contiguous, long strided) {}

    KernelCache(CudaDevice device, Nvrtc nvrtc) {
        this.device = device;
        this.nvrtc = nvrtc;
        this.architecture = nvrtc.target(device.capability());
        this.folder = folder();
    }

    /** Describes where compiled kernels are cached. */
    static String location() {
        Path folder = folder();
        return folder == null ? "in memory only" : "in " + folder;
    }

    private static @Nullable Path folder() {
        String named = System.getProperty(FOLDER);
        if (named != null) return named.equals("off") ? null : Path.of(named);
        String cache = System.getenv("XDG_CACHE_HOME");
        if (cache == null || cache.isBlank()) cache = System.getenv("LOCALAPPDATA");
        Path root = cache == null || cache.isBlank()
                ? Path.of(System.getProperty("user.home", "."), ".cache")
                : Path.of(cache);
        return root.resolve("cotangent").resolve("kernels");
    }

    /** Returns the element-wise kernels of a program; lock-free if recently used. */
    Elementwise pointwise(Program program, boolean wide) {
        int slot = (System.identityHashCode(program) << 1 | (wide ? 1 : 0)) & RECENT - 1;
        Elementwise known = recent[slot];
        if (known != null && known.program == program && known.wide == wide) return known;
        Module module = of(program, wide, () -> KernelSources.pointwise(program, wide));
        Elementwise loaded = new Elementwise(program, wide, module.kernel("contiguous"), module.kernel("strided"));
        recent[slot] = loaded;
        return loaded;
    }

    /** Returns a module of a program; {@code key} distinguishes its modules. */
    Module of(Program program, Object key, Supplier<KernelSource> source) {
        synchronized (programs) {
            Map<Object, Module> known = programs.get(program);
            Module module = known == null ? null : known.get(key);
            if (module != null) return module;
        }
        Module module = of(source.get());
        synchronized (programs) {
            programs.computeIfAbsent(program, p -> new HashMap<>()).put(key, module);
        }
        return module;
    }

    /** Returns a module of a template; {@code key} names the template and its specialization. */
    Module of(List<?> key, Supplier<KernelSource> source) {
        Module module = templates.get(key);
        return module != null ? module : templates.computeIfAbsent(key, unused -> of(source.get()));
    }

    private Module of(KernelSource source) {
        return modules.computeIfAbsent(name(source), name -> load(name, source));
    }

    private Module load(String name, KernelSource source) {
        Path entry = folder == null ? null : folder.resolve(name + ".cubin");
        byte[] cached = entry == null ? null : read(entry);
        CUmodule module = new CUmodule();
        if (cached != null) {
            if (device.load(module, cached) == 0) return new Module(module);
            LOG.info("{} is rejected by the driver and is compiled again", entry);
        }
        byte[] cubin = compile(source);
        int code = device.load(module, cubin);
        if (code != 0) {
            throw new CotangentException("the driver rejects the kernel \"" + source.name() + "\" compiled for "
                    + architecture + " by NVRTC " + nvrtc.version() + " (" + CUresult.stringFor(code)
                    + "); a driver older than NVRTC is the usual reason");
        }
        if (entry != null) write(entry, cubin);
        return new Module(module);
    }

    private byte[] compile(KernelSource source) {
        long start = System.nanoTime();
        Nvrtc.Compiled compiled = nvrtc.compile(source, architecture);
        if (!compiled.log().isEmpty()) LOG.debug("{}: {}", source.name(), compiled.log());
        logProgress(nanos.addAndGet(System.nanoTime() - start), compiledKernels.incrementAndGet());
        return compiled.cubin();
    }

    /** Logs the time spent compiling, after a second and then each time it has doubled. */
    private void logProgress(long spent, int kernels) {
        long due = nextLog.get();
        if (spent < due || !nextLog.compareAndSet(due, 2 * due)) return;
        LOG.info("Compiling CUDA kernels: {} in {} s so far; they are cached {}", kernels, spent / SECOND, location());
    }

    private String name(KernelSource source) {
        MessageDigest hash = sha256();
        for (String part : new String[] {
            source.text(),
            architecture,
            Nvrtc.OPTIONS.toString(),
            nvrtc.version(),
            nvrtc.path().toString()
        }) {
            hash.update(part.getBytes(StandardCharsets.UTF_8));
            hash.update((byte) 0);
        }
        return HexFormat.of().formatHex(hash.digest());
    }

    private static byte @Nullable [] read(Path entry) {
        try {
            if (!Files.isRegularFile(entry)) return null;
            byte[] all = Files.readAllBytes(entry);
            byte[] cubin = Arrays.copyOfRange(all, Math.min(HASH, all.length), all.length);
            if (Arrays.equals(sha256().digest(cubin), Arrays.copyOf(all, HASH))) return cubin;
            LOG.info("{} is damaged and is compiled again", entry);
        } catch (IOException e) {
            LOG.debug("{} cannot be read: {}", entry, e.getMessage());
        }
        return null;
    }

    private static void write(Path entry, byte[] cubin) {
        try {
            Path folder = entry.getParent();
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, "new", null);
            try {
                byte[] all = Arrays.copyOf(sha256().digest(cubin), HASH + cubin.length);
                System.arraycopy(cubin, 0, all, HASH, cubin.length);
                Files.write(temporary, all);
                Files.move(temporary, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be written: {}", entry, e.getMessage());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
