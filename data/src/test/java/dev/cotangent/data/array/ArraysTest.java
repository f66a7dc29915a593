package dev.cotangent.data.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.data.DataLoader;
import dev.cotangent.data.Example;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ArraysTest {
    @TempDir
    private Path folder = Path.of("");

    private static byte[] idx(int magic, int[] sizes, byte... data) {
        ByteBuffer out = ByteBuffer.allocate(4 + 4 * sizes.length + data.length).putInt(magic);
        for (int size : sizes) out.putInt(size);
        return out.put(data).array();
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = name.endsWith(".gz")
                ? new GZIPOutputStream(Files.newOutputStream(file))
                : Files.newOutputStream(file)) {
            out.write(content);
        }
        return file;
    }

    private static void assertMessage(String part, Executable call) {
        String message =
                String.valueOf(assertThrows(CotangentException.class, call).getMessage());
        assertTrue(message.contains(part), message);
    }

    @Test
    void idxFilesAreReadMappedOrDecompressed() throws IOException {
        byte[] images =
                idx(0x0803, new int[] {3, 1, 2}, (byte) 0, (byte) 1, (byte) 200, (byte) 255, (byte) 4, (byte) 5);
        byte[] labels = idx(0x0801, new int[] {3}, (byte) 7, (byte) 8, (byte) 9);
        for (String end : new String[] {"", ".gz"}) {
            Path x = write("images" + end, images);
            Path y = write("labels" + end, labels);
            IdxDataset array = IdxDataset.of(x);
            assertEquals("tensor([[200, 255]], dtype=torch.uint8)", array.get(1).toString());
            assertEquals("[3, 1, 2]", Arrays.toString(array.shape().toArray()));
            assertEquals(465, array.load().sum().itemLong());
            var loader = DataLoader.of(
                    IdxDataset.examples(x, y), DataLoader.options().batchSize(2));
            Example<Tensor> batch = loader.iterator().next();
            assertEquals("[2, 1, 1, 2]", Arrays.toString(batch.input().shape().toArray()));
            assertEquals("tensor([7, 8])", batch.target().toString());
        }
        Path ints = write(
                "ints",
                idx(
                        0x0C01,
                        new int[] {2},
                        (byte) 0,
                        (byte) 0,
                        (byte) 1,
                        (byte) 2,
                        (byte) -1,
                        (byte) -1,
                        (byte) -1,
                        (byte) -2));
        assertEquals(
                "tensor([258,  -2], dtype=torch.int32)",
                IdxDataset.of(ints).load().toString());
        assertEquals("tensor(-2, dtype=torch.int32)", IdxDataset.of(ints).get(1).toString());
        Path shorts = write("shorts.gz", idx(0x0B01, new int[] {1}, (byte) 1, (byte) 2));
        assertEquals(
                "tensor([258], dtype=torch.int16)", IdxDataset.of(shorts).load().toString());
        Path doubles = write(
                "doubles",
                idx(
                        0x0E01,
                        new int[] {1},
                        (byte) 0x3f,
                        (byte) 0xf8,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0));
        assertEquals(
                "tensor([1.5000], dtype=torch.float64)",
                IdxDataset.of(doubles).load().toString());
        assertEquals(
                0,
                IdxDataset.of(write("none", idx(0x0803, new int[] {0, 28, 28})))
                        .load()
                        .numel());
    }

    @Test
    void brokenIdxFilesAreRefused() throws IOException {
        assertMessage(
                "it is no IDX file: it begins with 0x50415241",
                () -> IdxDataset.of(write("p", "PARAMETER".getBytes(StandardCharsets.US_ASCII))));
        assertMessage(
                "says 8 bytes, but there are 1", () -> IdxDataset.of(write("c", idx(0x0801, new int[] {8}, (byte) 1))));
        assertMessage(
                "says 8 bytes, but there are 1",
                () -> IdxDataset.of(write("c.gz", idx(0x0801, new int[] {8}, (byte) 1))));
        assertMessage(
                "says 2000000000 bytes",
                () -> IdxDataset.of(write("l.gz", idx(0x0801, new int[] {2_000_000_000}, (byte) 1))));
        assertMessage("no file has the sizes", () -> IdxDataset.of(write("h", idx(0x0803, new int[] {-1, -1, -1}))));
        assertMessage("the file ends too early", () -> IdxDataset.of(write("e", new byte[] {0, 0, 8, 3, 0})));
        assertMessage("no dimensions", () -> IdxDataset.of(write("d", idx(0x0800, new int[] {}, (byte) 1))));
        assertMessage("there is no such file", () -> IdxDataset.of(folder.resolve("x")));
        Path one = write("one", idx(0x0801, new int[] {1}, (byte) 1));
        assertMessage(
                "index 1 is out of range of 1 items", () -> IdxDataset.of(one).get(1));
        assertMessage(
                "1 images, but",
                () -> IdxDataset.examples(one, write("two", idx(0x0801, new int[] {2}, (byte) 1, (byte) 1))));
    }

    /** Reads a file written by h5py 3.16. */
    @Test
    void rowsOfHdf5FilesAreRead() throws Exception {
        Path file = Path.of(ArraysTest.class.getResource("/data/array.h5").toURI());
        try (Hdf5Dataset x = Hdf5Dataset.of(file, "train/x");
                Hdf5Dataset y = Hdf5Dataset.of(file, "train/y")) {
            assertEquals("[4, 3, 2]", Arrays.toString(x.shape().toArray()));
            assertEquals(
                    "tensor([[ 6.,  7.],\n        [ 8.,  9.],\n        [10., 11.]])",
                    x.get(1).toString());
            assertEquals("tensor(9)", y.get(2).toString());
            assertMessage("index 4 is out of range of 4 rows", () -> y.get(4));
        }
        assertMessage("there is no array 'none'; at the top there are [train]", () -> Hdf5Dataset.of(file, "none"));
        assertMessage("p.h5", () -> Hdf5Dataset.of(write("p.h5", new byte[100]), "x"));
    }
}
