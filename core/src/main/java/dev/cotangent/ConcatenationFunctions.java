package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.elementwise.ComparisonOps;
import dev.cotangent.internal.ops.linalg.Einsum;
import dev.cotangent.internal.ops.linalg.ProductOps;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import java.util.Arrays;
import java.util.List;

/** Functions of several tensors that join them or bring them into one shape; use them through {@link Tensors}. */
sealed class ConcatenationFunctions extends WindowFunctions permits Tensors {
    ConcatenationFunctions() {}

    /** {@link #cat(List, int)} along the first dimension. */
    public static Tensor cat(Tensor... tensors) {
        Arguments.noNulls("cat", "tensors", tensors);
        return ConcatenationOps.cat(Arrays.asList(tensors), 0);
    }

    /** {@link #cat(List, int)} along the first dimension. */
    public static Tensor cat(List<Tensor> tensors) {
        Arguments.noNulls("cat", "tensors", tensors);
        return ConcatenationOps.cat(tensors, 0);
    }

    /**
     * One behind the other along a dimension, in their common dtype; all other sizes must agree. Tensors of shape [0] do
     * not count. {@code torch.cat}.
     */
    public static Tensor cat(List<Tensor> tensors, int dim) {
        Arguments.noNulls("cat", "tensors", tensors);
        return ConcatenationOps.cat(tensors, dim);
    }

    /** {@link #cat(List, int)} by its other name. {@code torch.concat}. */
    public static Tensor concat(List<Tensor> tensors, int dim) {
        Arguments.noNulls("concat", "tensors", tensors);
        return ConcatenationOps.cat(tensors, dim);
    }

    /** {@link #stack(List, int)} along a new first dimension. */
    public static Tensor stack(Tensor... tensors) {
        Arguments.noNulls("stack", "tensors", tensors);
        return ConcatenationOps.stack(Arrays.asList(tensors), 0);
    }

    /** {@link #stack(List, int)} along a new first dimension. */
    public static Tensor stack(List<Tensor> tensors) {
        Arguments.noNulls("stack", "tensors", tensors);
        return ConcatenationOps.stack(tensors, 0);
    }

    /** One behind the other along a new dimension; all have one shape. {@code torch.stack}. */
    public static Tensor stack(List<Tensor> tensors, int dim) {
        Arguments.noNulls("stack", "tensors", tensors);
        return ConcatenationOps.stack(tensors, dim);
    }

    /** Side by side: along the second dimension, or the only one. {@code torch.hstack}. */
    public static Tensor hstack(List<Tensor> tensors) {
        Arguments.noNulls("hstack", "tensors", tensors);
        return ConcatenationOps.hstack(tensors);
    }

    /** One below the other: along the first of at least two dimensions. {@code torch.vstack}. */
    public static Tensor vstack(List<Tensor> tensors) {
        Arguments.noNulls("vstack", "tensors", tensors);
        return ConcatenationOps.vstack(tensors);
    }

    /** {@link #vstack} by its other name. {@code torch.row_stack}. */
    public static Tensor rowStack(List<Tensor> tensors) {
        Arguments.noNulls("row_stack", "tensors", tensors);
        return ConcatenationOps.vstack(tensors);
    }

    /** One behind the other: along the third of at least three dimensions. {@code torch.dstack}. */
    public static Tensor dstack(List<Tensor> tensors) {
        Arguments.noNulls("dstack", "tensors", tensors);
        return ConcatenationOps.dstack(tensors);
    }

    /** {@link #hstack}, what has fewer than two dimensions as a column. {@code torch.column_stack}. */
    public static Tensor columnStack(List<Tensor> tensors) {
        Arguments.noNulls("column_stack", "tensors", tensors);
        return ConcatenationOps.columnStack(tensors);
    }

    /** Matrices along the diagonal of one, zeros elsewhere; vectors are rows. {@code torch.block_diag}. */
    public static Tensor blockDiag(Tensor... tensors) {
        Arguments.noNulls("block_diag", "tensors", tensors);
        return ConcatenationOps.blockDiag(List.of(tensors));
    }

    /** The indices at which a tensor is not zero, one tensor for each dimension. {@code torch.where}. */
    public static List<Tensor> where(Tensor condition) {
        Arguments.notNull("where", "condition", condition);
        return condition.where();
    }

    /** The shape that shapes broadcast to. {@code torch.broadcast_shapes}. */
    public static Shape broadcastShapes(long[]... shapes) {
        Arguments.notNull("broadcast_shapes", "shapes", shapes);
        return Shape.of(ConcatenationOps.broadcastShapes(shapes));
    }

