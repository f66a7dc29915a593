package dev.cotangent.internal.ops.nn;

import dev.cotangent.AttentionOptions;
import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attention by scaled products of queries and keys. */
public final class AttentionOps {
    private static final String NODE = "ScaledDotProductFlashAttentionForCpuBackward0";

    private AttentionOps() {}

    /** Implements {@code torch.nn.functional.scaled_dot_product_attention}. */
    public static Tensor attention(Tensor q, Tensor k, Tensor v, AttentionOptions o) {
        Tensor mask = o.getAttnMask();
        check(q, k, v, mask, o.getDropoutP());
        if (o.isEnableGqa() && (k.size(-3) != q.size(-3) || v.size(-3) != q.size(-3))) {
            return grouped(q, k, v, o);
        }
        Double given = o.getScale();
        double scale = given != null ? given : 1 / Math.sqrt(q.size(-1));
        Shapes shapes = Shapes.of(q, k, v, mask);
        boolean isWhole = o.getDropoutP() == 0 && !(mask != null && mask.requiresGrad() && GradMode.isEnabled());
        if (!isWhole) return composed(q, k, v, mask, o.isCausal(), scale, o.getDropoutP());
        return whole(q, k, v, mask, shapes, o.isCausal(), scale);
    }

    private static void check(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double dropout) {
        if (q.dtype() != k.dtype() || q.dtype() != v.dtype()) {
            throw new CotangentException("Expected query, key, and value to have the same dtype, but got query.dtype: "
                    + q.dtype().cName() + " key.dtype: " + k.dtype().cName() + " and value.dtype: "
                    + v.dtype().cName() + " instead.");
        }
        if (mask == null) Promotion.device("scaled_dot_product_attention", q, k, v);
        else Promotion.device("scaled_dot_product_attention", q, k, v, mask);
        if (q.dim() < 2 || k.dim() < 2 || v.dim() < 2) {
            throw new CotangentException("Expected query, key, and value to all be  at least 2 dimensional, but got"
                    + " query.dim: " + q.dim() + " key.dim: " + k.dim() + " and value.dim: " + v.dim() + " instead.");
        }
        if (mask != null && mask.dtype() != Dtype.BOOL && mask.dtype() != Dtype.FLOAT32 && mask.dtype() != q.dtype()) {
            throw new CotangentException(
                    "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: "
                            + mask.dtype().cName() + " and  query.dtype: "
                            + q.dtype().cName() + " instead.");
        }
        if (!q.dtype().isFloatingPoint()) {
            throw new CotangentException("expected scalar type Float but found "
                    + q.dtype().scalarName() + ". In Java: scaledDotProductAttention takes floating-point tensors");
        }
        if (!(dropout >= 0 && dropout <= 1)) {
            throw new CotangentException("dropout probability has to be between 0 and 1, but got " + dropout);
        }
        if (k.size(-1) != q.size(-1)) {
            throw new CotangentException("scaled_dot_product_attention: queries have " + q.size(-1)
                    + " features, but keys " + k.size(-1) + ": " + q.shape() + " and " + k.shape());
        }
        if (k.size(-2) != v.size(-2)) {
            throw new CotangentException("scaled_dot_product_attention: there are " + k.size(-2) + " keys, but "
                    + v.size(-2) + " values: " + k.shape() + " and " + v.shape());
        }
    }

    /** Groups of heads of queries that share one head of keys and one of values. */
    private static Tensor grouped(Tensor q, Tensor k, Tensor v, AttentionOptions o) {
        long heads = q.size(-3);
        long shared = k.size(-3);
        if (shared == 0 || heads % shared != 0 || v.size(-3) != shared) {
            throw new CotangentException("Number of heads in key and value must divide the number of heads in query,"
                    + " but got " + heads + " of query, " + shared + " of key and " + v.size(-3) + " of value: "
                    + q.shape() + ", " + k.shape() + ", " + v.shape());
        }
        Tensor split = q.unflatten(-3, shared, heads / shared);
        AttentionOptions options = o.enableGqa(false);
        Tensor mask = o.getAttnMask();
        if (mask != null && mask.dim() >= 3) {
            options = options.attnMask(
                    mask.size(-3) == 1 ? mask.unsqueeze(-3) : mask.unflatten(-3, shared, heads / shared));
        }
        return attention(split, k.unsqueeze(-3), v.unsqueeze(-3), options).flatten(-4, -3);
    }

