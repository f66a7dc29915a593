package dev.cotangent.train;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Where a training stands. Only {@link #stop} may be called by other threads. */
public final class TrainingState {
    private final int epochs;
    private final OptionalLong batches;
    private final boolean checked;

    int epoch;
    long batch;
    long step;
    double lr;
    double sum;
    long counted;
    double last = Double.NaN;
    /** Losses that have not been read from the device yet. */
    private final List<Tensor> pending = new ArrayList<>();

    OptionalDouble best = OptionalDouble.empty();
    int bestEpoch;
    List<EpochResult> history = new ArrayList<>();
    private volatile boolean stopping;

    TrainingState(int epochs, OptionalLong batches, boolean checked) {
        this.epochs = epochs;
        this.batches = batches;
        this.checked = checked;
    }

    /** Returns the number of epochs that are done. */
    public int epoch() {
        return epoch;
    }

    /** Returns the number of epochs that the training has in total. */
    public int epochs() {
        return epochs;
    }

    /** Returns the number of batches that are done in this epoch. */
    public long batch() {
        return batch;
    }

    /** Returns the number of batches of an epoch, if it is known. */
    public OptionalLong batches() {
        return batches;
    }

    /** Returns the number of steps of the optimiser that are done. */
    public long step() {
        return step;
    }

    /** Returns the learning rate of the last step. */
    public double lr() {
        return lr;
    }

    /** Returns the loss of the last batch, which waits for the device; NaN before the first. */
    public double loss() {
        drain();
        return last;
    }

    /** Returns the mean loss of this epoch's batches so far, which waits for the device; NaN before the first. */
    public double meanLoss() {
        drain();
        return sum / counted;
    }

    /** Returns the best value of the monitored metric, if an epoch had it. */
    public OptionalDouble best() {
        return best;
    }

    /** Returns the results of the epochs that are done. */
    public List<EpochResult> history() {
        return List.copyOf(history);
    }

    /** Stops the training after the current step; a checkpoint is written if there is a folder. */
    public void stop() {
        stopping = true;
    }

    /** Returns whether the training has been told to stop. */
    public boolean isStopping() {
        return stopping;
    }

    void add(Tensor loss) {
        pending.add(loss.detach());
    }

    void drain() {
        for (Tensor t : pending) {
            last = t.itemDouble();
            sum += last;
            counted++;
            if (checked && !Double.isFinite(last)) {
                pending.clear();
                throw new CotangentException("the loss became " + last + " in epoch " + (epoch + 1) + ", step " + step
                        + ", or in the steps since the loss was last read; the last checkpoint is from before it."
                        + " A lower learning rate or clipGradNorm may help, Autograd.setDetectAnomaly(true) finds the"
                        + " operation, and stopOnNonFiniteLoss(false) goes on");
            }
        }
        pending.clear();
    }

    void beginEpoch() {
        sum = 0;
        counted = 0;
        batch = 0;
    }
}
