package dev.cotangent.train;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Autocast;
import dev.cotangent.internal.Arguments;
import dev.cotangent.io.TrainingCheckpoint;
import dev.cotangent.optim.GradScaler;
import dev.cotangent.optim.LRScheduler;
import dev.cotangent.optim.ReduceLROnPlateau;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The options of a {@link Trainer}; {@link Trainer#options()} has the defaults. Immutable; each method returns new options. */
public final class TrainerOptions implements Cloneable {
    private static final int LOG_EVERY = 10;
    private static final int KEPT = 3;

    int epochs = 1;
    long maxSteps = Long.MAX_VALUE;
    long batchesPerEpoch = -1;
    int accumulate = 1;
    double clipGradNorm = Double.POSITIVE_INFINITY;
    int logEvery = LOG_EVERY;

    @Nullable
    Path folder;

    boolean resume;
    boolean overwrite;
    long checkpointEvery = Long.MAX_VALUE;
    int kept = KEPT;
    boolean tensorBoard;
    boolean stopOnNonFiniteLoss = true;
    boolean saveOnInterrupt = true;

    @Nullable
    String monitor;

    boolean maximize;
    int patience = Integer.MAX_VALUE;
    double minDelta;

    @Nullable
    LRScheduler scheduler;

    boolean schedulerPerStep;

    @Nullable
    Device autocast;

    @Nullable
    Dtype autocastDtype;

    @Nullable
    GradScaler scaler;

    List<Generator> generators = List.of();
    List<Callback> callbacks = List.of();
    UnaryOperator<TrainingCheckpoint> parts = c -> c;

    TrainerOptions() {}

    private TrainerOptions with(Consumer<TrainerOptions> change) {
        try {
            TrainerOptions copy = (TrainerOptions) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static <N extends Number> N positive(String name, N value) {
        if (value.longValue() < 1) throw new ValueException(name + " must be at least 1, but got " + value);
        return value;
    }

    /** Sets the number of epochs, by default 1; a resumed training has as many in total. */
    public TrainerOptions epochs(int value) {
        positive("epochs", value);
        return with(o -> o.epochs = value);
    }

    /** Ends the training after a number of optimiser steps in total, by default not before the last epoch. */
    public TrainerOptions maxSteps(long value) {
        positive("maxSteps", value);
        return with(o -> o.maxSteps = value);
    }

    /** Sets the number of batches of an epoch that progress is shown of; unknown by default unless they are a collection. */
    public TrainerOptions batchesPerEpoch(long value) {
        positive("batchesPerEpoch", value);
        return with(o -> o.batchesPerEpoch = value);
    }

    /** Sets the number of batches whose gradients are averaged for a step of the optimiser, by default 1. */
    public TrainerOptions accumulate(int batches) {
        positive("accumulate", batches);
        return with(o -> o.accumulate = batches);
    }

    /** Scales gradients so that their norm is at most this before each step; {@code clip_grad_norm_}. Off by default. */
    public TrainerOptions clipGradNorm(double maxNorm) {
        if (!(maxNorm > 0)) throw new ValueException("clipGradNorm must be positive, but got " + maxNorm);
        return with(o -> o.clipGradNorm = maxNorm);
    }

    /** Sets a scheduler that advances after each epoch; {@link ReduceLROnPlateau} gets the monitored metric. */
    public TrainerOptions scheduler(LRScheduler value) {
        Arguments.notNull("TrainerOptions", "scheduler", value);
        return with(o -> {
            o.scheduler = value;
            o.schedulerPerStep = false;
        });
    }

    /** Sets a scheduler that advances after each step of the optimiser. */
    public TrainerOptions schedulerPerStep(LRScheduler value) {
        Arguments.notNull("TrainerOptions", "scheduler", value);
        return with(o -> {
            o.scheduler = value;
            o.schedulerPerStep = true;
        });
    }

    /** Computes the losses, those of the evaluation too, in mixed precision; {@link Autocast#open(Device, Dtype)}. */
    public TrainerOptions autocast(Device device, Dtype dtype) {
        Arguments.notNull("TrainerOptions", "device", device);
        Arguments.notNull("TrainerOptions", "dtype", dtype);
        return with(o -> {
            o.autocast = device;
            o.autocastDtype = dtype;
        });
    }

    /** Scales the losses; checkpoints contain the scaler. A step that it skips counts as a step. */
    public TrainerOptions gradScaler(GradScaler value) {
        Arguments.notNull("TrainerOptions", "scaler", value);
        return with(o -> o.scaler = value);
    }

    /**
     * Sets the folder of the training's files, which is created if it does not exist: {@code checkpoints} with the latest
     * ones, {@code best.pt} with the one of the best epoch, and {@code metrics.jsonl}. Nothing is written by default.
     */
    public TrainerOptions folder(Path value) {
        Arguments.notNull("TrainerOptions", "folder", value);
        return with(o -> o.folder = value);
    }

    /** Resumes from the latest checkpoint of the folder, if there is one. Off by default. */
    public TrainerOptions resume(boolean value) {
        return with(o -> o.resume = value);
    }

    /**
     * Deletes the checkpoints of an earlier training in the folder. By default a training that neither resumes nor overwrites
     * them raises an error.
     */
    public TrainerOptions overwrite(boolean value) {
        return with(o -> o.overwrite = value);
    }

    /** Writes a checkpoint after each such number of optimiser steps as well; by default after each epoch only. */
    public TrainerOptions checkpointEvery(long steps) {
        positive("checkpointEvery", steps);
        return with(o -> o.checkpointEvery = steps);
    }

    /** Sets the number of checkpoints that the folder keeps, by default 3. */
    public TrainerOptions keep(int checkpoints) {
        positive("keep", checkpoints);
        return with(o -> o.kept = checkpoints);
    }

    /** Adds parts to the checkpoints, such as the averaged model: {@code c -> c.model("ema", average)}. */
    public TrainerOptions checkpointParts(UnaryOperator<TrainingCheckpoint> more) {
        Arguments.notNull("TrainerOptions", "checkpointParts", more);
        return with(o -> {
            UnaryOperator<TrainingCheckpoint> before = o.parts;
            o.parts = c -> more.apply(before.apply(c));
        });
    }

    /** Adds a generator that the batches are drawn with, which a checkpoint has to contain; the default one always is. */
    public TrainerOptions generator(Generator value) {
        Arguments.notNull("TrainerOptions", "generator", value);
        return with(o -> o.generators = plus(o.generators, value));
    }

    /** Writes event files for TensorBoard to {@code tensorboard} in the folder. Off by default. */
    public TrainerOptions tensorBoard(boolean value) {
        return with(o -> o.tensorBoard = value);
    }

    /** Sets after how many steps the loss is read from the device, checked and logged, by default 10. */
    public TrainerOptions logEvery(int steps) {
        positive("logEvery", steps);
        return with(o -> o.logEvery = steps);
    }

    /**
     * Monitors a metric whose smallest value is the best; by default {@code val_loss} with an evaluation that computes it, and
     * {@code loss} otherwise.
     */
    public TrainerOptions minimize(String metric) {
        Arguments.notNull("TrainerOptions", "metric", metric);
        return with(o -> {
            o.monitor = metric;
            o.maximize = false;
        });
    }

    /** Monitors a metric whose largest value is the best, such as {@code val_accuracy}. */
    public TrainerOptions maximize(String metric) {
        Arguments.notNull("TrainerOptions", "metric", metric);
        return with(o -> {
            o.monitor = metric;
            o.maximize = true;
        });
    }

    /**
     * Ends the training once the monitored metric has not improved for a number of epochs. Off by default.
     *
     * @param minDelta a smaller change is no improvement
     */
    public TrainerOptions earlyStopping(int patience, double minDelta) {
        positive("patience", patience);
        if (!(minDelta >= 0)) throw new ValueException("minDelta must not be negative, but got " + minDelta);
        return with(o -> {
            o.patience = patience;
            o.minDelta = minDelta;
        });
    }

    /** Adds a callback; callbacks run in the order in which they were added. */
    public TrainerOptions callback(Callback value) {
        Arguments.notNull("TrainerOptions", "callback", value);
        return with(o -> o.callbacks = plus(o.callbacks, value));
    }

    /** Raises an error when the loss is infinite or NaN, which is the default. */
    public TrainerOptions stopOnNonFiniteLoss(boolean value) {
        return with(o -> o.stopOnNonFiniteLoss = value);
    }

    /**
     * Stops the training after the current step, and writes a checkpoint, when the process is told to end, by Ctrl-C for
     * example, which is the default. The process ends afterwards.
     */
    public TrainerOptions saveOnInterrupt(boolean value) {
        return with(o -> o.saveOnInterrupt = value);
    }

    private static <T> List<T> plus(List<T> list, T more) {
        List<T> all = new ArrayList<>(list);
        all.add(more);
        return List.copyOf(all);
    }
}
