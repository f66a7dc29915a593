package dev.cotangent.io;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Tensor;
import dev.cotangent.nn.Module;
import dev.cotangent.optim.Adam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process, as {@code kill -9} does, while it writes checkpoints: each time the next one finds a whole checkpoint. */
class KilledTrainingTest {
    private static final int KILLS = Boolean.getBoolean("contract.thorough") ? 200 : 2;
    private static final long PATIENCE_S = 120;
    private static final int SIZE = 200_000;

    @TempDir
    @Nullable
    Path folder;

    /** A model all of whose numbers are the step. */
    private static final class Counting extends Module {
        private final Tensor a = registerParameter("a", zeros(SIZE));
        private final Tensor b = registerParameter("b", zeros(SIZE));

        void set(long step) {
            a.detach().fill_(step);
            b.detach().fill_(step);
        }

        void check(long step) {
            for (Tensor t : List.of(a.detach(), b.detach())) {
                assertEquals(step, t.min().itemDouble());
                assertEquals(step, t.max().itemDouble());
            }
        }
    }

    /** Continues from the latest checkpoint and writes others until it is killed; prints when it begins. */
    public static void main(String[] args) throws IOException {
        Counting model = new Counting();
        Path folder = Path.of(args[0]);
        CheckpointManager manager = manager(folder, model);
        long step = manager.loadLatest().orElse(0);
        Files.createFile(folder.resolve("begun"));
        while (true) {
            model.set(++step);
            manager.save(step);
        }
    }

    private static CheckpointManager manager(Path folder, Counting model) {
        return new CheckpointManager(folder, TrainingCheckpoint.of(model, new Adam(model.parameters())), 2);
    }

    @Test
    void everyResumeFindsAWholeCheckpoint() throws Exception {
        if (folder == null) throw new IllegalStateException("no folder");
        SplittableRandom random = new SplittableRandom(1);
        Counting model = new Counting();
        CheckpointManager manager = manager(folder, model);
        long last = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Path begun = folder.resolve("begun");
            Files.deleteIfExists(begun);
            Process child = start(folder);
            try {
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
                while (!Files.exists(begun) || manager.checkpoints().isEmpty()) {
                    assertTrue(child.isAlive(), "the process has ended");
                    assertTrue(System.nanoTime() < deadline, "the process does not begin");
                    Thread.sleep(5);
                }
                Thread.sleep(random.nextInt(150));
            } finally {
                child.destroyForcibly();
            }
            assertTrue(child.waitFor(PATIENCE_S, TimeUnit.SECONDS));
            long step = manager.loadLatest().orElseThrow();
            model.check(step);
            assertTrue(step >= last, () -> "step " + step);
            for (Path file : manager.checkpoints()) {
                model.check(TrainingCheckpoint.of(model).load(file));
            }
            last = step;
        }
    }

    private static Process start(Path folder) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledTrainingTest.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
