package dev.cotangent.tests.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.NdArray;
import dev.cotangent.Shape;
import dev.cotangent.backend.Layout;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that NumPy wrote (numpy_golden.py), files that it would write, and files that nobody should. */
class NpyFileTest {
    @TempDir
    Path folder;

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(NpyFileTest.class.getResource("/format/" + name + ".npy"), name)
                .toURI());
    }

    @ParameterizedTest
    @EnumSource(
            value = Dtype.class,
            names = {"BFLOAT16", "BOOL", "UINT8", "COMPLEX64", "COMPLEX128"},
            mode = EnumSource.Mode.EXCLUDE)
    void readsEveryDtypeInEitherByteOrder(Dtype dtype) throws Exception {
        double[] expected = {-2, -1, 0, 1, 2, 3};
        for (String name : new String[] {dtype.torchName(), "big-" + dtype.torchName()}) {
            if (dtype == Dtype.INT8 && name.startsWith("big")) continue;
            NdArray array = NdArray.load(resource(name));
            assertEquals(dtype, array.dtype(), name);
            assertEquals(Shape.of(2, 3), array.shape(), name);
            assertArrayEquals(expected, array.toDoubleArray(), name);
        }
    }

    @Test
    void readsWhatElseNumpyWrites() throws Exception {
        assertEquals(
                "[[254 255   0]\n [  1   2   3]]",
                NdArray.load(resource("uint8")).toString());
        assertEquals(
                "[[ True False  True]\n [False  True False]]",
                NdArray.load(resource("bool")).toString());
        assertEquals("2.5", NdArray.load(resource("scalar")).toString());
        assertEquals("[0. 1. 2.]", NdArray.load(resource("vector")).toString());
        assertEquals(Shape.of(0, 3), NdArray.load(resource("empty")).shape());
        NdArray fortran = NdArray.load(resource("fortran"));
        assertArrayEquals(new long[] {1, 2}, fortran.layout().strides());
        for (String name : new String[] {"fortran", "version-2", "version-3"}) {
            assertEquals(
                    "[[0. 1. 2.]\n [3. 4. 5.]]", NdArray.load(resource(name)).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool", "scalar", "vector",
                "empty"
            })
    void writesWhatNumpyWrites(String name) throws Exception {
        Path file = folder.resolve("a.npy");
        NdArray.load(resource(name)).save(file);
        assertArrayEquals(Files.readAllBytes(resource(name)), Files.readAllBytes(file));
    }

    @Test
    void writesAnyLayoutAndSize() {
        NdArray big = NdArray.zeros(Dtype.FLOAT64, 300, 1000);
        for (int i = 0; i < 300; i++) big.at(i, 999 - i).set(i);
        NdArray transposed =
                NdArray.wrap(big.dtype(), big.memory(), big.layout().transpose(0, 1));
        NdArray part = NdArray.wrap(
                big.dtype(), big.memory(), Layout.of(new long[] {200, 3}, new long[] {-1000, 2}, 299 * 1000));
        Path file = folder.resolve("b.npy");
        for (NdArray array : new NdArray[] {big, transposed, part}) {
            array.save(file);
            assertEquals(array, NdArray.load(file));
        }
    }

    @Test
    void replacesAFileWholeOrNotAtAll() throws Exception {
        Path file = folder.resolve("c.npy");
        NdArray.of(new float[] {1}).save(file);
        NdArray.of(new float[] {2}).save(file);
        assertEquals("[2.]", NdArray.load(file).toString());
        Path link = Files.createSymbolicLink(folder.resolve("link.npy"), file);
        NdArray.of(new float[] {3}).save(link);
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("[3.]", NdArray.load(file).toString());

        Path nowhere = folder.resolve("absent").resolve("d.npy");
        CotangentException e = assertThrows(
                CotangentException.class, () -> NdArray.of(new float[] {1}).save(nowhere));
        assertTrue(e.getMessage().startsWith("cannot write " + nowhere), e.getMessage());
        Path taken = Files.createDirectories(folder.resolve("full.npy/inside")).getParent();
        assertThrows(CotangentException.class, () -> NdArray.of(new float[] {1}).save(taken));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(3, files.count(), "nothing temporary is left");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refused-complex128 | its dtype '<c16' is none of float32,",
                "refused-uint16 | its dtype '<u2' is none of float32,",
                "refused-structured | its dtype is a structured one; save each field as an array",
                "refused-bfloat16 | its dtype '|V2' is none of"
            })
    void refusesOtherDtypes(String name, String reason) throws Exception {
        refuses(resource(name), reason);
    }

    @Test
    void refusesEveryTruncation() throws Exception {
        byte[] whole = Files.readAllBytes(resource("float32"));
        for (int length = 0; length < whole.length; length++) {
            Path file = folder.resolve("short.npy");
            Files.write(file, Arrays.copyOf(whole, length));
            refuses(file, "");
        }
        refuses(
                folder.resolve("short.npy"),
                "shape (2, 3) of torch.float32 needs 24 bytes of data, but only 23 are there");
    }

    @Test
    void refusesWhatIsNoArray() throws Exception {
        refuses(bytes("not an array"), "it does not start with \\x93NUMPY");
        refuses(header("{'descr': '<f4', 'fortran_order': False}"), "no 'shape' in its header");
        refuses(
                header("{'descr': '<f4', 'fortran_order': 1, 'shape': (2,)}"),
                "its header has \"1\" where True or False");
        refuses(
                header("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}"),
                "its header has \"-\" where a size");
        refuses(
                header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)"),
                "its header has ended where ',' should be");
        refuses(header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}"), "unknown key 'x'");
        refuses(
                header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} 1"),
                "its header has \"1\" where the end");
        refuses(
                header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999)}"),
                "its shape (99999999999, 99999999999) has too many elements");
        refuses(
                header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)}"),
                "shape (99999999999,) of torch.float32 needs 399999999996 bytes of data, but only 8 are there");
        refuses(header("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}"), "its dtype '|O' is none of");
        Path absent = folder.resolve("absent.npy");
        assertEquals(
                "cannot read " + absent + ": there is no such file",
                assertThrows(CotangentException.class, () -> NdArray.load(absent))
                        .getMessage());
    }

    @Test
    void readsHeadersOfOldPythonAndLeavesAloneWhatFollows() throws Exception {
        Path file = header("{\"shape\": (2L, ), 'descr': '=f4', 'fortran_order': False, }");
        assertEquals(Shape.of(2), NdArray.load(file).shape());
        Files.write(file, new byte[] {1, 2, 3}, java.nio.file.StandardOpenOption.APPEND);
        assertEquals(Shape.of(2), NdArray.load(file).shape());
    }

    private static void refuses(Path file, String reason) {
        String message =
                assertThrows(CotangentException.class, () -> NdArray.load(file)).getMessage();
        assertTrue(message.startsWith("cannot read " + file + " as a .npy file: " + reason), message);
    }

    private Path bytes(String text) throws IOException {
        return Files.write(folder.resolve("bad.npy"), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Writes a file of two float32 zeros under a header. */
    private Path header(String header) throws IOException {
        return bytes("\u0093NUMPY\1\0" + (char) header.length() + "\0" + header + "\0".repeat(8));
    }
}
