package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Concatenation and stacking, and broadcasting of several tensors. */
public final class ConcatenationOps {
    private ConcatenationOps() {}

    private static void checkTensors(List<Tensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            if (tensors.get(i) != null) continue;
            throw new TypeException("expected Tensor as element " + i + " in argument 0, but got NoneType");
        }
    }

    /** Implements {@code torch.cat}: empty one-dimensional tensors are skipped. */
    public static Tensor cat(List<Tensor> tensors, int dim) {
        checkTensors(tensors);
        if (tensors.isEmpty()) throw new ValueException("torch.cat(): expected a non-empty list of Tensors");
        for (int i = 0; i < tensors.size(); i++) {
            if (tensors.get(i).dim() == 0) {
                throw new CotangentException("zero-dimensional tensor (at position " + i + ") cannot be concatenated");
            }
        }
        Tensor first = tensors.stream().filter(t -> !skipped(t)).findFirst().orElse(tensors.getFirst());
        int d = skipped(first) ? 0 : Broadcast.dim(dim, first.dim());
        long[] sizes = Internals.layout(first).sizes().clone();
        sizes[d] = 0;
        for (int i = 0; i < tensors.size(); i++) {
            Tensor t = tensors.get(i);
            if (skipped(t)) continue;
            checkFits(first, t, d, i);
            sizes[d] += t.size(d);
        }
        Tensor[] all = tensors.toArray(Tensor[]::new);
        Device device = sameDevice("cat", all);
        Dtype dtype = Promotion.resultType((Object[]) all);
        Tensor out = CreationOps.uninitialized(dtype, device, sizes);
        GradientRule grad = GradientRule.of("CatBackward0", out);
        long start = 0;
        for (Tensor t : tensors) {
            long from = start;
            long length = skipped(t) ? 0 : t.size(d);
            Layout part = Internals.layout(out).slice(d, from, length, 1);
            if (length > 0)
                Transfers.copy(Internals.data(t), Internals.data(out).with(part));
            long[] empty = skipped(t) ? Internals.layout(t).sizes() : null;
            grad.input(
                    t,
                    g -> empty != null
                            ? CreationOps.zeros(g.dtype(), g.device(), empty)
                            : ViewOps.narrow(g, d, from, length));
            start += length;
        }
        return grad.done();
    }

    private static boolean skipped(Tensor t) {
        return t.dim() == 1 && t.numel() == 0;
    }

    private static void checkFits(Tensor first, Tensor t, int dim, int at) {
        if (first.dim() != t.dim()) {
            throw new CotangentException(
                    "Tensors must have same number of dimensions: got " + first.dim() + " and " + t.dim());
        }
        for (int d = 0; d < t.dim(); d++) {
            if (d != dim && t.size(d) != first.size(d)) {
                throw new CotangentException(
                        "Sizes of tensors must match except in dimension " + dim + ". Expected size " + first.size(d)
                                + " but got size " + t.size(d) + " for tensor number " + at + " in the list.");
            }
        }
    }

    /** Returns the common device of tensors; unlike elsewhere, 0-dimensional CPU tensors are not exempt. */
    static Device sameDevice(String op, Tensor... tensors) {
        Device device = tensors[0].device();
        for (Tensor t : tensors) {
            if (!t.device().equals(device)) {
                throw new CotangentException("Expected all tensors to be on the same device, but found at least two"
                        + " devices, " + device + " and " + t.device()
                        + "! (when checking argument for argument tensors in"
                        + " method wrapper_" + op + ")");
            }
        }
        return device;
    }

    /** Implements {@code torch.stack}. */
    public static Tensor stack(List<Tensor> tensors, int dim) {
        checkTensors(tensors);
        if (tensors.isEmpty()) throw new CotangentException("stack expects a non-empty TensorList");
        Tensor first = tensors.getFirst();
        int d = Broadcast.dim(dim, first.dim() + 1);
        for (int i = 1; i < tensors.size(); i++) {
            Tensor t = tensors.get(i);
            if (!t.shape().equals(first.shape())) {
                throw new CotangentException("stack expects each tensor to be equal size, but got "
                        + Arrays.toString(Internals.layout(first).sizes()) + " at entry 0 and "
                        + Arrays.toString(Internals.layout(t).sizes()) + " at entry " + i);
            }
        }
        Tensor[] all = tensors.toArray(Tensor[]::new);
        Device device = sameDevice("stack", all);
        Dtype dtype = Promotion.resultType((Object[]) all);
        long[] sizes = Internals.layout(first).unsqueeze(d).sizes().clone();
        sizes[d] = all.length;
        Tensor out = CreationOps.uninitialized(dtype, device, sizes);
        GradientRule grad = GradientRule.of("StackBackward0", out);
        for (int i = 0; i < all.length; i++) {
            int at = i;
            Transfers.copy(
                    Internals.data(all[i]),
                    Internals.data(out).with(Internals.layout(out).select(d, i)));
            grad.input(all[i], g -> ViewOps.select(g, d, at));
        }
        return grad.done();
    }

    private static List<Tensor> atLeast(int rank, List<Tensor> tensors, String name) {
        if (tensors.isEmpty()) throw new CotangentException(name + " expects a non-empty TensorList");
        return tensors.stream().map(t -> ShapeOps.atLeast(rank, t)).toList();
    }

    /** Implements {@code torch.hstack}. */
    public static Tensor hstack(List<Tensor> tensors) {
        List<Tensor> rows = atLeast(1, tensors, "hstack");
        return cat(rows, rows.getFirst().dim() == 1 ? 0 : 1);
    }

    /** Implements {@code torch.vstack}. */
    public static Tensor vstack(List<Tensor> tensors) {
        return cat(atLeast(2, tensors, "vstack"), 0);
    }

    /** Implements {@code torch.dstack}. */
    public static Tensor dstack(List<Tensor> tensors) {
        return cat(atLeast(3, tensors, "dstack"), 2);
    }

    /** Implements {@code torch.column_stack}. */
    public static Tensor columnStack(List<Tensor> tensors) {
        if (tensors.isEmpty()) throw new CotangentException("column_stack expects a non-empty TensorList");
        return hstack(tensors.stream()
                .map(t -> t.dim() <= 1 ? t.reshape(t.numel(), 1) : t)
                .toList());
    }

    /** Implements {@code torch.broadcast_shapes}. */
    public static long[] broadcastShapes(long[]... shapes) {
        int rank = 0;
        for (long[] s : shapes) rank = Math.max(rank, s.length);
        long[] out = new long[rank];
        Arrays.fill(out, 1);
        for (long[] shape : shapes) {
            for (int i = 1; i <= shape.length; i++) {
                long size = shape[shape.length - i];
                if (size < 0) {
                    throw new CotangentException(
                            "Trying to create tensor with negative dimension (" + size + "): (" + size + ")");
                }
                if (size == 1 || size == out[rank - i]) continue;
                if (out[rank - i] != 1) {
                    throw new CotangentException("Shape mismatch: objects cannot be broadcast to a single shape");
                }
                out[rank - i] = size;
            }
        }
        return out;
    }

    /** Implements {@code torch.broadcast_tensors}. */
    public static List<Tensor> broadcast(List<Tensor> tensors) {
        if (tensors.isEmpty()) return List.of();
        long[] sizes = Internals.layout(tensors.getFirst()).sizes();
        for (Tensor t : tensors)
            sizes = Broadcast.shape(sizes, Internals.layout(t).sizes());
        long[] to = sizes;
        return tensors.stream()
                .map(t -> Arrays.equals(Internals.layout(t).sizes(), to) ? t : t.expand(to))
                .toList();
    }

    /** Implements {@code torch.meshgrid}. */
    public static List<Tensor> meshgrid(List<Tensor> tensors, String indexing) {
        if (tensors.isEmpty()) throw new CotangentException("meshgrid expects a non-empty TensorList");
        boolean swap = false;
        if (indexing.equals("xy")) swap = tensors.size() >= 2;
        else if (!indexing.equals("ij")) {
            throw new CotangentException(
                    "torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: " + indexing);
        }
        Tensor first = tensors.getFirst();
        long[] shape = new long[tensors.size()];
        for (int i = 0; i < shape.length; i++) {
            Tensor t = tensors.get(i);
            if (t.dtype() != first.dtype()) {
                throw new CotangentException("torch.meshgrid expects all tensors to have the same dtype");
            }
            if (!t.device().equals(first.device())) {
                throw new CotangentException("torch.meshgrid expects all tensors to have the same device");
            }
            if (t.dim() > 1) {
                throw new CotangentException(
                        "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: " + t.dim() + "D");
            }
            shape[i] = t.numel();
        }
        List<Tensor> order = new ArrayList<>(tensors);
        if (swap) {
            swapFirst(order);
            long s = shape[0];
            shape[0] = shape[1];
            shape[1] = s;
        }
        List<Tensor> grids = new ArrayList<>();
        for (int i = 0; i < shape.length; i++) {
            long[] line = new long[shape.length];
            Arrays.fill(line, 1);
            line[i] = shape[i];
            grids.add(order.get(i).view(line).expand(shape));
        }
        if (swap) swapFirst(grids);
        return List.copyOf(grids);
    }

    private static void swapFirst(List<Tensor> list) {
        list.set(0, list.set(1, list.getFirst()));
    }

    /** Implements {@code torch.block_diag}. */
    public static Tensor blockDiag(List<Tensor> tensors) {
        if (tensors.isEmpty()) return CreationOps.zeros(Promotion.defaultDtype(), Device.cpu(), 1, 0);
        long rows = 0;
        long columns = 0;
        List<Tensor> blocks = new ArrayList<>();
        Device device = tensors.getFirst().device();
        for (int i = 0; i < tensors.size(); i++) {
            Tensor t = tensors.get(i);
            if (!t.device().equals(device)) {
                throw new CotangentException(
                        "torch.block_diag: input tensors must all be on the same device. Input 0 is" + " on device "
                                + device + " and input " + i + " is on device " + t.device());
            }
            if (t.dim() > 2) {
                throw new CotangentException("torch.block_diag: Input tensors must have 2 or fewer dimensions. Input "
                        + i + " has " + t.dim() + " dimensions");
            }
            Tensor block = t.dim() == 2 ? t : t.dim() == 1 ? t.expand(1, t.size(0)) : t.expand(1, 1);
            blocks.add(block);
            rows += block.size(0);
            columns += block.size(1);
        }
        Dtype dtype = blocks.stream().map(Tensor::dtype).reduce(Dtype::promote).orElseThrow();
        Tensor out = CreationOps.zeros(dtype, device, rows, columns);
        GradientRule grad = GradientRule.of("BlockDiagBackward0", out);
        long row = 0;
        long column = 0;
        for (int i = 0; i < blocks.size(); i++) {
            Tensor block = blocks.get(i);
            long height = block.size(0);
            long width = block.size(1);
            long top = row;
            long left = column;
            Layout place = Internals.layout(out).slice(0, top, height, 1).slice(1, left, width, 1);
            Transfers.copy(Internals.data(block), Internals.data(out).with(place));
            long[] sizes = Internals.layout(tensors.get(i)).sizes();
            grad.input(
                    tensors.get(i),
                    g -> g.narrow(0, top, height).narrow(1, left, width).reshape(sizes));
            row += height;
            column += width;
        }
        return grad.done();
    }

    /** Implements {@code torch.cartesian_prod}. */
    public static Tensor cartesianProd(List<Tensor> tensors) {
        for (Tensor t : tensors) {
            if (t.dim() != 1) {
                throw new CotangentException("Expect a 1D vector, but got shape "
                        + Arrays.toString(Internals.layout(t).sizes()));
            }
        }
        if (tensors.size() == 1) return tensors.getFirst();
        List<Tensor> columns =
                meshgrid(tensors, "ij").stream().map(g -> g.flatten()).toList();
        return stack(columns, 1);
    }

    /** Implements {@code torch.combinations}. */
    public static Tensor combinations(Tensor x, long r, boolean withReplacement) {
        if (x.dim() != 1) {
            throw new CotangentException("Expect a 1D vector, but got shape "
                    + Arrays.toString(Internals.layout(x).sizes()));
        }
        if (r < 0) throw new CotangentException("Expect a non-negative number, but got " + r);
        if (r == 0) return CreationOps.zeros(x.dtype(), x.device(), 0);
        List<Tensor> fields = new ArrayList<>();
        for (long i = 0; i < r; i++) fields.add(x);
        Tensor positions = CreationOps.arange(0, x.numel(), 1, Dtype.INT64, x.device());
        List<Tensor> places = new ArrayList<>();
        for (long i = 0; i < r; i++) places.add(positions);
        List<Tensor> grids = meshgrid(places, "ij");
        Tensor mask = null;
        for (int i = 0; i + 1 < r; i++) {
            Tensor a = grids.get(i);
            Tensor b = grids.get(i + 1);
            Tensor ordered = withReplacement ? a.le(b) : a.lt(b);
            mask = mask == null ? ordered : mask.logicalAnd(ordered);
        }
        Tensor keep = mask == null ? CreationOps.ones(Dtype.BOOL, x.device(), x.numel()) : mask;
        List<Tensor> columns =
                meshgrid(fields, "ij").stream().map(g -> g.maskedSelect(keep)).toList();
        return stack(columns, 1);
    }
}
