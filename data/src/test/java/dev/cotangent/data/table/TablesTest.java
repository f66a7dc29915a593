package dev.cotangent.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.ValueException;
import dev.cotangent.data.Collate;
import dev.cotangent.data.DataLoader;
import dev.cotangent.data.Example;
import dev.cotangent.data.FileException;
import dev.cotangent.data.LoaderException;
import dev.cotangent.data.SampleIterator;
import dev.cotangent.internal.data.Reading;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The binary files were written by pyarrow 25.0.1. */
class TablesTest {
    @TempDir
    private Path folder = Path.of("");

    private Path csv(String text) throws IOException {
        return Files.writeString(folder.resolve("t.csv"), text);
    }

    private static Path resource(String name) throws Exception {
        return Path.of(TablesTest.class.getResource("/data/" + name).toURI());
    }

    private static <E extends Exception> E assertMessage(Class<E> type, String part, Executable call) {
        E e = assertThrows(type, call);
        assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
        return e;
    }

    private static List<String> texts(TableDataset table) {
        List<String> all = new ArrayList<>();
        for (Row row : table) all.add(row.toString());
        return all;
    }

    @Test
    void csvFilesAreReadRowByRow() throws Exception {
        CsvDataset table = CsvDataset.of(csv("a,b,\"c d\"\n1,2.5,\"x, \"\"y\"\"\"\n\n 3 ,,z\n"));
        assertEquals(List.of("a", "b", "c d"), table.columns());
        assertEquals(List.of("{a=1, b=2.5, c d=x, \"y\"}", "{a= 3 , b=null, c d=z}"), texts(table));
        try (SampleIterator<Row> rows = table.iterator()) {
            Row row = rows.next();
            assertEquals(2.5, row.getDouble("b"));
            assertEquals(1, row.getLong("a"));
            assertTrue(row.getBoolean("a"));
            assertEquals(
                    "tensor([1.0000, 2.5000])", row.tensor(List.of("a", "b")).toString());
            row = rows.next();
            assertEquals(4, row.number());
            assertEquals(3, row.getLong("a"));
            assertTrue(row.isNull("b"));
            assertEquals(-1, row.getDouble("b", -1));
        }
        CsvOptions other = CsvDataset.options()
                .separator(';')
                .comment('#')
                .columns("x", "y")
                .charset(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("o.csv"), "# note\n1;\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(List.of("{x=1, y=\u00e4}"), texts(CsvDataset.of(file, other)));
        Path zipped = folder.resolve("z.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write("\ufeffa\n7\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(List.of("{a=7}"), texts(CsvDataset.of(zipped)));
    }

    @Test
    void rowsBecomeTensors() throws Exception {
        CsvDataset table = CsvDataset.of(csv("a,b,class\n1,2,0\n3,4,1\n5,6,2\n"));
        var loader = DataLoader.of(
                table.examples("class", Dtype.INT64),
                DataLoader.options().batchSize(2).numWorkers(2));
        List<String> batches = new ArrayList<>();
        for (Example<Tensor> batch : loader) batches.add(batch.input() + " " + batch.target());
        assertEquals(
                List.of("tensor([[1., 2.],\n        [3., 4.]]) tensor([0, 1])", "tensor([[5., 6.]]) tensor([2])"),
                batches);
        assertEquals(
                "tensor([[2., 1.],\n        [4., 3.],\n        [6., 5.]], dtype=torch.float64)",
                table.load(Dtype.FLOAT64, "b", "a").toString());
        assertEquals("[3, 3]", table.load(Dtype.FLOAT32).shape().toString().replaceAll("[^\\[\\]0-9, ]", ""));
    }

    @Test
    void errorsOfCsvFilesNameFileRowAndColumn() throws Exception {
        Path file = csv("a,b\n1,x\n2\n");
        CsvDataset table = CsvDataset.of(file);
        try (SampleIterator<Row> rows = table.iterator()) {
            Row row = rows.next();
            FileException e = assertMessage(
                    FileException.class, "t.csv, row 2, column 'b': no number: 'x'", () -> row.getDouble("b"));
            assertEquals(file, e.file());
            assertEquals(2, e.row());
            assertEquals("b", e.column());
            assertMessage(FileException.class, "no integer: 'x'", () -> row.getLong("b"));
            assertMessage(ValueException.class, "there is no column 'c', only [a, b]", () -> row.get("c"));
            assertMessage(FileException.class, "row 3: 1 values for 2 columns [a, b]; quote values", rows::next);
            assertFalse(rows.hasNext());
        }
        assertMessage(ValueException.class, "there is no column 'c'", () -> table.tensors("c"));
        assertMessage(FileException.class, "there is no such file", () -> CsvDataset.of(folder.resolve("none.csv")));
        assertMessage(FileException.class, "it is a folder", () -> CsvDataset.of(folder));
        assertMessage(FileException.class, "there is no line of names", () -> CsvDataset.of(csv("")));
        assertMessage(ValueException.class, "two columns are named 'a'", () -> CsvDataset.of(csv("a,a\n")));
        assertMessage(FileException.class, "row 2, column 'a': there is no value", () -> {
            try (SampleIterator<Row> rows = CsvDataset.of(csv("a,b\n,1\n")).iterator()) {
                rows.next().getDouble("a");
            }
        });
        assertMessage(
                FileException.class,
                "damaged",
                () -> CsvDataset.of(Files.writeString(folder.resolve("broken.csv.gz"), "not compressed")));
        csv("a,b\n1,x\n");
        LoaderException e = assertThrows(
                LoaderException.class,
                () -> DataLoader.of(
                                table.tensors("b"),
                                Collate.list(),
                                DataLoader.options().numWorkers(1))
                        .iterator()
                        .next());
        assertTrue(
                e.getMessage().contains("sample 0 of the stream, in batch 0: ")
                        && e.getMessage().contains("row 2, column 'b'"),
                e.getMessage());
    }

    @Test
    void aLibraryThatIsNotThereIsNamed() {
        assertMessage(
                UnsupportedException.class,
                "reading CSV files needs the library de.siegmar:fastcsv (missing: de.siegmar.Reader); add it",
                () -> Reading.by("reading CSV files", "de.siegmar:fastcsv", folder, () -> {
                    throw new NoClassDefFoundError("de/siegmar/Reader");
                }));
    }

    @Test
    void parquetFilesAreRead() throws Exception {
        ParquetDataset table = ParquetDataset.of(resource("table.parquet"));
        assertEquals(3, table.rowCount());
        assertEquals(
                List.of(
                        "{id=1, width=0.5, height=1.25, name=a, ok=true, day=2026-01-02, small=200}",
                        "{id=2, width=null, height=2.5, name=b, ok=false, day=2026-01-02, small=1}",
                        "{id=3, width=2.5, height=3.75, name=\u00e4, ok=true, day=2026-01-02, small=2}"),
                texts(table));
        ParquetDataset some = ParquetDataset.of(resource("table.parquet"), "height", "id");
        assertEquals(
                "tensor([[1.2500, 1.0000],\n        [2.5000, 2.0000],\n        [3.7500, 3.0000]])",
                some.load(Dtype.FLOAT32).toString());
        assertMessage(
                FileException.class,
                "row 2, column 'width': there is no value",
                () -> table.load(Dtype.FLOAT32, "width"));
        assertMessage(FileException.class, "row 1, column 'day': no number", () -> table.load(Dtype.FLOAT32, "day"));
        assertMessage(
                FileException.class,
                "column 'none': there is no such column",
                () -> ParquetDataset.of(table.file(), "none"));
        assertMessage(
                FileException.class,
                "column 'tags': its values are lists",
                () -> ParquetDataset.of(resource("nested.parquet")));
        assertEquals(
                List.of("x"), ParquetDataset.of(resource("nested.parquet"), "x").columns());
        assertMessage(CotangentException.class, "snappy", () -> texts(ParquetDataset.of(resource("snappy.parquet"))));
        assertMessage(FileException.class, "t.csv", () -> ParquetDataset.of(csv("no parquet file at all")));
    }

    @Test
    void arrowFilesAndStreamsAreRead() throws Exception {
        for (String name : List.of("table.arrow", "table.arrows")) {
            ArrowDataset table =
                    ArrowDataset.of(resource(name), "id", "width", "name", "ok", "small", "kind", "half", "u2", "u4");
            assertEquals(
                    List.of(
                            "{id=1, width=0.5, name=a, ok=true, small=200, kind=red, half=0.5, u2=65535,"
                                    + " u4=4294967295}",
                            "{id=2, width=null, name=b, ok=false, small=1, kind=blue, half=1.5, u2=1, u4=1}",
                            "{id=3, width=2.5, name=\u00e4, ok=true, small=2, kind=red, half=2.0, u2=2, u4=2}"),
                    texts(table));
            assertEquals(11, ArrowDataset.of(resource(name)).columns().size());
            assertEquals(
                    "tensor([[1.2500],\n        [2.5000],\n        [3.7500]])",
                    ArrowDataset.of(resource(name))
                            .load(Dtype.FLOAT32, "height")
                            .toString());
            try (SampleIterator<Row> rows = table.iterator()) {
                rows.next();
            }
            assertMessage(
                    FileException.class,
                    "column 'none': there is no such column",
                    () -> ArrowDataset.of(resource(name), "none"));
        }
        assertMessage(FileException.class, "t.csv", () -> ArrowDataset.of(csv("no arrow file at all")));
    }
}
