package dev.cotangent.train;

/** Code that runs during a training, in the training's thread. All methods do nothing unless overridden. */
public interface Callback {
    /** Runs before the first step, after a checkpoint has been resumed. */
    default void onStart(TrainingState state) {}

    /** Runs after each step of the optimiser. */
    default void onStep(TrainingState state) {}

    /** Runs after each epoch, with its metrics, before its checkpoint is written. */
    default void onEpoch(TrainingState state, EpochResult result) {}

    /** Runs at the end, also of a training that is stopped or that raised an exception. */
    default void onEnd(TrainingState state) {}
}
