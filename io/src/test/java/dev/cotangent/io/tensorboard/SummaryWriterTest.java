package dev.cotangent.io.tensorboard;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Written events are those that {@code verify_events.py} has read with TensorBoard's own reader, byte for byte. To
 * change it, run this test with {@code -Dio.keep=FOLDER}, and then that script.
 */
class SummaryWriterTest {
    private static final Path FILES = Path.of("src/test/resources/files");
    private static final @Nullable String KEEP = System.getProperty("io.keep");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));

    @TempDir
    @Nullable
    Path folder;

    private Path folder() {
        if (folder == null) throw new IllegalStateException("no folder");
        return folder;
    }

    @Test
    void writesWhatTensorBoardReads() throws IOException {
        Path file;
        try (SummaryWriter writer = new SummaryWriter(folder(), CLOCK)) {
            file = writer.file();
            writer.addScalar("loss/train", 0.25, 1).addScalar("loss/train", 1e-3, 1L << 40);
            writer.addHistogram("weights", tensor(-1.0, 0.0, 0.5, 0.5, 2.0, Double.NaN), 2);
            writer.addText("notes", "gr\u00fcn", 3);
        }
        if (KEEP != null) {
            Path kept = Files.createDirectories(Path.of(KEEP));
            Files.copy(file, kept.resolve("events"), StandardCopyOption.REPLACE_EXISTING);
            try (SummaryWriter writer = new SummaryWriter(folder().resolve("image"), CLOCK)) {
                file = writer.file();
                writer.addImage("picture", picture(), 4);
            }
            Files.copy(file, kept.resolve("image-events"), StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        assertArrayEquals(Files.readAllBytes(FILES.resolve("events")), Files.readAllBytes(file));
    }

    private static Tensor picture() {
        Tensor red = zeros(3, 2, 4);
        red.get(0).fill_(0.5);
        red.get(1, 0).fill_(2);
        return red;
    }

    @Test
    void countsInBuckets() {
        ValueHistogram h = ValueHistogram.of(new double[] {-1, 0, 0.5, 0.5, 2, Double.NaN, Double.POSITIVE_INFINITY});
        assertEquals(5, h.count());
        assertEquals(2, h.sum());
        assertEquals(5.5, h.sumOfSquares());
        double total = 0;
        for (int i = 0; i < h.counts().length; i++) {
            if (h.counts()[i] == 0) continue;
            total += h.counts()[i];
            double low = h.limits()[i - 1];
            double high = h.limits()[i];
            int inside = 0;
            for (double v : new double[] {-1, 0, 0.5, 0.5, 2}) if (v >= low && v < high) inside++;
            assertEquals(inside, h.counts()[i], "from " + low + " to " + high);
        }
        assertEquals(5, total);
        assertEquals(1, ValueHistogram.of(new double[0]).limits().length);
        assertEquals(1e300, ValueHistogram.of(new double[] {1e300, -1e300}).max());
    }

    @Test
    void refusesWhatIsNoImage() {
        try (SummaryWriter writer = new SummaryWriter(folder(), CLOCK)) {
            assertThrows(CotangentException.class, () -> writer.addImage("x", zeros(2, 2), 0));
            assertThrows(CotangentException.class, () -> writer.addImage("x", zeros(2, 2, 2), 0));
            assertThrows(
                    CotangentException.class,
                    () -> writer.addImage("x", zeros(3, 2, 2).to(Dtype.INT64), 0));
            writer.addImage("x", zeros(1, 2, 2).to(Dtype.UINT8), 0);
        }
        SummaryWriter closed = new SummaryWriter(folder(), CLOCK);
        closed.close();
        assertThrows(CotangentException.class, () -> closed.addScalar("x", 1, 1));
    }
}
