package dev.cotangent.data.table;

import dev.cotangent.Dtype;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.data.Example;
import dev.cotangent.data.IterableDataset;
import dev.cotangent.data.SampleIterator;
import dev.cotangent.internal.Arguments;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a table in a file, read in order: only a part of the file is in memory. Each iteration opens the file
 * anew.
 */
public abstract sealed class TableDataset implements IterableDataset<Row>
        permits CsvDataset, ParquetDataset, ArrowDataset {
    private final Path file;
    private final List<String> columns;
    private final Map<String, Integer> indices = new LinkedHashMap<>();

    TableDataset(Path file, List<String> columns) {
        this.file = file;
        this.columns = List.copyOf(columns);
        for (int i = 0; i < columns.size(); i++) {
            if (indices.put(columns.get(i), i) != null) {
                throw new ValueException(file + ": two columns are named '" + columns.get(i) + "'; give other names");
            }
        }
    }

    /** Returns the file. */
    public final Path file() {
        return file;
    }

    /** Returns the names of the columns. */
    public final List<String> columns() {
        return columns;
    }

    final int index(String column) {
        Integer index = indices.get(Arguments.notNull("Row", "column", column));
        if (index != null) return index;
        throw new ValueException(file + ": there is no column '" + column + "', only " + columns);
    }

    private int[] indices(List<String> names) {
        return names.stream().mapToInt(this::index).toArray();
    }

    @Override
    public abstract SampleIterator<Row> iterator();

    /** Returns the numbers of columns of each row as a float32 tensor with one dimension. */
    public IterableDataset<Tensor> tensors(String... columns) {
        int[] chosen = indices(Arrays.asList(Arguments.noNulls("tensors", "columns", columns)));
        return map(row -> row.tensor(chosen));
    }

    /**
     * Returns examples: the numbers of some columns as a float32 tensor, and that of another one as the target.
     *
     * @param target the column of the target
     * @param dtype of the target, such as int64 for classes or float32 for values
     * @param features the columns of the input; none for all but the target
     */
    public IterableDataset<Example<Tensor>> examples(String target, Dtype dtype, String... features) {
        Arguments.notNull("examples", "dtype", dtype);
        int answer = index(target);
        Arguments.noNulls("examples", "features", features);
        int[] chosen = features.length > 0
                ? indices(Arrays.asList(features))
                : indices(columns.stream().filter(c -> !c.equals(target)).toList());
        return map(row -> new Example<>(row.tensor(chosen), number(row, answer, dtype)));
    }

    private Tensor number(Row row, int column, Dtype dtype) {
        return dtype.isFloatingPoint()
                ? Tensors.tensor(row.doubleAt(column), dtype)
                : Tensors.tensor(row.getLong(columns.get(column)), dtype);
    }

    /**
     * Reads the numbers of columns of all rows into memory, for shuffling or for computing with whole columns.
     *
     * @param dtype float32 or float64
     * @param columns none for all
     * @return rows x columns
     */
    public Tensor load(Dtype dtype, String... columns) {
        Arguments.noNulls("load", "columns", columns);
        int[] chosen = columns.length > 0 ? indices(Arrays.asList(columns)) : indices(this.columns);
        if (dtype != Dtype.FLOAT32 && dtype != Dtype.FLOAT64) {
            throw new TypeException("load reads float32 or float64, not " + dtype + "; convert it by to(dtype)");
        }
        boolean wide = dtype == Dtype.FLOAT64;
        double[] doubles = new double[wide ? 1024 : 0];
        float[] floats = new float[wide ? 0 : 1024];
        int n = 0;
        try (SampleIterator<Row> rows = iterator()) {
            while (rows.hasNext()) {
                Row row = rows.next();
                int needed = Math.addExact(n, chosen.length);
                if (wide && needed > doubles.length) doubles = Arrays.copyOf(doubles, grown(needed));
                if (!wide && needed > floats.length) floats = Arrays.copyOf(floats, grown(needed));
                for (int c : chosen) {
                    if (wide) doubles[n++] = row.doubleAt(c);
                    else floats[n++] = (float) row.doubleAt(c);
                }
            }
        }
        Object array = wide ? Arrays.copyOf(doubles, n) : Arrays.copyOf(floats, n);
        return Tensors.fromNumpy(NdArray.wrap(dtype, array, chosen.length == 0 ? 0 : n / chosen.length, chosen.length));
    }

    private static int grown(int needed) {
        return (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * needed));
    }

    /** Returns such as {@code CsvDataset(iris.csv, columns=[a, b])}. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "(" + file + ", columns=" + columns + ")";
    }
}
