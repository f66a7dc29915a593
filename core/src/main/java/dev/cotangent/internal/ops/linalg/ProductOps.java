package dev.cotangent.internal.ops.linalg;

import dev.cotangent.Complex;
import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.movement.CopyIntoSelf;
import dev.cotangent.internal.ops.movement.ViewOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Products of higher rank or with a summand, composed of those of {@link MatmulOps}. */
public final class ProductOps {
    private ProductOps() {}

    /** Computes {@code torch.addmv}. */
    public static Tensor addmv(Tensor c, Tensor mat, Tensor vec, Number beta, Number alpha) {
        Tensor product = MatmulOps.product(mat, vec);
        Tensor out = scaledSum(c.detach(), product, beta, alpha);
        return GradientRule.of("AddmvBackward0", out)
                .input(c, g -> MatmulOps.scaled(g, beta))
                .input(mat, vec, (g, saved) -> MatmulOps.scaled(g.outer(saved.conj()), alpha))
                .input(vec, mat, (g, saved) -> MatmulOps.scaled(saved.t().conj().mv(g), alpha))
                .readsLastFirst()
                .done();
    }

    private static Tensor scaledSum(Tensor c, Tensor product, Number beta, Number alpha) {
        Tensor scaled = times(product, MatmulOps.factor(alpha, product));
        // A beta of 0 ignores the summand, even its NaNs.
        if (isZero(MatmulOps.factor(beta, product)))
            return ViewOps.expand(
                    scaled,
                    Broadcast.shape(
                            Internals.layout(c).sizes(),
                            Internals.layout(scaled).sizes()));
        return times(c, MatmulOps.factor(beta, product)).add(scaled);
    }

    private static Tensor times(Tensor x, Number by) {
        return MatmulOps.isOne(by) ? x : x.mul(by);
    }

    private static boolean isZero(Number n) {
        return Complex.re(n) == 0 && Complex.im(n) == 0;
    }

    /** Computes {@code torch.addbmm}: the sum over the batch by a single matrix product. */
    public static Tensor addbmm(Tensor c, Tensor a, Tensor b, Number beta, Number alpha) {
        MatmulOps.checkBatches(a, b, "batch1", "batch2");
        long n = a.size(0) * a.size(2);
        Tensor wide = a.transpose(0, 1).reshape(a.size(1), n);
        return c.addmm(wide, b.reshape(n, b.size(2)), beta, alpha);
    }

    /** Computes {@code torch.addr}. */
    public static Tensor addr(Tensor c, Tensor a, Tensor b, Number beta, Number alpha) {
        if (a.dim() != 1) throw new CotangentException("addr: Expected 1-D argument vec1, but got " + a.dim() + "-D");
        if (b.dim() != 1) throw new CotangentException("addr: Expected 1-D argument vec2, but got " + b.dim() + "-D");
        Tensor product = a.detach().outer(b.detach());
        if (c.dtype() != Dtype.BOOL || product.dtype() != Dtype.BOOL) {
            Tensor out = scaledSum(c.detach(), product, beta, alpha);
            return GradientRule.of("AddrBackward0", out)
                    .input(c, g -> MatmulOps.scaled(g, beta))
                    .input(
                            a,
                            b,
                            (g, saved) -> MatmulOps.scaled(g.mv(saved.conj().to(g.dtype())), alpha))
                    .input(
                            b,
                            a,
                            (g, saved) -> MatmulOps.scaled(g.t().mv(saved.conj().to(g.dtype())), alpha))
                    .readsLastFirst()
                    .done();
        }
        boolean keep = MatmulOps.factor(beta, product).doubleValue() != 0;
        boolean add = MatmulOps.factor(alpha, product).doubleValue() != 0;
        return (keep ? c : c.zerosLike()).logicalOr(add ? product : product.zerosLike());
    }

    /** Computes {@code torch.Tensor.addr_}. */
    public static Tensor addrInPlace(Tensor c, Tensor a, Tensor b, Number beta, Number alpha) {
        if (c.dim() != 2) throw new CotangentException("2D tensor expected, got " + c.dim() + "D tensor for input");
        return CopyIntoSelf.into(c, addr(c, a, b, beta, alpha));
    }

    /** Computes {@code torch.inner}. */
    public static Tensor inner(Tensor a, Tensor b) {
        if (a.dim() == 0 || b.dim() == 0) return a.mul(b);
        if (a.size(-1) != b.size(-1)) {
            throw new CotangentException("inner() the last dimension must match on both input tensors but got shapes "
                    + Arrays.toString(Internals.layout(a).sizes()) + " and "
                    + Arrays.toString(Internals.layout(b).sizes()));
        }
        return tensordot(a, b, new int[] {-1}, new int[] {-1});
    }

