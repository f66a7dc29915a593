package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.elementwise.ComparisonOps;
import dev.cotangent.internal.ops.linalg.Einsum;
import dev.cotangent.internal.ops.linalg.ProductOps;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import java.util.Arrays;
import java.util.List;

/** Functions that concatenate, stack or broadcast several tensors; use them through {@link Tensors}. */
sealed class ConcatenationFunctions extends ComplexFunctions permits Tensors {
    ConcatenationFunctions() {}

    /** Works as {@link #cat(List, int)} along the first dimension. */
    public static Tensor cat(Tensor... tensors) {
        Arguments.noNulls("cat", "tensors", tensors);
        return end(start("cat", tensors), ConcatenationOps.cat(AutocastMode.widest(Arrays.asList(tensors)), 0));
    }

    /** Works as {@link #cat(List, int)} along the first dimension. */
    public static Tensor cat(List<Tensor> tensors) {
        Arguments.noNulls("cat", "tensors", tensors);
        return end(start("cat", tensors), ConcatenationOps.cat(AutocastMode.widest(tensors), 0));
    }

    /**
     * Concatenates tensors along a dimension, in their common dtype; all other sizes must be equal. Tensors of shape
     * [0] are skipped. {@code torch.cat}.
     */
    public static Tensor cat(List<Tensor> tensors, int dim) {
        Arguments.noNulls("cat", "tensors", tensors);
        return end(start("cat", tensors), ConcatenationOps.cat(AutocastMode.widest(tensors), dim));
    }

    /** Works as {@link #cat(List, int)}. {@code torch.concat}. */
    public static Tensor concat(List<Tensor> tensors, int dim) {
        Arguments.noNulls("concat", "tensors", tensors);
        return end(start("concat", tensors), ConcatenationOps.cat(AutocastMode.widest(tensors), dim));
    }

    /** Works as {@link #stack(List, int)} along a new first dimension. */
    public static Tensor stack(Tensor... tensors) {
        Arguments.noNulls("stack", "tensors", tensors);
        return end(start("stack", tensors), ConcatenationOps.stack(AutocastMode.widest(Arrays.asList(tensors)), 0));
    }

    /** Works as {@link #stack(List, int)} along a new first dimension. */
    public static Tensor stack(List<Tensor> tensors) {
        Arguments.noNulls("stack", "tensors", tensors);
        return end(start("stack", tensors), ConcatenationOps.stack(AutocastMode.widest(tensors), 0));
    }

    /** Stacks tensors of one shape along a new dimension. {@code torch.stack}. */
    public static Tensor stack(List<Tensor> tensors, int dim) {
        Arguments.noNulls("stack", "tensors", tensors);
        return end(start("stack", tensors), ConcatenationOps.stack(AutocastMode.widest(tensors), dim));
    }

    /** Concatenates horizontally: along the second dimension, or the only one. {@code torch.hstack}. */
    public static Tensor hstack(List<Tensor> tensors) {
        Arguments.noNulls("hstack", "tensors", tensors);
        return end(start("hstack", tensors), ConcatenationOps.hstack(tensors));
    }

    /** Concatenates vertically: along the first of at least two dimensions. {@code torch.vstack}. */
    public static Tensor vstack(List<Tensor> tensors) {
        Arguments.noNulls("vstack", "tensors", tensors);
        return end(start("vstack", tensors), ConcatenationOps.vstack(tensors));
    }

    /** Works as {@link #vstack}. {@code torch.row_stack}. */
    public static Tensor rowStack(List<Tensor> tensors) {
        Arguments.noNulls("row_stack", "tensors", tensors);
        return end(start("row_stack", tensors), ConcatenationOps.vstack(tensors));
    }

    /** Concatenates in depth: along the third of at least three dimensions. {@code torch.dstack}. */
    public static Tensor dstack(List<Tensor> tensors) {
        Arguments.noNulls("dstack", "tensors", tensors);
        return end(start("dstack", tensors), ConcatenationOps.dstack(tensors));
    }

    /** Works as {@link #hstack}, with vectors and 0-dimensional tensors as columns. {@code torch.column_stack}. */
    public static Tensor columnStack(List<Tensor> tensors) {
        Arguments.noNulls("column_stack", "tensors", tensors);
        return end(start("column_stack", tensors), ConcatenationOps.columnStack(tensors));
    }

    /** Returns a block-diagonal matrix; vectors are rows. {@code torch.block_diag}. */
    public static Tensor blockDiag(Tensor... tensors) {
        Arguments.noNulls("block_diag", "tensors", tensors);
        return end(start("block_diag", tensors), ConcatenationOps.blockDiag(List.of(tensors)));
    }

    /** Returns the indices of a tensor's nonzero elements, one tensor per dimension. {@code torch.where}. */
    public static List<Tensor> where(Tensor condition) {
        Arguments.notNull("where", "condition", condition);
        return condition.where();
    }

    /** Returns the shape that shapes broadcast to. {@code torch.broadcast_shapes}. */
    public static Shape broadcastShapes(long[]... shapes) {
        Arguments.notNull("broadcast_shapes", "shapes", shapes);
        return Shape.of(ConcatenationOps.broadcastShapes(shapes));
    }

