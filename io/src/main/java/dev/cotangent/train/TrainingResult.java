package dev.cotangent.train;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a training ended with.
 *
 * @param end why it ended
 * @param epochs how many epochs are done, those before a resume included
 * @param step how many steps of the optimiser are done
 * @param best the best value of the monitored metric; empty if no epoch had it
 * @param bestEpoch the epoch of that value, counted from 1; 0 if there is none
 * @param history the results of all epochs, those before a resume included
 */
public record TrainingResult(
        End end, int epochs, long step, OptionalDouble best, int bestEpoch, List<EpochResult> history) {
    /** Why a training ended. */
    public enum End {
        /** All epochs, or all steps, are done. */
        FINISHED,
        /** The monitored metric has not improved for as many epochs as early stopping allows. */
        EARLY,
        /** {@link Trainer#stop}, {@link TrainingState#stop} or Ctrl-C stopped it. */
        STOPPED
    }

    /** Copies the history. */
    public TrainingResult {
        history = List.copyOf(history);
    }
}
