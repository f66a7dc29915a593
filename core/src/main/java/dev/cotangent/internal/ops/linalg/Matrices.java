package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.LinAlgException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.LapackRoutine;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.HostOps;
import java.util.Arrays;
import java.util.function.IntFunction;

/** Batches of matrices: checks of operands, memory as LAPACK lays it out, and calls of its routines. */
final class Matrices {
    private static final String MINIMUM = " must have at least 2 dimensions.";

    private Matrices() {}

    /** Throws PyTorch's error unless there are two dimensions. */
    static void matrix(String op, String name, Tensor a) {
        if (a.dim() < 2) throw new CotangentException(op + ": The input tensor " + name + MINIMUM);
    }

    /** Throws PyTorch's error unless the matrices are square. */
    static void square(String op, Tensor a) {
        matrix(op, "A", a);
        squareSizes(op + ": ", a);
    }

    static void squareSizes(String prefix, Tensor a) {
        if (a.size(-1) != a.size(-2)) {
            throw new CotangentException(prefix + "A must be batches of square matrices, but they are " + a.size(-2)
                    + " by " + a.size(-1) + " matrices");
        }
    }

    /** Throws PyTorch's error unless the dtype is float32 or float64. */
    static void floating(String op, Tensor a) {
        if (!a.dtype().isDifferentiable()) {
            throw new CotangentException(op + ": Expected a floating point or complex tensor as input. Got "
                    + a.dtype().scalarName());
        }
        if (!isSupported(a)) {
            throw new CotangentException(op + ": Low precision dtypes not supported. Got "
                    + a.dtype().scalarName());
        }
    }

    /** Throws PyTorch's error of a missing kernel unless the dtype is float32 or float64. */
    static void kernel(String kernel, Tensor a) {
        if (!isSupported(a)) throw Promotion.notImplemented(kernel, a.dtype());
    }

    /** Returns whether the dtype is float32, float64 or complex. */
    static boolean isSupported(Tensor a) {
        Dtype real = a.dtype().realType();
        return real == Dtype.FLOAT32 || real == Dtype.FLOAT64;
    }

    /** Throws PyTorch's error unless both have one dtype. */
    static void sameType(String op, Tensor a, Tensor b) {
        if (a.dtype() == b.dtype()) return;
        throw new CotangentException(op + ": Expected A and B to have the same dtype, but found A of type "
                + a.dtype().scalarName() + " and B of type " + b.dtype().scalarName() + " instead");
    }

    /** Throws PyTorch's error unless {@code a x = b}, or {@code x a = b}, can be met by its sizes. */
    static void solvable(String op, Tensor a, Tensor b, boolean left) {
        if (a.size(-2) == b.size(left ? -2 : -1)) return;
        throw new CotangentException(op + ": Incompatible shapes of A and B for the equation "
                + (left ? "AX = B" : "XA = B") + " (" + a.size(-2) + "x" + a.size(-1) + " and " + b.size(-2) + "x"
                + b.size(-1) + ")");
    }

    /** Returns the sizes before the last {@code trailing}. */
    static long[] batch(Tensor t, int trailing) {
        return Arrays.copyOf(Internals.layout(t).sizes(), t.dim() - trailing);
    }

    /** Returns the common batch of matrices. */
    static long[] batch(Tensor a, Tensor b) {
        return Broadcast.shape(batch(a, 2), batch(b, 2));
    }

    static long[] sizes(long[] batch, long... trailing) {
        long[] sizes = Arrays.copyOf(batch, batch.length + trailing.length);
        System.arraycopy(trailing, 0, sizes, batch.length, trailing.length);
        return sizes;
    }

    /** Returns the matrices with another batch to which theirs can be broadcast. */
    static Tensor expand(Tensor a, long[] batch) {
        return a.expand(sizes(batch, a.size(-2), a.size(-1)));
    }

    /** Returns uninitialised matrices, each column-major. */
    static Tensor columns(Dtype dtype, Device device, long... sizes) {
        int n = sizes.length;
        long[] strides = Layout.rowMajor(sizes);
        strides[n - 2] = 1;
        strides[n - 1] = Math.max(sizes[n - 2], 1);
        return CreationOps.uninitialized(dtype, device, Layout.of(sizes.clone(), strides, 0));
    }