    /** Computes {@code torch.tensordot}. */
    public static Tensor tensordot(Tensor a, Tensor b, int[] dimsA, int[] dimsB) {
        if (dimsA.length != dimsB.length) {
            throw new CotangentException("both dimension lists should have same length");
        }
        boolean[] summedA = new boolean[a.dim()];
        boolean[] summedB = new boolean[b.dim()];
        int[] orderA = new int[a.dim()];
        int[] orderB = new int[b.dim()];
        int freeA = a.dim() - dimsA.length;
        long inner = 1;
        for (int i = 0; i < dimsA.length; i++) {
            int p = Broadcast.dim(dimsA[i], a.dim());
            int q = Broadcast.dim(dimsB[i], b.dim());
            // A broadcast size of 1: reduce the other tensor's dimension first.
            if (b.size(q) == 1) a = a.sum(p, true).to(a.dtype());
            else if (a.size(p) == 1) b = b.sum(q, true).to(b.dtype());
            else if (a.size(p) != b.size(q)) {
                throw new CotangentException("contracted dimensions need to match, but first has size " + a.size(p)
                        + " in dim " + p + " and second has size " + b.size(q) + " in dim " + q);
            }
            summedA[p] = true;
            summedB[q] = true;
            orderA[freeA + i] = p;
            orderB[i] = q;
            inner *= a.size(p);
        }
        List<Long> sizes = new ArrayList<>();
        long rows = 1;
        int at = 0;
        for (int d = 0; d < a.dim(); d++) {
            if (summedA[d]) continue;
            orderA[at++] = d;
            sizes.add(a.size(d));
            rows *= a.size(d);
        }
        long columns = 1;
        at = dimsB.length;
        for (int d = 0; d < b.dim(); d++) {
            if (summedB[d]) continue;
            orderB[at++] = d;
            sizes.add(b.size(d));
            columns *= b.size(d);
        }
        long[] shape = sizes.stream().mapToLong(Long::longValue).toArray();
        return a.permute(orderA)
                .reshape(rows, inner)
                .mm(b.permute(orderB).reshape(inner, columns))
                .reshape(shape);
    }

    /** Computes {@code torch.kron}. */
    public static Tensor kron(Tensor a, Tensor b) {
        int rank = Math.max(a.dim(), b.dim());
        long[] sa = new long[2 * rank];
        long[] sb = new long[2 * rank];
        long[] shape = new long[rank];
        for (int d = 0; d < rank; d++) {
            int i = d - rank + a.dim();
            int k = d - rank + b.dim();
            sa[2 * d] = i < 0 ? 1 : a.size(i);
            sa[2 * d + 1] = 1;
            sb[2 * d] = 1;
            sb[2 * d + 1] = k < 0 ? 1 : b.size(k);
            shape[d] = sa[2 * d] * sb[2 * d + 1];
        }
        return a.reshape(sa).mul(b.reshape(sb)).reshape(shape);
    }

    /** Computes {@code torch.linalg.multi_dot} in the order of fewest operations. */
    public static Tensor multiDot(List<Tensor> matrices) {
        int n = matrices.size();
        if (n < 2) throw new CotangentException("multi_dot(): expected at least 2 tensors but got " + n);
        List<Tensor> x = new ArrayList<>(matrices);
        boolean row = x.getFirst().dim() == 1;
        boolean column = x.getLast().dim() == 1;
        if (row) x.set(0, x.getFirst().unsqueeze(0));
        if (column) x.set(n - 1, x.getLast().unsqueeze(-1));
        for (int i = 0; i < n; i++) {
            if (x.get(i).dim() != 2) {
                throw new CotangentException(
                        "multi_dot(): tensor " + i + " must be " + (i == 0 || i == n - 1 ? "1D or 2D" : "2D")
                                + " but got " + matrices.get(i).dim() + "D");
            }
            if (i > 0 && x.get(i - 1).size(1) != x.get(i).size(0)) {
                throw new CotangentException("multi_dot(): tensors " + (i - 1) + " and " + i + " with shapes "
                        + Arrays.toString(Internals.layout(matrices.get(i - 1)).sizes()) + " and "
                        + Arrays.toString(Internals.layout(matrices.get(i)).sizes()) + " cannot be multiplied");
            }
        }
        Tensor out = chain(x, splits(x), 0, n - 1);
        if (row) out = out.squeeze(0);
        return column ? out.squeeze(-1) : out;
    }

    /** Returns the best split of each subchain (Cormen et al., "Introduction to Algorithms", 15.2). */
    private static int[][] splits(List<Tensor> x) {
        int n = x.size();
        double[][] cost = new double[n][n];
        int[][] split = new int[n][n];
        for (int length = 1; length < n; length++) {
            for (int i = 0; i + length < n; i++) {
                int j = i + length;
                cost[i][j] = Double.POSITIVE_INFINITY;
                for (int k = i; k < j; k++) {
                    double c = cost[i][k]
                            + cost[k + 1][j]
                            + (double) x.get(i).size(0)
                                    * x.get(k).size(1)
                                    * x.get(j).size(1);
                    if (c < cost[i][j]) {
                        cost[i][j] = c;
                        split[i][j] = k;
                    }
                }
            }
        }
        return split;
    }

