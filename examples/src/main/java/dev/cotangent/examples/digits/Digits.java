package dev.cotangent.examples.digits;

import static dev.cotangent.Tensors.*;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * Handwritten digits (the test set of UCI's optdigits): images of 8x8 pixels and the digits they show.
 *
 * @param images float32 of shape (count, 64), pixels from 0 to 1
 * @param labels int64 of shape (count)
 */
record Digits(Tensor images, Tensor labels) {
    /** Number of pixels of an image. */
    static final int PIXELS = 64;

    /** Largest pixel value in the file. */
    private static final float WHITE = 16;

    /** Reads all digits. */
    static Digits load() throws IOException {
        List<String> lines;
        try (var file = Objects.requireNonNull(Digits.class.getResourceAsStream("digits.csv.gz"));
                var text = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(file), StandardCharsets.US_ASCII))) {
            lines = text.lines().toList();
        }
        float[][] images = new float[lines.size()][PIXELS];
        long[] labels = new long[lines.size()];
        for (int i = 0; i < labels.length; i++) {
            String[] cells = lines.get(i).split(",");
            if (cells.length != PIXELS + 1)
                throw new IOException("line " + (i + 1) + " has " + cells.length + " cells");
            for (int p = 0; p < PIXELS; p++) images[i][p] = Float.parseFloat(cells[p]) / WHITE;
            labels[i] = Long.parseLong(cells[PIXELS].strip());
        }
        return new Digits(tensor(images), tensor(labels));
    }

    /** Returns the number of digits. */
    int count() {
        return (int) labels.numel();
    }

    /** Returns the digits at the given int64 indices. */
    Digits select(Tensor indices) {
        return new Digits(images.get(indices), labels.get(indices));
    }

    /** Returns a copy on another device. */
    Digits to(Device device) {
        return new Digits(images.to(device), labels.to(device));
    }

    /** Splits the digits randomly into {@code count} and the rest. */
    List<Digits> split(int count) {
        Tensor order = randperm(count());
        return Arrays.asList(select(order.narrow(0, 0, count)), select(order.narrow(0, count, count() - count)));
    }
}