    /** {@link ShapeMethods#atleast1d} of each. {@code torch.atleast_1d}. */
    public static List<Tensor> atleast1d(List<Tensor> tensors) {
        Arguments.noNulls("atleast1d", "tensors", tensors);
        return tensors.stream().map(Tensor::atleast1d).toList();
    }

    /** {@link ShapeMethods#atleast2d} of each. {@code torch.atleast_2d}. */
    public static List<Tensor> atleast2d(List<Tensor> tensors) {
        Arguments.noNulls("atleast2d", "tensors", tensors);
        return tensors.stream().map(Tensor::atleast2d).toList();
    }

    /** {@link ShapeMethods#atleast3d} of each. {@code torch.atleast_3d}. */
    public static List<Tensor> atleast3d(List<Tensor> tensors) {
        Arguments.noNulls("atleast3d", "tensors", tensors);
        return tensors.stream().map(Tensor::atleast3d).toList();
    }

    /** All expanded to the shape they broadcast to. {@code torch.broadcast_tensors}. */
    public static List<Tensor> broadcastTensors(Tensor... tensors) {
        Arguments.noNulls("broadcast_tensors", "tensors", tensors);
        return ConcatenationOps.broadcast(List.of(tensors));
    }

    /** {@link #meshgrid(List, String)} indexed as matrices are. */
    public static List<Tensor> meshgrid(Tensor... tensors) {
        Arguments.noNulls("meshgrid", "tensors", tensors);
        return ConcatenationOps.meshgrid(List.of(tensors), "ij");
    }

    /**
     * Coordinates of a grid: each vector expanded along all the others. {@code torch.meshgrid}.
     *
     * @param indexing {@code ij} as in matrices, or {@code xy} with the first two dimensions swapped
     */
    public static List<Tensor> meshgrid(List<Tensor> tensors, String indexing) {
        Arguments.noNulls("meshgrid", "tensors", tensors);
        Arguments.notNull("meshgrid", "indexing", indexing);
        return ConcatenationOps.meshgrid(tensors, indexing);
    }

    /** {@link #meshgrid(List, String)} by the mode's constant. */
    public static List<Tensor> meshgrid(List<Tensor> tensors, MeshIndexing indexing) {
        Arguments.noNulls("meshgrid", "tensors", tensors);
        return meshgrid(
                tensors, Arguments.notNull("meshgrid", "indexing", indexing).text());
    }

    /** All combinations of one element of each vector, as rows. {@code torch.cartesian_prod}. */
    public static Tensor cartesianProd(Tensor... tensors) {
        Arguments.noNulls("cartesian_prod", "tensors", tensors);
        return ConcatenationOps.cartesianProd(List.of(tensors));
    }

    /** Sums of products named by letters, such as {@code einsum("ij,jk->ik", a, b)}; {@code torch.einsum}. */
    public static Tensor einsum(String equation, Tensor... operands) {
        Arguments.notNull("einsum", "equation", equation);
        Arguments.noNulls("einsum", "operands", operands);
        return Einsum.of(equation, operands);
    }

    /** The product of a chain of matrices in the cheapest order; {@code torch.linalg.multi_dot}. */
    public static Tensor multiDot(List<Tensor> tensors) {
        Arguments.noNulls("multi_dot", "tensors", tensors);
        return ProductOps.multiDot(tensors);
    }

    /** {@code input} where the condition (bool) holds, elsewhere {@code other}; {@code torch.where}. */
    public static Tensor where(Tensor condition, Tensor input, Tensor other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "input", input);
        Arguments.notNull("where", "other", other);
        return ComparisonOps.where(condition, input, other);
    }

    /** {@link #where(Tensor, Tensor, Tensor)} of a number. */
    public static Tensor where(Tensor condition, Number input, Tensor other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "input", input);
        Arguments.notNull("where", "other", other);
        return ComparisonOps.where(condition, input, other);
    }

    /** {@link #where(Tensor, Tensor, Tensor)} of a number. */
    public static Tensor where(Tensor condition, Tensor input, Number other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "input", input);
        Arguments.notNull("where", "other", other);
        return ComparisonOps.where(condition, input, other);
    }

    /** {@link #where(Tensor, Tensor, Tensor)} of two numbers. */
    public static Tensor where(Tensor condition, Number input, Number other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "input", input);
        Arguments.notNull("where", "other", other);
        return ComparisonOps.where(condition, input, other);
    }
}