    /**
     * The common leading sizes of all operands, and the lengths.
     *
     * @param lead the leading sizes
     */
    private record Shapes(long[] lead, long queries, long keys, long features, long values) {
        static Shapes of(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
            long[] lead = Broadcast.shape(Broadcast.shape(lead(q), lead(k)), lead(v));
            long queries = q.size(-2);
            long keys = k.size(-2);
            if (mask != null) {
                long[] all = with(lead, queries, keys);
                long[] broadcast = Broadcast.shape(all, Internals.layout(mask).sizes());
                if (broadcast[broadcast.length - 2] != queries || broadcast[broadcast.length - 1] != keys) {
                    throw new CotangentException("The expanded size of the tensor (" + keys
                            + ") must match the existing size (" + mask.size(-1) + "): attn_mask of shape "
                            + mask.shape()
                            + " is not broadcast to scores of shape " + Arrays.toString(all));
                }
                lead = Arrays.copyOf(broadcast, broadcast.length - 2);
            }
            return new Shapes(lead, queries, keys, q.size(-1), v.size(-1));
        }

        private static long[] lead(Tensor t) {
            return Arrays.copyOf(Internals.layout(t).sizes(), t.dim() - 2);
        }

        private static long[] with(long[] lead, long... last) {
            long[] all = Arrays.copyOf(lead, lead.length + last.length);
            System.arraycopy(last, 0, all, lead.length, last.length);
            return all;
        }

        long[] with(long... last) {
            return with(lead, last);
        }

        Strided expanded(Tensor t, long rows, long columns) {
            Strided s = Internals.strided(t);
            return s.with(s.layout().expand(with(rows, columns)));
        }

        private @Nullable Strided mask(@Nullable Tensor mask) {
            return mask == null ? null : expanded(mask, queries, keys);
        }
    }

    private static Tensor whole(
            Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, Shapes s, boolean causal, double scale) {
        Dtype type = q.dtype().computeType();
        // The gradient is a difference of nearly equal numbers, so saved tensors are not rounded to a half type.
        Tensor exact = CreationOps.uninitialized(type, q.device(), s.with(s.queries, s.values));
        Tensor logs = CreationOps.uninitialized(type, q.device(), s.with(s.queries));
        if (exact.numel() > 0 || logs.numel() > 0) {
            Internals.backend(q)
                    .attention(
                            s.expanded(q, s.queries, s.features),
                            s.expanded(k, s.keys, s.features),
                            s.expanded(v, s.keys, s.values),
                            s.mask(mask),
                            causal,
                            scale,
                            Internals.strided(exact),
                            Internals.strided(logs));
        }
        Tensor out = type == q.dtype() ? exact : exact.to(q.dtype());
        List<Tensor> tensors = new ArrayList<>(List.of(q, k, v, exact, logs));
        if (mask != null) tensors.add(mask.detach());
        Tensor[] keep = tensors.toArray(Tensor[]::new);
        return GradientRule.of(NODE, out)
                .add(q, (g, saved) -> one(0, g[0], saved, causal, scale), keep)
                .add(k, (g, saved) -> one(1, g[0], saved, causal, scale), keep)
                .add(v, (g, saved) -> one(2, g[0], saved, causal, scale), keep)
                .fusedVjp((g, saved, needs) -> all(g[0], saved, needs, causal, scale))
                .done();
    }

    private static @Nullable Tensor one(int which, @Nullable Tensor g, Tensor[] saved, boolean causal, double scale) {
        if (g == null) return null;
        return backward(g, saved, causal, scale)[which];
    }

