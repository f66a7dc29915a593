package dev.cotangent.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Malicious files: each raises one clear error, and no memory is allocated for sizes that they claim. */
class HostileFilesTest {
    /** No file here is larger than some kilobytes. */
    private static final long MUCH = 8 << 20;

    @TempDir
    @Nullable
    Path folder;

    private Path file(String name) {
        if (folder == null) throw new IllegalStateException("no folder");
        return folder.resolve(name);
    }

    private record Case(String name, byte[] pickle, String reason) {
        Case(String name, String pickle, String reason) {
            this(name, pickle.getBytes(StandardCharsets.ISO_8859_1), reason);
        }
    }

    private static final String PROTO = "\u0080\2";
    private static final String NAME = "X\1\0\0\0a";
    private static final String ENCODE = "c_codecs\nencode\n";

    private static String tensor(String storage, String elements, String offset, String sizes, String strides) {
        return PROTO + "ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\n" + storage
                + "\nX\1\0\0\0000X\3\0\0\0cpu" + elements + "tQ" + offset + "(" + sizes + "t(" + strides
                + "t\u0089ccollections\nOrderedDict\n)RtR.";
    }

    private static String repeated(String text, int times) {
        return text.repeat(times);
    }

    private static Stream<Case> pickles() {
        String million = "J\0\0\u0010\0";
        String huge = "\u008a\10\377\377\377\377\377\377\377\177";
        return Stream.of(
                new Case("code", PROTO + "cos\nsystem\nX\4\0\0\0echo\u0085R.", "names os.system"),
                new Case("old protocol", "(dp0\n.", "no pickle of protocol 2"),
                new Case("new protocol", "\u0080\u0009.", "of protocol 9"),
                new Case("instance", PROTO + "(i__main__\nX\n.", "has opcode 0x69"),
                new Case(
                        "eval by another name",
                        PROTO + "c__builtin__\neval\nX\1\0\0\0a\u0085R.",
                        "names __builtin__.eval"),
                new Case("name with a dot", PROTO + "ctorch\nSize.__class__\n.", "torch.Size.__class__"),
                new Case("a call of text", PROTO + NAME + ")R.", "calls a text"),
                new Case("a call of a type", PROTO + "c__builtin__\nint\n)R.", "calls builtins.int"),
                new Case("attributes", PROTO + "]}X\1\0\0\0aNsb.", "sets attributes of a list"),
                new Case("empty stack", PROTO + "0.", "from an empty stack"),
                new Case("no mark", PROTO + "NNt.", "misses a mark"),
                new Case("a stack left", PROTO + "NN.", "leaves a stack behind"),
                new Case("never kept", PROTO + "h\7.", "recalls what it never kept"),
                new Case("no end", PROTO + "N", "ends too early"),
                new Case(
                        "a terabyte of text", PROTO + "\u008d\0\0\0\0\0\1\0\0.", "ends too early: 1099511627776 bytes"),
                new Case(
                        "negative text",
                        PROTO + "\u008d\377\377\377\377\377\377\377\377.",
                        "18446744073709551615 bytes"),
                new Case("a gigabyte of bytes", PROTO + "B\0\0\0\u0040.", "ends too early"),
                new Case("a long integer", PROTO + "\u008b\0\0\1\0" + repeated("a", 70000) + ".", "integer of 65536"),
                new Case("no UTF-8", PROTO + "X\1\0\0\0\377.", "not in UTF-8"),
                new Case("a list as key", PROTO + "}]Ns.", "has a list as a key"),
                new Case("a deep tuple as key", PROTO + "}N\u0085\u0085\u0085Ns.", "has a tuple as a key"),
                new Case("a list in itself", PROTO + "]q\0h\0a.", "contains itself"),
                new Case("a dict in itself", PROTO + "}q\0" + NAME + "h\0s.", "contains itself"),
                new Case("deep", PROTO + repeated("(", 10_000) + repeated("l", 10_000) + ".", "nests more than"),
                new Case("a function as value", PROTO + ENCODE + ".", "_codecs.encode as a value"),
                new Case(
                        "many copies",
                        PROTO + "(" + ENCODE + "q\0X\0\1\0\0" + repeated("a", 256) + "q\1X\6\0\0\0latin1q\2" + "\u0086R"
                                + repeated("h\0h\1h\2\u0086R", 5000) + "t.",
                        "more objects than it has bytes"),
                new Case(
                        "many sets",
                        PROTO + "(](NNNNNNNNNNNNNNNNNNNNeq\1c__builtin__\nlist\nq\0h\1\u0085R"
                                + repeated("h\0h\1\u0085R", 5000) + "t.",
                        "more objects than it has bytes"),
                new Case("no storage", PROTO + "N\u0085Q.", "refers to what is no storage"),
                new Case(
                        "negative storage",
                        tensor("FloatStorage", "J\377\377\377\377", "K\0", "K\1", "K\1"),
                        "no storage"),
                new Case("huge storage", tensor("FloatStorage", huge, "K\0", "K\1", "K\1"), "no storage"),
                new Case("large storage", tensor("FloatStorage", million, "K\0", "K\1", "K\1"), "4194304 are needed"),
                new Case("large tensor", tensor("FloatStorage", "K\2", "K\0", million, "K\1"), "does not lie within"),
                new Case("stride", tensor("FloatStorage", "K\2", "K\0", "K\2", "K\2"), "does not lie within"),
                new Case(
                        "negative stride",
                        tensor("FloatStorage", "K\2", "K\1", "K\2", "J\377\377\377\377"),
                        "not lie within"),
                new Case("offset", tensor("FloatStorage", "K\2", "K\2", "K\1", "K\1"), "does not lie within"),
                new Case(
                        "negative offset",
                        tensor("FloatStorage", "K\2", "J\377\377\377\377", "K\1", "K\1"),
                        "not lie within"),
                new Case(
                        "negative size",
                        tensor("FloatStorage", "K\2", "K\0", "J\377\377\377\377", "K\1"),
                        "not lie within"),
                new Case(
                        "overflow",
                        tensor("FloatStorage", "K\2", "K\0", huge + huge, huge + huge),
                        "does not lie within"),
                new Case(
                        "too many elements",
                        tensor("FloatStorage", "K\2", "K\0", huge + huge, "K\0K\0"),
                        "not lie within"),
                new Case(
                        "ranks differ", tensor("FloatStorage", "K\2", "K\0", "K\1K\1", "K\1"), "2 sizes and 1 strides"),
                new Case(
                        "rank",
                        tensor("FloatStorage", "K\2", "K\0", repeated("K\1", 65), repeated("K\1", 65)),
                        "65 dim"),
                new Case(
                        "another type",
                        tensor("LongStorage", "K\2", "K\0", "K\1", "K\1"),
                        "8 bytes, but 16 are needed"),
                new Case(
                        "gradient of integers",
                        tensor("IntStorage", "K\2", "K\0", "K\1", "K\1").replace("t\u0089c", "t\u0088c"),
                        "requires a gradient"),
                new Case(
                        "a storage alone",
                        PROTO + "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0000X\3\0\0\0cpuK\2tQ.",
                        "storage \"0\" without a tensor"));
    }

