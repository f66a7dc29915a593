package dev.cotangent.benchmarks;

import dev.cotangent.Tensor;
import java.util.List;

/** A case made ready: its operands are there. */
@FunctionalInterface
public interface Work {
    /** Does it once; the caller sees to it that what is returned has been computed. */
    Tensor run();

    /** Everything that one run leaves behind, to compare with the peer's. */
    default List<Tensor> outcome() {
        return List.of(run());
    }

    /** Called before a series of runs, outside what is measured. */
    default void reset() {}
}
