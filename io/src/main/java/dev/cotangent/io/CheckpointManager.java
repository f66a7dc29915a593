package dev.cotangent.io;

import dev.cotangent.CotangentException;
import dev.cotangent.ValueException;
import dev.cotangent.Warnings;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.format.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder with the last checkpoints of a training: {@code step-7.pt} and its like.
 *
 * <pre>{@code
 * CheckpointManager manager = new CheckpointManager(folder, TrainingCheckpoint.of(model, optimizer));
 * long step = manager.loadLatest().orElse(0);
 * for (; step < steps; step++) {
 *     train();
 *     if (step % 100 == 99) manager.save(step + 1);
 * }
 * }</pre>
 *
 * <p>One process at a time may save to a folder; others may read it.
 */
public final class CheckpointManager {
    private static final int KEPT = 3;
    private static final String PREFIX = "step-";
    private static final Pattern FILE = Pattern.compile(PREFIX + "([0-9]{1,18})\\.pt");
    private static final Pattern LEFT_OVER = Pattern.compile("\\." + FILE.pattern() + "\\..*" + AtomicFile.TEMPORARY);

    private final Path folder;
    private final TrainingCheckpoint checkpoint;
    private final int kept;

    /** Manages a folder, which is made when it is first saved to, with the last 3 checkpoints. */
    public CheckpointManager(Path folder, TrainingCheckpoint checkpoint) {
        this(folder, checkpoint, KEPT);
    }

    /**
     * Manages a folder, which is made when it is first saved to.
     *
     * @param kept how many checkpoints stay there, at least 1
     */
    public CheckpointManager(Path folder, TrainingCheckpoint checkpoint, int kept) {
        this.folder = Arguments.notNull("CheckpointManager", "folder", folder);
        this.checkpoint = Arguments.notNull("CheckpointManager", "checkpoint", checkpoint);
        this.kept = kept;
        if (kept < 1) throw new ValueException("a folder keeps at least 1 checkpoint, but got " + kept);
    }

    /** Returns the checkpoints that are there, the latest last. */
    public List<Path> checkpoints() {
        return List.copyOf(found().values());
    }

    private TreeMap<Long, Path> found() {
        TreeMap<Long, Path> all = new TreeMap<>();
        for (Path file : files()) {
            Matcher m = FILE.matcher(file.getFileName().toString());
            if (m.matches()) all.put(Long.parseLong(m.group(1)), file);
        }
        return all;
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new CotangentException("cannot read the folder " + folder + ": " + e, e);
        }
    }

    /** Writes the checkpoint of a step, and then deletes those that are more than are kept. Returns the file. */
    public Path save(long step) {
        if (step < 0) throw new ValueException("a step is not negative, but got " + step);
        Path file = folder.resolve(PREFIX + step + ".pt");
        try {
            Files.createDirectories(folder);
            // Left by a process that was killed.
            for (Path left : files()) {
                if (LEFT_OVER.matcher(left.getFileName().toString()).matches()) Files.deleteIfExists(left);
            }
            checkpoint.save(file, step);
            List<Path> all = new ArrayList<>(found().values());
            all.remove(file);
            for (Path old : all.subList(0, Math.max(0, all.size() + 1 - kept))) Files.deleteIfExists(old);
        } catch (IOException e) {
            throw new CotangentException("cannot write to the folder " + folder + ": " + e, e);
        }
        return file;
    }

    /**
     * Resumes from the latest checkpoint. One that is broken, which atomic writing rules out but a bad disk does not, is
     * warned of and passed over.
     *
     * @return the step, or nothing if there is no checkpoint
     * @throws CotangentException if the checkpoint does not fit the training, or if there are only broken ones
     */
    public OptionalLong loadLatest() {
        FileFormatException broken = null;
        for (Path file : found().descendingMap().values()) {
            try {
                return OptionalLong.of(checkpoint.load(file));
            } catch (FileFormatException e) {
                Warnings.warn("passing over a broken checkpoint: " + e.getMessage());
                if (broken == null) broken = e;
            }
        }
        if (broken != null) throw broken;
        return OptionalLong.empty();
    }
}
