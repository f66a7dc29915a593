package dev.cotangent.examples.digits;

import static dev.cotangent.Tensors.*;

import dev.cotangent.Tensor;
import dev.cotangent.data.Dataset;
import dev.cotangent.data.Example;
import dev.cotangent.data.Subset;
import dev.cotangent.data.TensorDataset;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Handwritten digits, the test set of UCI's optdigits: images of 8x8 pixels and the digits that they show. */
public final class Digits {
    /** Number of pixels along a side. */
    public static final int SIDE = 8;

    /** The names of the classes. */
    public static final List<String> CLASSES =
            IntStream.range(0, 10).mapToObj(String::valueOf).toList();

    /** Largest pixel value in the file. */
    private static final float WHITE = 16;

    private Digits() {}

    /** Reads all digits: images of shape {@code [1, 8, 8]} with pixels from 0 to 1, and int64 labels. */
    public static Dataset<Example<Tensor>> load() throws IOException {
        List<String> lines;
        try (var file = Objects.requireNonNull(Digits.class.getResourceAsStream("digits.csv.gz"));
                var text = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(file), StandardCharsets.US_ASCII))) {
            lines = text.lines().toList();
        }
        int pixels = SIDE * SIDE;
        float[][] images = new float[lines.size()][pixels];
        long[] labels = new long[lines.size()];
        for (int i = 0; i < labels.length; i++) {
            String[] cells = lines.get(i).split(",");
            if (cells.length != pixels + 1)
                throw new IOException("line " + (i + 1) + " has " + cells.length + " cells");
            for (int p = 0; p < pixels; p++) images[i][p] = Float.parseFloat(cells[p]) / WHITE;
            labels[i] = Long.parseLong(cells[pixels].strip());
        }
        return TensorDataset.of(tensor(images).view(-1, 1, SIDE, SIDE), tensor(labels));
    }

    /** Splits the digits at random into four fifths to learn from and the rest. */
    public static List<Subset<Example<Tensor>>> split(Dataset<Example<Tensor>> all) {
        long heldOut = all.size() / 5;
        return all.randomSplit(all.size() - heldOut, heldOut);
    }
}
