package dev.cotangent.benchmarks;

import dev.cotangent.Tensor;
import java.util.List;

/** A case with its operands. */
@FunctionalInterface
public interface Work {
    /** Runs the case once; the caller materializes the result. */
    Tensor run();

    /** Returns all results of a run, to compare with the peer's. */
    default List<Tensor> outcome() {
        return List.of(run());
    }

    /** Resets its state, before each measured series of runs. */
    default void reset() {}
}
