package dev.cotangent.examples.tour.seeds;

import dev.cotangent.examples.tour.Seed;
import java.util.List;

/** The list of the tutorials. */
public final class Seeds {
    private Seeds() {}

    /** Reads all tutorials, in order. */
    public static List<Seed> all() {
        return List.of(
                Seed.of("000", "what is a Variable", Seed000.class),
                Seed.of("001", "Variable: data, grad, grad_fn", Seed001.class),
                Seed.of("002", "detach and data", Seed002.class),
                Seed.of("003", "autograd exercises", Seed003.class),
                Seed.of("004", "PyTorch in practice: Variable", Seed004.class),
                Seed.of("S", "leaves, in-place operations, views", Leaves.class),
                Seed.of("B", "backward and autograd.grad", Backward.class),
                Seed.of("C", "conversions, printing, small errors", Conversions.class));
    }

    /** Returns their names in the tour. */
    public static List<String> names() {
        return all().stream().map(Seed::name).toList();
    }
}