    private static Tensor chain(List<Tensor> x, int[][] split, int i, int j) {
        if (i == j) return x.get(i);
        return chain(x, split, i, split[i][j]).mm(chain(x, split, split[i][j] + 1, j));
    }

    /** Computes {@code torch.nn.functional.bilinear}. */
    public static Tensor bilinear(Tensor x, Tensor y, Tensor weight, @Nullable Tensor bias) {
        if (x.dim() != y.dim()) {
            throw new CotangentException(
                    "bilinear(): input dimensions do not match: got " + x.dim() + " and " + y.dim());
        }
        for (int d = 0; d < x.dim() - 1; d++) {
            if (x.size(d) != y.size(d)) {
                throw new CotangentException("bilinear(): input batch dimensions do not match at dim " + d + ": got "
                        + x.size(d) + " and " + y.size(d));
            }
        }
        if (x.size(-1) != weight.size(1)) {
            throw new CotangentException("bilinear(): input1 size does not match weight size: got " + x.size(-1)
                    + " but expected " + weight.size(1));
        }
        if (y.size(-1) != weight.size(2)) {
            throw new CotangentException("bilinear(): input2 size does not match weight size: got " + y.size(-1)
                    + " but expected " + weight.size(2));
        }
        if (bias != null && bias.size(0) != weight.size(0)) {
            throw new CotangentException("bilinear(): bias size does not match weight size: got " + bias.size(0)
                    + " but expected " + weight.size(0));
        }
        long[] shape = Internals.layout(x).sizes().clone();
        shape[shape.length - 1] = weight.size(0);
        Tensor out = Einsum.of("bi,oij,bj->bo", x.reshape(-1, x.size(-1)), weight, y.reshape(-1, y.size(-1)))
                .reshape(shape);
        return bias == null ? out : out.add(bias);
    }

    /** Implements {@code torch.linalg.vecdot}. */
    public static Tensor vecdot(Tensor x, Tensor y, int dim) {
        if (!x.dtype().isDifferentiable()) {
            throw new CotangentException("linalg.vecdot: Expected a floating point or complex tensor as input. Got "
                    + x.dtype().scalarName());
        }
        return x.conj().mul(y).sum(dim);
    }

    /** Computes {@code torch.linalg.cross} of vectors of size 3 along a dimension. */
    public static Tensor cross(String op, Tensor a, Tensor b, int dim) {
        if (a.dim() != b.dim()) {
            throw new CotangentException(op + ": inputs must have the same number of dimensions.");
        }
        int d = Broadcast.dim(dim, a.dim());
        if (a.size(d) != 3 || b.size(d) != 3) {
            throw new CotangentException(
                    op + ": inputs dimension " + dim + " must have length 3. Got " + a.size(d) + " and " + b.size(d));
        }
        long[] shape =
                Broadcast.shape(Internals.layout(a).sizes(), Internals.layout(b).sizes());
        Tensor x = a.expand(shape);
        Tensor y = b.expand(shape);
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int p = (i + 1) % 3;
            int q = (i + 2) % 3;
            parts.add(x.select(d, p).mul(y.select(d, q)).sub(x.select(d, q).mul(y.select(d, p))));
        }
        return Tensors.stack(parts, d);
    }

    /** Computes {@code torch.cross}, by default along the first dimension of size 3. */
    public static Tensor cross(Tensor a, Tensor b, @Nullable Integer dim) {
        if (dim != null) return cross("linalg.cross", a, b, dim);
        long[] shape =
                Broadcast.shape(Internals.layout(a).sizes(), Internals.layout(b).sizes());
        for (int d = 0; d < shape.length; d++) if (shape[d] == 3) return cross("linalg.cross", a, b, d);
        throw new CotangentException("no dimension of size 3 in input");
    }

    /** Computes {@code torch.linalg.vander}: powers 0 to n - 1 along a new last dimension. */
    public static Tensor vander(Tensor x, @Nullable Long n) {
        if (x.dim() == 0) x = x.reshape(1);
        long count = n == null ? x.size(-1) : n;
        if (count <= 1) throw new CotangentException("N must be greater than 1.");
        Tensor base = x.dtype().isDifferentiable() || x.dtype() == Dtype.INT64 ? x : x.to(Dtype.INT64);
        List<Tensor> powers = new ArrayList<>();
        powers.add(base.onesLike());
        for (long k = 1; k < count; k++) powers.add(powers.getLast().mul(base));
        return Tensors.stack(powers, -1);
    }
}