    @TestFactory
    Stream<DynamicTest> refusesPickles() {
        return pickles()
                .map(c -> DynamicTest.dynamicTest(c.name, () -> {
                    Path file = file(c.name);
                    Archives.write(file, Map.of("a/data.pkl", c.pickle, "a/data/0", new byte[8]));
                    refuses(file, c.reason);
                }));
    }

    private static void refuses(Path file, String reason) {
        Allocations all = new Allocations();
        FileFormatException e = assertThrows(FileFormatException.class, () -> {
            if (file.toString().endsWith(".safetensors")) Safetensors.load(file);
            else if (file.toString().endsWith(".npz")) Npz.load(file);
            else Torch.load(file);
        });
        assertTrue(all.bytes() < MUCH, () -> all.bytes() + " bytes were allocated");
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(reason) && message.contains(file.toString()), message);
        assertEquals(file, e.file());
    }

    private byte[] archive() throws IOException {
        Path file = file("whole.npz");
        Archives.write(file, zip -> {
            byte[] array = Files.readAllBytes(Path.of("src/test/resources/files/vector.npy"));
            zip.deflate("a.npy", array.length, to -> to.write(ByteBuffer.wrap(array)));
            zip.store("b.npy", array.length, to -> to.write(ByteBuffer.wrap(array)));
        });
        return Files.readAllBytes(file);
    }

    private void refusesArchive(byte[] bytes, String reason) throws IOException {
        Path file = file("broken.npz");
        Files.write(file, bytes);
        refuses(file, reason);
    }

    private static int find(byte[] bytes, int signature, int which) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int found = 0;
        for (int i = 0; i + 4 <= bytes.length; i++) if (in.getInt(i) == signature && found++ == which) return i;
        throw new IllegalStateException("no such signature");
    }

    private static byte[] with(byte[] bytes, int at, int size, long value) {
        byte[] changed = bytes.clone();
        for (int i = 0; i < size; i++) changed[at + i] = (byte) (value >>> 8 * i);
        return changed;
    }

    @Test
    void refusesBrokenArchives() throws IOException {
        byte[] whole = archive();
        int first = find(whole, 0x02014b50, 0);
        int second = find(whole, 0x02014b50, 1);
        int end = find(whole, 0x06054b50, 0);
        refusesArchive(Arrays.copyOf(whole, whole.length - 1), "no directory at its end");
        refusesArchive(Arrays.copyOf(whole, 10), "no directory at its end");
        refusesArchive(with(whole, first + 24, 4, 1_000_000), "cannot have 1000000 bytes");
        refusesArchive(with(whole, first + 24, 4, 100_000), "does not have 100000 bytes when inflated");
        refusesArchive(with(whole, first + 24, 4, 1000), "does not have 1000 bytes when inflated");
        refusesArchive(with(whole, first + 24, 4, 10), "does not have 10 bytes when inflated");
        refusesArchive(with(whole, first + 10, 2, 12), "compressed by method 12");
        refusesArchive(with(whole, first + 8, 2, 1), "is encrypted");
        refusesArchive(with(whole, second + 16, 4, 1), "is damaged: its checksum");
        refusesArchive(with(whole, second + 42, 4, 0), "has two names");
        refusesArchive(with(whole, second + 42, 4, 7), "is not where");
        refusesArchive(with(whole, end + 16, 4, whole.length), "directory lies outside");
        refusesArchive(with(whole, end + 10, 2, 3), "directory of the zip archive ends");
        refusesArchive(with(whole, end + 12, 4, 4), "directory of the zip archive ends");
        refusesArchive(with(with(whole, second + 46, 1, 'a'), find(whole, 0x04034b50, 1) + 30, 1, 'a'), "is twice");
        // The first entry is said to reach over the second one.
        byte[] overlapping = with(with(whole, first + 20, 4, 300), first + 24, 4, 300);
        refusesArchive(with(overlapping, first + 10, 2, 0), "overlap");
        Path damaged = file("damaged.npz");
        Files.write(damaged, with(whole, second + 16, 4, 1));
        assertEquals(
                2, Npz.load(damaged, Torch.loadOptions().verifyChecksums(false)).size());
    }

    @Test
    void refusesBrokenHeaders() throws IOException {
        String x = "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        refusesHeader(x + "}", 3, "but there are only 3");
        refusesHeader(x + "}", 5, "1 bytes at its end that belong to no tensor");
        refusesHeader(x + "} {}", 4, "goes on after its end");
        refusesHeader(x + ",\"__metadata__\":{\"a\":1}}", 4, "__metadata__.a is VALUE_NUMBER_INT");
        refusesHeader(x + ",\"y\":[]}", 4, "tensor \"y\" is START_ARRAY");
        refusesHeader(x.replace("[1]", "[1e9]") + "}", 4, "the shape of tensor \"x\" is VALUE_NUMBER_FLOAT");
        refusesHeader(x.replace("[1]", "[99999999999999999999]") + "}", 4, "no JSON of safetensors");
        refusesHeader(x.replace("[1]", "[4294967296,4294967296,0]") + "}", 4, "too many elements");
        refusesHeader(x.replace("\"shape\":[1],", "") + "}", 4, "not all of dtype, shape and data_offsets");
        refusesHeader(x.replace("[0,4]", "[0,4],\"more\":1") + "}", 4, "unknown \"more\"");
        refusesHeader("{" + "\"a\":{".repeat(2000), 0, "unknown \"a\"");
        refusesHeader("[1]", 0, "does not begin with {");
    }

    private void refusesHeader(String header, int data, String reason) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .array());
        out.writeBytes(json);
        out.writeBytes(new byte[data]);
        Path file = file("broken.safetensors");
        Files.write(file, out.toByteArray());
        refuses(file, reason);
    }
}