    static Tensor columnsLike(Tensor a, long rows, long columns) {
        return columns(a.dtype(), a.device(), sizes(batch(a, 2), rows, columns));
    }

    /** Returns a copy without history, each matrix column-major. */
    static Tensor copyColumns(Tensor a) {
        Tensor out = columns(a.dtype(), a.device(), Internals.layout(a).sizes());
        Transfers.copy(Internals.data(a), Internals.data(out));
        return out;
    }

    static Tensor unset(Tensor a, long... sizes) {
        return CreationOps.uninitialized(a.dtype(), a.device(), sizes);
    }

    /** Returns uninitialised real numbers, such as singular values. */
    static Tensor unsetReal(Tensor a, long... sizes) {
        return CreationOps.uninitialized(a.dtype().realType(), a.device(), sizes);
    }

    static Tensor codes(Tensor a, long... sizes) {
        return CreationOps.zeros(Dtype.INT32, a.device(), sizes);
    }

    /** Returns identity matrices, column-major. */
    static Tensor identities(Tensor a, long n) {
        Tensor eye = CreationOps.eye(n, n, a.dtype(), a.device());
        return copyColumns(eye.expand(sizes(batch(a, 2), n, n)));
    }

    /** Returns the dimensions before the last {@code trailing} as one. */
    private static Strided flat(Tensor t, int trailing) {
        Layout l = Internals.layout(t);
        int lead = l.rank() - trailing;
        Layout batch = Layout.of(Arrays.copyOf(l.sizes(), lead), Arrays.copyOf(l.strides(), lead), l.offset());
        Layout one = lead == 1 ? batch : batch.view(batch.numel());
        if (one == null) return flat(t.detach().contiguousCopy(), trailing);
        long[] sizes = new long[trailing + 1];
        long[] strides = new long[trailing + 1];
        sizes[0] = one.size(0);
        strides[0] = one.stride(0);
        for (int d = 0; d < trailing; d++) {
            sizes[d + 1] = l.size(lead + d);
            strides[d + 1] = l.stride(lead + d);
        }
        return Internals.data(t).with(Layout.of(sizes, strides, l.offset()));
    }

    static Strided matrices(Tensor t) {
        return flat(t, 2);
    }

    static Strided vectors(Tensor t) {
        return flat(t, 1);
    }

    static Strided scalars(Tensor t) {
        return flat(t, 0);
    }

    /** Runs a routine unless there is nothing to do; results are then what they were initialised with. */
    static void lapack(LapackRoutine routine, Strided[] operands, boolean... flags) {
        int last = operands.length - 1;
        if (operands[0].numel() == 0) return;
        if (routine.reads(last) && routine.writes(last) && operands[last].numel() == 0) return;
        if (operands[0].form().isComplex()) ComplexLapack.run(routine, operands, flags);
        else operands[0].backend().lapack(routine, operands, flags);
    }

    static Strided[] operands(Strided... operands) {
        return operands;
    }

    /** Throws a LinAlgException for the first code that is not 0. */
    static void checkCodes(String op, Tensor info, IntFunction<String> message) {
        String text = failure(op, info, message);
        if (text != null) throw new LinAlgException(text);
    }

    /** Returns the message for the first code that is not 0; null where there is none. */
    static @org.jspecify.annotations.Nullable String failure(String op, Tensor info, IntFunction<String> message) {
        int[] codes = HostOps.ints(info);
        for (int i = 0; i < codes.length; i++) {
            if (codes[i] == 0) continue;
            String element = info.dim() == 0 ? "" : "(Batch element " + i + "): ";
            return op + ": " + element + message.apply(codes[i]);
        }
        return null;
    }

    /** Whether {@code b} is one vector for each matrix of {@code a}. */
    static boolean areVectors(Tensor a, Tensor b) {
        return b.dim() == 1
                || a.dim() - 1 == b.dim()
                        && Arrays.equals(
                                Internals.layout(b).sizes(),
                                Arrays.copyOf(Internals.layout(a).sizes(), b.dim()));
    }

    /** {@code x * diag(d)}. */
    static Tensor scaleColumns(Tensor x, Tensor d) {
        return x.mul(d.unsqueeze(-2));
    }

    /** {@code diag(d) * x}. */
    static Tensor scaleRows(Tensor d, Tensor x) {
        return d.unsqueeze(-1).mul(x);
    }
}
