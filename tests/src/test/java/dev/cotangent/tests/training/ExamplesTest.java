package dev.cotangent.tests.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.cli.Cotangent;
import dev.cotangent.train.MetricsLog;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands of {@code cotangent train}, on little data. */
class ExamplesTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder = Path.of(".");

    private int run(String line) {
        CommandLine command = Cotangent.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(line.split(" "));
    }

    private void train(String line) {
        assertEquals(0, run("train " + line + " --device cpu --out " + folder.resolve("out")), err::toString);
    }

    private List<Map<String, Double>> epochs() {
        return MetricsLog.read(folder.resolve("out/metrics.jsonl")).stream()
                .filter(r -> r.containsKey("seconds"))
                .toList();
    }

    private void hasPictures(String... names) throws IOException {
        for (String name : names) {
            var image = ImageIO.read(folder.resolve("out").resolve(name).toFile());
            assertTrue(image != null && image.getWidth() > 50, name);
        }
    }

    private static void idx(Path file, int magic, int[] sizes, byte[] bytes) throws IOException {
        try (var data = new DataOutputStream(Files.newOutputStream(file))) {
            data.writeInt(magic);
            for (int s : sizes) data.writeInt(s);
            data.write(bytes);
        }
    }

    /** Writes images of two classes that are easily told apart, and random noise upon them. */
    private void fashion(String part, int count) throws IOException {
        SplittableRandom random = new SplittableRandom(count);
        byte[] images = new byte[count * 28 * 28];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 2 * 7);
            for (int p = 0; p < 784; p++) {
                boolean inside = i % 2 == 0 ? p < 392 : p >= 392;
                images[i * 784 + p] = (byte) ((inside ? 200 : 0) + random.nextInt(50));
            }
        }
        idx(folder.resolve(part + "-images-idx3-ubyte"), 0x803, new int[] {count, 28, 28}, images);
        idx(folder.resolve(part + "-labels-idx1-ubyte"), 0x801, new int[] {count}, labels);
    }

    @Test
    void fashionIsLearntAndResumed() throws IOException {
        fashion("train", 48);
        fashion("t10k", 10);
        String line = "fashion --data " + folder + " --batch 8 --width 2 --lr 0.05 --epochs 2";
        train(line);
        assertEquals(2, epochs().size());
        assertEquals(12, epochs().getLast().get("step"));
        assertTrue(out.toString().contains("accuracy 100.00 %"), out.toString());
        hasPictures("loss.png", "accuracy.png", "confusion.png", "mistakes.png");
        train(line + " --resume");
        assertTrue(out.toString().contains("resumed after 2 epochs, 12 steps"), out.toString());
        assertEquals(2, epochs().size());
    }

    @Test
    void fashionSaysWhatIsMissing() {
        assertEquals(2, run("train fashion --device cpu --data " + folder + " --out " + folder.resolve("out")));
        assertTrue(
                err.toString().contains("there is no train-images-idx3-ubyte or train-images-idx3-ubyte.gz"),
                err.toString());
        assertTrue(err.toString().contains("dataset-fashion-mnist"), err.toString());
    }

    @Test
    void modelsOfTextWriteSamples() throws IOException {
        Path text = Files.writeString(
                folder.resolve("text"), "In the beginning God created the heaven and the earth.\n".repeat(20));
        for (String model : List.of("gpt", "lstm")) {
            out.getBuffer().setLength(0);
            train("text " + text + " --model " + model
                    + " --epochs 2 --steps 8 --batch 8 --block 16 --width 16 --layers 1 --heads 2 --lr 0.01"
                    + " --dropout 0 --sample 40");
            List<Map<String, Double>> epochs = epochs();
            assertTrue(epochs.get(1).get("val_loss") < epochs.get(0).get("val_loss"), epochs.toString());
            assertTrue(out.toString().contains("1100 characters, "), out.toString());
            // Two samples, each followed by an empty line.
            assertTrue(out.toString().lines().filter(String::isEmpty).count() >= 2, out.toString());
        }
        hasPictures("loss.png");
    }

    @Test
    void anAutoencoderDrawsDigits() throws IOException {
        train("vae --epochs 2");
        assertTrue(epochs().get(1).get("val_loss") < epochs().get(0).get("val_loss"));
        hasPictures("loss.png", "digits.png");
    }

    @Test
    void aPoleIsBalancedLonger() throws IOException {
        train("pole --epochs 2 --seed 1");
        double best =
                epochs().stream().mapToDouble(e -> e.get("val_steps")).max().orElseThrow();
        // A pole that is pushed at random falls after about 20 steps.
        assertTrue(best > 40, () -> epochs().toString());
        hasPictures("steps.png");
    }
}
