package dev.cotangent;

import dev.cotangent.op.ContractionOps;
import dev.cotangent.op.Einsum;
import dev.cotangent.op.JoinOps;
import dev.cotangent.op.LogicOps;
import java.util.Arrays;
import java.util.List;

/** Functions of several tensors that join them or bring them into one shape; use them through {@link Tensors}. */
public sealed class Joining extends Factory permits Tensors {
    Joining() {}

    /** {@link #cat(List, long)} along the first dimension. */
    public static Tensor cat(Tensor... tensors) {
        return JoinOps.cat(Arrays.asList(tensors), 0);
    }

    /** {@link #cat(List, long)} along the first dimension. */
    public static Tensor cat(List<Tensor> tensors) {
        return JoinOps.cat(tensors, 0);
    }

    /**
     * One behind the other along a dimension, in their common dtype; all other sizes must agree. Tensors of shape [0] do
     * not count. {@code torch.cat}.
     */
    public static Tensor cat(List<Tensor> tensors, int dim) {
        return JoinOps.cat(tensors, dim);
    }

    /** {@link #cat(List, long)} by its other name. {@code torch.concat}. */
    public static Tensor concat(List<Tensor> tensors, int dim) {
        return JoinOps.cat(tensors, dim);
    }

    /** {@link #stack(List, long)} along a new first dimension. */
    public static Tensor stack(Tensor... tensors) {
        return JoinOps.stack(Arrays.asList(tensors), 0);
    }

    /** {@link #stack(List, long)} along a new first dimension. */
    public static Tensor stack(List<Tensor> tensors) {
        return JoinOps.stack(tensors, 0);
    }

    /** One behind the other along a new dimension; all have one shape. {@code torch.stack}. */
    public static Tensor stack(List<Tensor> tensors, int dim) {
        return JoinOps.stack(tensors, dim);
    }

    /** Side by side: along the second dimension, or the only one. {@code torch.hstack}. */
    public static Tensor hstack(List<Tensor> tensors) {
        return JoinOps.hstack(tensors);
    }

    /** One below the other: along the first of at least two dimensions. {@code torch.vstack}. */
    public static Tensor vstack(List<Tensor> tensors) {
        return JoinOps.vstack(tensors);
    }

    /** {@link #vstack} by its other name. {@code torch.row_stack}. */
    public static Tensor rowStack(List<Tensor> tensors) {
        return JoinOps.vstack(tensors);
    }

    /** One behind the other: along the third of at least three dimensions. {@code torch.dstack}. */
    public static Tensor dstack(List<Tensor> tensors) {
        return JoinOps.dstack(tensors);
    }

    /** {@link #hstack}, what has fewer than two dimensions as a column. {@code torch.column_stack}. */
    public static Tensor columnStack(List<Tensor> tensors) {
        return JoinOps.columnStack(tensors);
    }

    /** Matrices along the diagonal of one, zeros elsewhere; vectors are rows. {@code torch.block_diag}. */
    public static Tensor blockDiag(Tensor... tensors) {
        return JoinOps.blockDiag(List.of(tensors));
    }

    /** The indices at which a tensor is not zero, one tensor for each dimension. {@code torch.where}. */
    public static List<Tensor> where(Tensor condition) {
        return condition.where();
    }

    /** The shape that shapes broadcast to. {@code torch.broadcast_shapes}. */
    public static Shape broadcastShapes(long[]... shapes) {
        return Shape.of(JoinOps.broadcastShapes(shapes));
    }

    /** {@link Shaping#atleast1d} of each. {@code torch.atleast_1d}. */
    public static List<Tensor> atleast1d(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::atleast1d).toList();
    }

    /** {@link Shaping#atleast2d} of each. {@code torch.atleast_2d}. */
    public static List<Tensor> atleast2d(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::atleast2d).toList();
    }

    /** {@link Shaping#atleast3d} of each. {@code torch.atleast_3d}. */
    public static List<Tensor> atleast3d(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::atleast3d).toList();
    }

    /** All expanded to the shape they broadcast to. {@code torch.broadcast_tensors}. */
    public static List<Tensor> broadcastTensors(Tensor... tensors) {
        return JoinOps.broadcast(List.of(tensors));
    }

    /** {@link #meshgrid(List, String)} indexed as matrices are. */
    public static List<Tensor> meshgrid(Tensor... tensors) {
        return JoinOps.meshgrid(List.of(tensors), "ij");
    }

    /**
     * Coordinates of a grid: each vector expanded along all the others. {@code torch.meshgrid}.
     *
     * @param indexing {@code ij} as in matrices, or {@code xy} with the first two dimensions swapped
     */
    public static List<Tensor> meshgrid(List<Tensor> tensors, String indexing) {
        return JoinOps.meshgrid(tensors, indexing);
    }

    /** All combinations of one element of each vector, as rows. {@code torch.cartesian_prod}. */
    public static Tensor cartesianProd(Tensor... tensors) {
        return JoinOps.cartesianProd(List.of(tensors));
    }

    /** Sums of products named by letters, such as {@code einsum("ij,jk->ik", a, b)}; {@code torch.einsum}. */
    public static Tensor einsum(String equation, Tensor... operands) {
        return Einsum.of(equation, operands);
    }

    /** The product of a chain of matrices in the cheapest order; {@code torch.linalg.multi_dot}. */
    public static Tensor multiDot(List<Tensor> tensors) {
        return ContractionOps.multiDot(tensors);
    }

    /** {@code input} where the condition (bool) holds, elsewhere {@code other}; {@code torch.where}. */
    public static Tensor where(Tensor condition, Tensor input, Tensor other) {
        return LogicOps.where(condition, input, other);
    }

    /** {@link #where(Tensor, Tensor, Tensor)} of a number. */
    public static Tensor where(Tensor condition, Number input, Tensor other) {
        return LogicOps.where(condition, input, other);
    }

    /** {@link #where(Tensor, Tensor, Tensor)} of a number. */
    public static Tensor where(Tensor condition, Tensor input, Number other) {
        return LogicOps.where(condition, input, other);
    }

    /** {@link #where(Tensor, Tensor, Tensor)} of two numbers. */
    public static Tensor where(Tensor condition, Number input, Number other) {
        return LogicOps.where(condition, input, other);
    }
}
