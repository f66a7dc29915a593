package dev.cotangent.tests.conformance;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.tests.reference.Cells;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One run of a check: makes operands on both devices, runs the same on both, and compares what they hold afterwards. */
public final class Trial {
    private static final int GUARD = 3;
    private final Lab lab;
    private final RandomGenerator random;

    Trial(Lab lab, long seed) {
        this.lab = lab;
        this.random = new SplittableRandom(seed);
    }

    Lab lab() {
        return lab;
    }

    RandomGenerator random() {
        return random;
    }

    /** Returns the number of rounds to run in this sample, given that of the whole suite. */
    int rounds(int all) {
        return (all + lab.share() - 1) / lab.share();
    }

    /** Creates an operand of a layout, in a filled storage that is somewhat longer. */
    Operand operand(Dtype dtype, Layout layout, Values values) {
        Cells cells = new Cells(dtype, Math.toIntExact(layout.storageSpan()) + GUARD);
        values.fill(cells, random);
        return operand(cells, layout);
    }

    /** Creates an operand with a random layout of a form. */
    Operand operand(Dtype dtype, long[] sizes, Form form, Values values) {
        return operand(dtype, form.of(sizes, random), values);
    }

    Operand operand(Cells cells, Layout layout) {
        return new Operand(upload(lab.device(), cells, layout), upload(lab.reference(), cells, layout), cells);
    }

    private static Strided upload(Backend backend, Cells cells, Layout layout) {
        Strided s = new Strided(backend.allocate(cells.dtype(), cells.size()), layout);
        backend.write(s.storage(), 0, cells.bytes());
        return s;
    }

    /** Compares an operand after both devices wrote to it; elements outside of its layout must be unchanged. */
    void compare(Operand operand, Tolerance tolerance, Supplier<String> what) {
        Cells got = Operand.read(operand.device());
        Cells expected = Operand.read(operand.reference());
        Layout layout = operand.layout();
        BitSet inside = new BitSet(got.size());
        for (long n = 0; n < layout.numel(); n++) {
            long at = Operand.place(layout, n);
            inside.set((int) at);
            check(got, expected, at, n, tolerance, () -> what.get() + ", result " + operand);
        }
        for (int at = inside.nextClearBit(0); at < got.size(); at = inside.nextClearBit(at + 1)) {
            int place = at;
            check(
                    got,
                    operand.before(),
                    at,
                    at,
                    Tolerance.EXACT,
                    () -> what.get() + ", result " + operand + ": wrote outside of it, at place " + place);
        }
    }

    /** Compares the elements of two tensors, one from each device, and their dtypes and shapes. */
    static void compare(Tensor got, Tensor expected, Tolerance tolerance, Supplier<String> what) {
        require(
                got.dtype() == expected.dtype() && got.shape().equals(expected.shape()),
                () -> what.get() + ": got " + got.dtype() + " " + got.shape() + ", reference " + expected.dtype() + " "
                        + expected.shape());
        Cells a = elements(got);
        Cells b = elements(expected);
        for (int n = 0; n < a.size(); n++) check(a, b, n, n, tolerance, what);
    }

    /** Returns the elements of a tensor, row-major. */
    static Cells elements(Tensor tensor) {
        Cells cells = new Cells(tensor.dtype(), Math.toIntExact(tensor.numel()));
        if (cells.size() == 0) return cells;
        Tensor t = tensor.detach().contiguous();
        Internals.backend(t).read(Internals.storage(t), Internals.layout(t).offset(), cells.bytes());
        return cells;
    }

    /** Returns the exception of a call. Throws if there is none. */
    static CotangentException raised(Runnable call, Supplier<String> what) {
        try {
            call.run();
        } catch (CotangentException e) {
            return e;
        }
        throw new AssertionError(what.get() + " raised nothing");
    }

    static void check(Cells got, Cells expected, long at, long n, Tolerance tolerance, Supplier<String> what) {
        if (got.dtype().isFloatingPoint()) {
            double g = got.real(at);
            double e = expected.real(at);
            if (!close(got.dtype(), g, e, tolerance, n)) fail(what, n, g, e, tolerance.bound(n, e));
        } else if (got.whole(at) != expected.whole(at)) {
            fail(what, n, got.whole(at), expected.whole(at), 0);
        }
    }

    private static boolean close(Dtype dtype, double got, double expected, Tolerance tolerance, long n) {
        if (Double.isNaN(expected)) return Double.isNaN(got);
        if (tolerance == Tolerance.EXACT) return Double.compare(got, expected) == 0;
        if (got == expected) return true;
        double bound = tolerance.bound(n, expected);
        // Just above the largest number is infinity, and a result may be rounded the other way.
        if (Double.isInfinite(expected) || Double.isInfinite(got)) {
            double huge = Tolerance.huge(dtype);
            double finite = Double.isInfinite(expected) ? got : expected;
            return bound > 0
                    && Math.signum(got) == Math.signum(expected)
                    && Math.abs(finite) >= huge - tolerance.bound(n, huge);
        }
        return Math.abs(got - expected) <= bound;
    }

    private static void fail(Supplier<String> what, long n, Object got, Object expected, double bound) {
        throw new AssertionError("%s, element %d: got %s, reference %s, allowed error %s"
                .formatted(what.get(), n, got, expected, bound));
    }

    static void require(boolean holds, Supplier<String> what) {
        if (!holds) throw new AssertionError(what.get());
    }

    static String show(Operand... operands) {
        return Arrays.toString(operands);
    }
}