    private static @Nullable Tensor @Nullable [] all(
            @Nullable Tensor g, Tensor @Nullable [][] saved, boolean[] needs, boolean causal, double scale) {
        if (g == null) return null;
        Tensor[] any = null;
        for (int i = 0; i < needs.length; i++) if (needs[i] && saved[i] != null) any = saved[i];
        if (any == null) return null;
        Tensor[] gradients = backward(g, any, causal, scale);
        for (int i = 0; i < needs.length; i++) if (!needs[i]) gradients[i] = null;
        return gradients;
    }

    private static Tensor[] backward(Tensor g, Tensor[] saved, boolean causal, double scale) {
        Tensor q = saved[0];
        Tensor k = saved[1];
        Tensor v = saved[2];
        Tensor mask = saved.length > 5 ? saved[5] : null;
        if (GradMode.isEnabled()) return differentiable(g, q, k, v, mask, causal, scale);
        Shapes s = Shapes.of(q, k, v, mask);
        Tensor ofQ = CreationOps.uninitialized(q.dtype(), q.device(), s.with(s.queries, s.features));
        Tensor ofK = CreationOps.uninitialized(q.dtype(), q.device(), s.with(s.keys, s.features));
        Tensor ofV = CreationOps.uninitialized(q.dtype(), q.device(), s.with(s.keys, s.values));
        if (ofQ.numel() + ofK.numel() + ofV.numel() > 0) {
            Internals.backend(q)
                    .attentionBackward(
                            Internals.strided(g),
                            s.expanded(q, s.queries, s.features),
                            s.expanded(k, s.keys, s.features),
                            s.expanded(v, s.keys, s.values),
                            s.mask(mask),
                            causal,
                            scale,
                            Internals.strided(saved[3]),
                            Internals.strided(saved[4]),
                            Internals.strided(ofQ),
                            Internals.strided(ofK),
                            Internals.strided(ofV));
        }
        return new Tensor[] {
            ofQ.sumToSize(Internals.layout(q).sizes()),
            ofK.sumToSize(Internals.layout(k).sizes()),
            ofV.sumToSize(Internals.layout(v).sizes())
        };
    }

    /** Computes the gradients by differentiable operations, with the matrix of scores. */
    private static Tensor[] differentiable(
            Tensor g, Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double scale) {
        Tensor weights = weights(q, k, mask, causal, scale);
        Tensor ofWeights = g.matmul(v.transpose(-2, -1));
        Tensor product = ofWeights.mul(weights);
        Tensor ofScores = product.sub(weights.mul(product.sum(-1, true))).mul(scale);
        return new Tensor[] {
            ofScores.matmul(k).sumToSize(Internals.layout(q).sizes()),
            ofScores.transpose(-2, -1).matmul(q).sumToSize(Internals.layout(k).sizes()),
            weights.transpose(-2, -1).matmul(g).sumToSize(Internals.layout(v).sizes())
        };
    }

    /** Computes the weights of all keys for each query, zeros for a query that attends to none. */
    private static Tensor weights(Tensor q, Tensor k, @Nullable Tensor mask, boolean causal, double scale) {
        double root = Math.sqrt(Math.abs(scale));
        Tensor scores = q.mul(root * Math.signum(scale)).matmul(k.mul(root).transpose(-2, -1));
        if (causal) {
            Tensor hidden = CreationOps.ones(Dtype.BOOL, scores.device(), scores.size(-2), scores.size(-1))
                    .triu(1);
            scores = scores.maskedFill(hidden, Double.NEGATIVE_INFINITY);
        }
        if (mask != null) {
            scores = mask.dtype() == Dtype.BOOL
                    ? scores.maskedFill(mask.logicalNot(), Double.NEGATIVE_INFINITY)
                    : scores.add(mask.to(scores.dtype()));
        }
        if (mask == null || scores.numel() == 0) return scores.softmax(-1);
        Tensor blind = scores.detach().eq(Double.NEGATIVE_INFINITY).all(-1, true);
        return scores.maskedFill(blind, 0).softmax(-1).maskedFill(blind, 0);
    }

    private static Tensor composed(
            Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double scale, double dropout) {
        Tensor weights = weights(q, k, mask, causal, scale);
        if (dropout > 0) weights = weights.dropout(dropout, true);
        return weights.matmul(v);
    }
}