    /** Applies {@link ShapeMethods#atleast1d} to each tensor. {@code torch.atleast_1d}. */
    public static List<Tensor> atleast1d(List<Tensor> tensors) {
        Arguments.noNulls("atleast1d", "tensors", tensors);
        return tensors.stream().map(Tensor::atleast1d).toList();
    }

    /** Applies {@link ShapeMethods#atleast2d} to each tensor. {@code torch.atleast_2d}. */
    public static List<Tensor> atleast2d(List<Tensor> tensors) {
        Arguments.noNulls("atleast2d", "tensors", tensors);
        return tensors.stream().map(Tensor::atleast2d).toList();
    }

    /** Applies {@link ShapeMethods#atleast3d} to each tensor. {@code torch.atleast_3d}. */
    public static List<Tensor> atleast3d(List<Tensor> tensors) {
        Arguments.noNulls("atleast3d", "tensors", tensors);
        return tensors.stream().map(Tensor::atleast3d).toList();
    }

    /** Expands all tensors to the shape they broadcast to. {@code torch.broadcast_tensors}. */
    public static List<Tensor> broadcastTensors(Tensor... tensors) {
        Arguments.noNulls("broadcast_tensors", "tensors", tensors);
        return end(start("broadcast_tensors", tensors), ConcatenationOps.broadcast(List.of(tensors)));
    }

    /** Works as {@link #meshgrid(List, String)} with matrix indexing. */
    public static List<Tensor> meshgrid(Tensor... tensors) {
        Arguments.noNulls("meshgrid", "tensors", tensors);
        return end(start("meshgrid", tensors), ConcatenationOps.meshgrid(List.of(tensors), "ij"));
    }

    /**
     * Returns the coordinates of a grid: each vector expanded along all others. {@code torch.meshgrid}.
     *
     * @param indexing {@code ij} as in matrices, or {@code xy} with the first two dimensions swapped
     */
    public static List<Tensor> meshgrid(List<Tensor> tensors, String indexing) {
        Arguments.noNulls("meshgrid", "tensors", tensors);
        Arguments.notNull("meshgrid", "indexing", indexing);
        return end(start("meshgrid", tensors), ConcatenationOps.meshgrid(tensors, indexing));
    }

    /** Works as {@link #meshgrid(List, String)} with an enum constant. */
    public static List<Tensor> meshgrid(List<Tensor> tensors, MeshIndexing indexing) {
        Arguments.noNulls("meshgrid", "tensors", tensors);
        return meshgrid(
                tensors, Arguments.notNull("meshgrid", "indexing", indexing).text());
    }

    /** Returns all combinations of one element of each vector, as rows. {@code torch.cartesian_prod}. */
    public static Tensor cartesianProd(Tensor... tensors) {
        Arguments.noNulls("cartesian_prod", "tensors", tensors);
        return end(start("cartesian_prod", tensors), ConcatenationOps.cartesianProd(List.of(tensors)));
    }

    /** Contracts operands by Einstein summation, such as {@code einsum("ij,jk->ik", a, b)}; {@code torch.einsum}. */
    public static Tensor einsum(String equation, Tensor... operands) {
        Arguments.notNull("einsum", "equation", equation);
        Arguments.noNulls("einsum", "operands", operands);
        return end(start("einsum", operands), Einsum.of(equation, AutocastMode.lower(operands)));
    }

    /** Multiplies a chain of matrices in the cheapest order; {@code torch.linalg.multi_dot}. */
    public static Tensor multiDot(List<Tensor> tensors) {
        Arguments.noNulls("multi_dot", "tensors", tensors);
        return end(
                start("multi_dot", tensors),
                ProductOps.multiDot(tensors.stream().map(AutocastMode::lower).toList()));
    }

    /** Returns {@code input} where the condition (bool) is true, else {@code other}; {@code torch.where}. */
    public static Tensor where(Tensor condition, Tensor input, Tensor other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "input", input);
        Arguments.notNull("where", "other", other);
        return end(start("where", condition, input, other), ComparisonOps.where(condition, input, other));
    }

    /** Works as {@link #where(Tensor, Tensor, Tensor)} with a scalar. */
    public static Tensor where(Tensor condition, Number input, Tensor other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "input", input);
        Arguments.notNull("where", "other", other);
        return end(start("where", condition, other), ComparisonOps.where(condition, input, other));
    }

    /** Works as {@link #where(Tensor, Tensor, Tensor)} with a scalar. */
    public static Tensor where(Tensor condition, Tensor input, Number other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "input", input);
        Arguments.notNull("where", "other", other);
        return end(start("where", condition, input), ComparisonOps.where(condition, input, other));
    }

    /** Works as {@link #where(Tensor, Tensor, Tensor)} with two scalars. */
    public static Tensor where(Tensor condition, Number input, Number other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "input", input);
        Arguments.notNull("where", "other", other);
        return end(start("where", condition), ComparisonOps.where(condition, input, other));
    }
}
