package dev.cotangent.train;

import dev.cotangent.internal.Arguments;
import dev.cotangent.io.tensorboard.SummaryWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes the loss and the learning rate every some steps, and the metrics of each epoch, for TensorBoard. */
public final class TensorBoardLog implements Callback {
    private static final String VALIDATION = "val_";

    private final Path folder;
    private final int every;
    private @Nullable SummaryWriter writer;

    /**
     * Creates a log in a folder.
     *
     * @param every the number of steps between two values
     */
    public TensorBoardLog(Path folder, int every) {
        this.folder = Arguments.notNull("TensorBoardLog", "folder", folder);
        this.every = every;
    }

    @Override
    public void onStart(TrainingState state) {
        writer = new SummaryWriter(folder);
    }

    @Override
    public void onStep(TrainingState state) {
        if (writer == null || state.step() % every != 0) return;
        writer.addScalar("loss/step", state.loss(), state.step());
        writer.addScalar("lr", state.lr(), state.step());
    }

    @Override
    public void onEpoch(TrainingState state, EpochResult result) {
        SummaryWriter w = writer;
        if (w == null) return;
        result.metrics().forEach((name, value) -> {
            if (name.equals("lr") || name.equals("seconds")) return;
            boolean validation = name.startsWith(VALIDATION);
            String tag = validation ? name.substring(VALIDATION.length()) + "/validation" : name + "/train";
            w.addScalar(tag, value, result.step());
        });
        w.flush();
    }

    @Override
    public void onEnd(TrainingState state) {
        if (writer != null) writer.close();
    }
}
