package dev.cotangent.io;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.internal.format.AtomicFile;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Parameter;
import dev.cotangent.optim.NAdam;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Written files: they are those that {@code verify.py} in their folder has read with PyTorch, safetensors and NumPy,
 * byte for byte. Where a file changes on purpose, run this test with {@code -Dio.keep=FOLDER}, then
 * {@code verify.py FOLDER}, and put the new files to its folder.
 */
class SavedFilesTest {
    private static final Path FILES = Path.of("src/test/resources/files");
    private static final @Nullable String KEEP = System.getProperty("io.keep");

    @TempDir
    static @Nullable Path temporary;

    private static Path folder() throws IOException {
        if (KEEP != null) return Files.createDirectories(Path.of(KEEP));
        if (temporary == null) throw new IllegalStateException("no folder");
        return temporary;
    }

    private static Tensor base() {
        return arange(12).to(Dtype.FLOAT32).reshape(3, 4);
    }

    private static Map<String, @Nullable Object> everything() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        Tensor base = base();
        all.put("base", base);
        all.put("transposed", base.t());
        all.put("row", base.get(1));
        all.put("parameter", Parameter.of(ones(2, 2)));
        all.put("gradient", ones(3).requiresGrad_());
        Map<String, Tensor> dtypes = new LinkedHashMap<>();
        for (String d : "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool".split(" ")) {
            dtypes.put(d, tensor(0, 1, 2, 0, 3).to(Dtype.named(d)));
        }
        all.put("dtypes", dtypes);
        all.put("empty", zeros(0, 3));
        all.put("scalar", scalar(2.5f));
        BigInteger two = BigInteger.TWO;
        all.put(
                "integers",
                Arrays.asList(
                        0,
                        255L,
                        (short) 256,
                        (byte) -1,
                        Integer.MAX_VALUE,
                        1L << 31,
                        Long.MIN_VALUE,
                        two.pow(63),
                        two.pow(200),
                        true,
                        false,
                        null));
        all.put("floats", List.of(0.1, Float.POSITIVE_INFINITY, -0.0));
        all.put("text", "gr\u00fcn \u5f35\u91cf \ud83d\ude00");
        all.put("bytes", new byte[] {0, -1});
        all.put("tuple", Tuple.of(1, Tuple.of("x"), Tuple.of()));
        all.put("set", Set.of(7));
        Map<Object, Object> keys = new LinkedHashMap<>();
        keys.put(1, "a");
        keys.put(Tuple.of(1, "b"), "c");
        all.put("keys", keys);
        all.put("size", Shape.of(2, 3));
        all.put("dtype", Dtype.FLOAT16);
        all.put("device", Device.cuda(1));
        List<Object> list = List.of("shared");
        all.put("list", list);
        all.put("same list", list);
        return all;
    }

    private static void assertVerified(String name) throws IOException {
        if (KEEP != null) return;
        assertArrayEquals(
                Files.readAllBytes(FILES.resolve(name)),
                Files.readAllBytes(folder().resolve(name)),
                name + " is not what PyTorch has read");
    }

    @Test
    void savesWhatPyTorchReads() throws IOException {
        Path file = folder().resolve("saved.pt");
        Map<String, @Nullable Object> saved = everything();
        Torch.save(saved, file);
        assertVerified("saved.pt");
        Map<?, ?> read = (Map<?, ?>) Torch.load(file);
        assertEquals(List.copyOf(saved.keySet()), List.copyOf(read.keySet()));
        assertEquals(saved.get("text"), read.get("text"));
        assertEquals(saved.get("tuple").toString(), read.get("tuple").toString());
        assertTrue(Parameter.is((Tensor) read.get("parameter")));
        assertSame(read.get("list"), read.get("same list"));
        Tensor row = (Tensor) read.get("row");
        row.fill_(7);
        assertEquals(7, ((Tensor) read.get("transposed")).get(2, 1).itemDouble());
        Map<?, ?> dtypes = (Map<?, ?>) read.get("dtypes");
        dtypes.forEach((name, t) ->
                assertTrue(((Tensor) t).equal(tensor(0, 1, 2, 0, 3).to(Dtype.named((String) name))), () -> "" + name));
    }

    @Test
    void writesZip64WhereSizesNeedIt() throws IOException {
        Path file = folder().resolve("zip64.pt");
        Pickler pickler = new Pickler();
        byte[] pickle = pickler.pickle(Map.of("x", base()));
        AtomicFile.write(file, channel -> {
            ZipWriter zip = new ZipWriter(channel, 1);
            Torch.write(zip, pickle, pickler.storages());
            zip.finish();
        });
        assertVerified("zip64.pt");
        assertTrue(Torch.loadStateDict(file).get("x").equal(base()));
    }

    @Test
    void savesTrainingsThatPyTorchResumes() throws IOException {
        Path file = folder().resolve("training.pt");
        Linear model = new Linear(3, 2);
        for (Tensor p : model.parameters()) {
            p.detach().fill_(0.5);
        }
        NAdam optimizer = new NAdam(model.parameters());
        for (int i = 0; i < 2; i++) {
            model.call(ones(1, 3)).sum().backward();
            optimizer.step();
        }
        Generator shuffle = Generator.pytorch(3);
        double[] next = new double[1];
        try (var _ = shuffle.use()) {
            randn(1);
        }
        Generator copy = Generator.pytorch(0);
        copy.setState(shuffle.state());
        try (var _ = copy.use()) {
            next[0] = rand(1).itemDouble();
        }
        try (var _ = new Generator(5).use()) {
            TrainingCheckpoint.of(model, optimizer)
                    .generator("shuffle", shuffle)
                    .value("next", () -> next[0], _ -> {})
                    .save(file, 2);
        }
        assertVerified("training.pt");
    }

    @Test
    void savesSafetensorsThatOthersRead() throws IOException {
        Path file = folder().resolve("saved.safetensors");
        Map<String, Tensor> saved = new LinkedHashMap<>();
        saved.put("transposed", base().t());
        saved.put("half", ones(2).to(Dtype.BFLOAT16));
        saved.put("mask", base().gt(3));
        saved.put("empty", zeros(0, 3));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        metadata.put("note", "gr\u00fcn");
        Safetensors.save(saved, file, metadata);
        assertVerified("saved.safetensors");
        Map<String, Tensor> read = Safetensors.load(file);
        saved.forEach((name, t) -> assertTrue(t.equal(read.get(name)), name));
        try (SafetensorsFile open = Safetensors.open(file)) {
            assertEquals(metadata, open.metadata());
            assertEquals(saved.keySet(), open.keys());
            assertEquals(Shape.of(4, 3), open.shape("transposed"));
            assertEquals(Dtype.BFLOAT16, open.dtype("half"));
            assertTrue(open.rows("transposed", 1, 3).equal(base().t().get("1:3")));
            assertThrows(CotangentException.class, () -> open.rows("transposed", 1, 5));
            assertThrows(CotangentException.class, () -> open.tensor("none"));
        }
    }

    @Test
    void savesArraysThatNumPyReads() throws IOException {
        Map<String, Tensor> saved = new LinkedHashMap<>();
        saved.put("transposed", base().t());
        saved.put("scalar", scalar(2.5f));
        saved.put("mask", base().gt(3));
        Npz.save(saved, folder().resolve("saved.npz"));
        Npz.saveCompressed(saved, folder().resolve("compressed.npz"));
        assertVerified("saved.npz");
        for (String name : new String[] {"saved.npz", "compressed.npz"}) {
            Map<String, Tensor> read = Npz.load(folder().resolve(name));
            assertEquals(saved.keySet(), read.keySet());
            saved.forEach((key, t) -> assertTrue(t.equal(read.get(key)), key));
        }
    }

    @Test
    void alignsTensors() throws IOException {
        Path file = folder().resolve("aligned.pt");
        Torch.save(Map.of("a", ones(3), "b", ones(5)), file);
        byte[] bytes = Files.readAllBytes(file);
        ZipArchive zip = new ZipArchive(MemorySegment.ofArray(bytes));
        for (String name : zip.names()) {
            assertEquals(0, zip.data(name, true).address() % 64, name);
        }
    }

    @Test
    void saysWhatCannotBeSaved() throws IOException {
        Path file = folder().resolve("never.pt");
        List<@Nullable Object> loop = new ArrayList<>();
        loop.add(loop);
        Map<String, Object> nested = Map.of("a", List.of(1, new Object()));
        assertMessage(
                assertThrows(TypeException.class, () -> Torch.save(nested, file)),
                "the value at [\"a\"][1], a java.lang.Object");
        assertMessage(assertThrows(CotangentException.class, () -> Torch.save(loop, file)), "contains itself");
        assertMessage(assertThrows(ValueException.class, () -> Torch.save("\ud800", file)), "surrogate");
        assertMessage(
                assertThrows(TypeException.class, () -> Torch.save(Map.of(List.of(), 1), file)), "it has a key of");
        assertThrows(CotangentException.class, () -> Npz.save(Map.of("h", ones(1).to(Dtype.BFLOAT16)), file));
        assertThrows(ValueException.class, () -> Safetensors.save(Map.of("__metadata__", ones(1)), file));
        assertFalse(Files.exists(file));
    }

    @Test
    void leavesTheOldFileOnAnError() throws IOException {
        Path file = folder().resolve("old");
        Files.writeString(file, "old");
        assertThrows(
                IOException.class,
                () -> AtomicFile.write(file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[5]));
                    throw new IOException("the disk is full");
                }));
        assertEquals("old", Files.readString(file));
        try (Stream<Path> all = Files.list(folder())) {
            assertTrue(all.noneMatch(f -> f.toString().endsWith(AtomicFile.TEMPORARY)));
        }
        assertMessage(
                assertThrows(CotangentException.class, () -> Torch.save(1, folder().resolve("none/x.pt"))),
                "cannot write");
    }

    private static void assertMessage(Exception e, String part) {
        assertTrue(String.valueOf(e.getMessage()).contains(part), e::toString);
    }
}
