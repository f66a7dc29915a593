package dev.cotangent.benchmarks.operators;

import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of the table that are measured alike. */
final class Section {
    /** Default sizes: in the first-level cache, in the second or third, and in memory. */
    static final int[] ALL = {1000, 100_000, 10_000_000};

    /** Sizes if the largest would take seconds. */
    static final int[] SLOW = {1000, 100_000, 1_000_000};

    /** Sizes of still slower operations. */
    static final int[] SMALL = {1000, 100_000};

    /** Size of views, whose cost does not depend on it. */
    static final int[] VIEW = {1000};

    /** Size of in-place forms, which share the loops of their operations. */
    static final int[] MIDDLE = {100_000};

    /** Size of operands with a fixed size. */
    static final int[] FIXED = {0};

    private final List<Operator> rows;
    private final boolean differentiable;
    private final boolean compared;
    private final List<Integer> sizes;

    private Section(List<Operator> rows, boolean differentiable, boolean compared, int[] sizes) {
        this.rows = rows;
        this.differentiable = differentiable;
        this.compared = compared;
        this.sizes = Arrays.stream(sizes).boxed().toList();
    }

    /** Starts a section of operations that are measured forward, and forward with backward. */
    static Section differentiable(int... sizes) {
        return new Section(new ArrayList<>(), true, true, sizes);
    }

    /** Starts a section of operations without a gradient. */
    static Section forward(int... sizes) {
        return new Section(new ArrayList<>(), false, true, sizes);
    }

    /** Starts a section without a gradient whose results cannot be compared: random numbers, uninitialised memory. */
    static Section unchecked(int... sizes) {
        return new Section(new ArrayList<>(), false, false, sizes);
    }

    /** Starts a section as {@link #unchecked}, with a gradient. */
    static Section uncheckedDifferentiable(int... sizes) {
        return new Section(new ArrayList<>(), true, false, sizes);
    }

    List<Operator> rows() {
        return rows;
    }

    private void add(String name, String python, Operator.Call call) {
        rows.add(new Operator(name, python, call, differentiable, compared, sizes));
    }

    interface Op0 {
        Object get();
    }

    interface Op1 {
        Object of(Tensor a);
    }

    interface Op2 {
        Object of(Tensor a, Tensor b);
    }

    interface Op3 {
        Object of(Tensor a, Tensor b, Tensor c);
    }

    interface Op4 {
        Object of(Tensor a, Tensor b, Tensor c, Tensor d);
    }

    interface Op5 {
        Object of(Tensor a, Tensor b, Tensor c, Tensor d, Tensor e);
    }

    void op(String name, String python, Op0 op) {
        add(name, python, _ -> op.get());
    }

    void op(String name, String python, Op1 op) {
        add(name, python, t -> op.of(t[0]));
    }

    void op(String name, String python, Op2 op) {
        add(name, python, t -> op.of(t[0], t[1]));
    }

    void op(String name, String python, Op3 op) {
        add(name, python, t -> op.of(t[0], t[1], t[2]));
    }

    void op(String name, String python, Op4 op) {
        add(name, python, t -> op.of(t[0], t[1], t[2], t[3]));
    }

    void op(String name, String python, Op5 op) {
        add(name, python, t -> op.of(t[0], t[1], t[2], t[3], t[4]));
    }
}
