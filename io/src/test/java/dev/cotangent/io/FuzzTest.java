package dev.cotangent.io;

import static org.junit.jupiter.api.Assertions.fail;

import dev.cotangent.CotangentException;
import dev.cotangent.NdArray;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files with random changes: each is read, or raises an exception of this library that names it, and takes no more
 * memory than its size explains.
 */
class FuzzTest {
    private static final int COUNT = Boolean.getBoolean("contract.thorough") ? 20_000 : 60;
    private static final Path FILES = Path.of("src/test/resources/files");
    /** A byte of a pickle may be a dictionary, one of a deflated entry a thousand bytes, of which some copies are made. */
    private static final long BYTES_PER_BYTE = 8000;

    private static final long ALWAYS = 1 << 20;

    @TempDir
    @Nullable
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "saved.pt",
                "protocol2.pt",
                "protocol4.pt",
                "legacy.pt",
                "training.pt",
                "zip64.pt",
                "saved.safetensors",
                "saved.npz",
                "compressed.npz",
                "vector.npy"
            })
    void changedFilesAreReadOrRefused(String name) throws IOException {
        if (folder == null) throw new IllegalStateException("no folder");
        long seed = Long.getLong("contract.seed", 1);
        byte[] original = Files.readAllBytes(FILES.resolve(name));
        // Loads the classes of the format, whose memory is not the file's.
        load(FILES.resolve(name), Torch.loadOptions());
        for (int i = 0; i < COUNT; i++) {
            SplittableRandom random = new SplittableRandom(seed * 1_000_003 + i);
            // Below the checksums, every other time.
            byte[] changed = i % 2 == 0 || !name.matches(".*\\.(pt|npz)")
                    ? changed(original, random)
                    : changedInside(original, random);
            Path file = folder.resolve(name);
            Files.deleteIfExists(file);
            Files.write(file, changed);
            try {
                read(file, Torch.loadOptions().verifyChecksums(i % 4 != 2));
            } catch (Throwable e) {
                Files.write(Path.of("target").resolve("fuzz-" + name), changed);
                fail("change " + i + " of " + name + " with seed " + seed + ", kept in target", e);
            }
        }
    }

    private static void load(Path file, LoadOptions options) throws IOException {
        String name = file.toString();
        if (name.endsWith(".pt")) Torch.load(file, options);
        else if (name.endsWith(".safetensors")) Safetensors.load(file, options);
        else if (name.endsWith(".npz")) Npz.load(file, options);
        else NdArray.load(file);
    }

    private static void read(Path file, LoadOptions options) throws IOException {
        Allocations all = new Allocations();
        try {
            load(file, options);
        } catch (CotangentException e) {
            if (!String.valueOf(e.getMessage()).contains(file.getFileName().toString())) {
                throw new AssertionError("the message does not name the file", e);
            }
        }
        long most = ALWAYS + BYTES_PER_BYTE * Files.size(file);
        if (all.bytes() > most) throw new AssertionError(all.bytes() + " bytes were allocated");
    }

    /** Changes bits, bytes and numbers, cuts pieces out or off, and copies pieces over others. */
    private static byte[] changed(byte[] bytes, SplittableRandom random) {
        byte[] out = bytes.clone();
        if (out.length == 0) return out;
        int changes = 1 + random.nextInt(4);
        for (int c = 0; c < changes && out.length > 16; c++) {
            int at = random.nextInt(out.length - 8);
            int length = 1 + random.nextInt(Math.min(64, out.length - at));
            switch (random.nextInt(8)) {
                case 0, 1 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> out[at] = (byte) random.nextInt();
                case 3 -> {
                    long[] edges = {0, -1, 1, 1L << 31, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40};
                    ByteBuffer buffer = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
                    long edge = edges[random.nextInt(edges.length)];
                    if (random.nextBoolean()) buffer.putLong(at, edge);
                    else buffer.putInt(at, (int) edge);
                }
                case 4 -> {
                    byte[] cut = Arrays.copyOf(out, out.length - length);
                    System.arraycopy(out, at + length, cut, at, out.length - at - length);
                    out = cut;
                }
                case 5 -> out = Arrays.copyOf(out, at);
                case 6 -> {
                    byte[] longer = Arrays.copyOf(out, out.length + length);
                    System.arraycopy(out, at, longer, at + length, out.length - at);
                    out = longer;
                }
                default -> {
                    int from = random.nextInt(out.length);
                    System.arraycopy(out, from, out, at, Math.min(length, out.length - Math.max(from, at)));
                }
            }
        }
        return out;
    }

    /** Changes an entry of an archive, with the right checksum; or a legacy file. */
    private byte[] changedInside(byte[] bytes, SplittableRandom random) throws IOException {
        if (!ZipArchive.isZip(MemorySegment.ofArray(bytes))) return changed(bytes, random);
        ZipArchive zip = new ZipArchive(MemorySegment.ofArray(bytes));
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (String name : zip.names()) {
            MemorySegment data = zip.data(name, true);
            if (data != null) entries.put(name, data.toArray(ValueLayout.JAVA_BYTE));
        }
        String pickle =
                zip.names().stream().filter(n -> n.endsWith(".pkl")).findFirst().orElse("");
        String[] names = entries.keySet().toArray(String[]::new);
        String chosen = pickle.isEmpty() || random.nextInt(4) == 0 ? names[random.nextInt(names.length)] : pickle;
        entries.computeIfPresent(chosen, (_, data) -> changed(data, random));
        if (folder == null) throw new IllegalStateException("no folder");
        Path file = folder.resolve("inside");
        Archives.write(file, entries);
        return Files.readAllBytes(file);
    }
}
