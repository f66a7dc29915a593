package dev.cotangent.train;

import dev.cotangent.CotangentException;
import dev.cotangent.Generator;
import dev.cotangent.io.GeneratorState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The generators of a training, with their states at the start of the epoch. */
final class EpochGenerators {
    private final List<Generator> generators = new ArrayList<>();
    private List<Map<String, Object>> atStart;

    EpochGenerators(List<Generator> more) {
        generators.add(Generator.standard());
        generators.addAll(more);
        atStart = stateDicts();
    }

    private List<Map<String, Object>> stateDicts() {
        return generators.stream().map(GeneratorState::stateDict).toList();
    }

    private void set(List<? extends Map<?, ?>> states) {
        for (int i = 0; i < states.size(); i++) GeneratorState.loadStateDict(generators.get(i), states.get(i));
    }

    /** Remembers the current states as those at the start of the epoch. */
    void mark() {
        atStart = stateDicts();
    }

    /** Iterates as from the start of the epoch, skips some batches and leaves the generators as they are now. */
    <B> Iterator<? extends B> replay(Iterable<? extends B> batches, long skipped) {
        List<Map<String, Object>> now = stateDicts();
        set(atStart);
        Iterator<? extends B> it = batches.iterator();
        for (long i = 0; i < skipped; i++) {
            if (!it.hasNext()) {
                throw new CotangentException("cannot resume: the checkpoint is from batch " + skipped
                        + " of an epoch, but there are only " + i + " batches");
            }
            it.next();
        }
        set(now);
        return it;
    }

    /** Returns the states at the start of the epoch. */
    List<Map<String, Object>> stateDict() {
        return atStart;
    }

    /** Sets the states at the start of the epoch. */
    void loadStateDict(List<Saved> states) {
        if (states.size() != generators.size()) {
            throw new CotangentException(
                    "it has " + states.size() + " generators, but the training has " + generators.size());
        }
        atStart = states.stream().map(Saved::map).toList();
    }
}
