package dev.cotangent.data.array;

import dev.cotangent.IndexException;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.data.Dataset;
import dev.cotangent.data.FileException;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.data.Reading;
import io.jhdf.HdfFile;
import io.jhdf.exceptions.HdfException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The rows of an array in an HDF5 file as tensors: those of an array of shape {@code [n, ...]} have the shape {@code [...]}.
 * Only the rows that are asked for are read. Needs the library {@code io.jhdf:jhdf}. To be closed.
 */
public final class Hdf5Dataset implements Dataset<Tensor>, AutoCloseable {
    private static final String WHAT = "reading HDF5 files";
    private static final String LIBRARY = "io.jhdf:jhdf";

    private final Path path;
    private final String name;
    private final HdfFile file;
    private final io.jhdf.api.Dataset array;
    private final int[] sizes;

    private Hdf5Dataset(Path path, String name, HdfFile file, io.jhdf.api.Dataset array) {
        this.path = path;
        this.name = name;
        this.file = file;
        this.array = array;
        sizes = array.getDimensions();
    }

    /**
     * Opens an array.
     *
     * @param name of the array in the file, such as {@code train/images}
     */
    public static Hdf5Dataset of(Path file, String name) {
        Arguments.notNull("Hdf5Dataset", "file", file);
        Arguments.notNull("Hdf5Dataset", "name", name);
        return Reading.by(WHAT, LIBRARY, file, () -> {
            HdfFile open = new HdfFile(file);
            boolean done = false;
            try {
                Hdf5Dataset dataset = new Hdf5Dataset(file, name, open, find(open, file, name));
                if (dataset.sizes.length == 0)
                    throw new FileException(file, name + " has no dimensions, so no rows", null);
                done = true;
                return dataset;
            } finally {
                if (!done) open.close();
            }
        });
    }

    private static io.jhdf.api.Dataset find(HdfFile open, Path file, String name) {
        try {
            return open.getDatasetByPath(name);
        } catch (HdfException e) {
            throw new FileException(
                    file,
                    "there is no array '" + name + "'; at the top there are "
                            + open.getChildren().keySet(),
                    e);
        }
    }

    /** Returns the shape of the whole array. */
    public Shape shape() {
        return Shape.of(Arrays.stream(sizes).asLongStream().toArray());
    }

    @Override
    public long size() {
        return sizes[0];
    }

    @Override
    public Tensor get(long index) {
        if (index < 0 || index >= sizes[0]) {
            throw new IndexException(
                    path + ": index " + index + " is out of range of " + sizes[0] + " rows of " + name);
        }
        long[] start = new long[sizes.length];
        start[0] = index;
        int[] shape = sizes.clone();
        shape[0] = 1;
        Object row = Reading.by(WHAT, LIBRARY, path, () -> array.getData(start, shape));
        return Tensors.tensor(row).squeeze(0);
    }

    @Override
    public void close() {
        file.close();
    }

    /** Returns such as {@code Hdf5Dataset(data.h5, train/x, shape=[100, 3])}. */
    @Override
    public String toString() {
        return "Hdf5Dataset(" + path + ", " + name + ", shape=" + Arrays.toString(sizes) + ")";
    }
}
