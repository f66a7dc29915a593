package dev.cotangent;

import dev.cotangent.internal.Arguments;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options of {@link StatisticsMethods#gradient(GradientOptions)}. Immutable; each method returns changed options.
 *
 * @param distance the distance of samples in all dimensions
 * @param spacing the distance of samples in each dimension; none for one distance
 * @param coordinates in place of distances the coordinates of samples, for each dimension; none for distances
 * @param dim the dimensions; none for all
 * @param edgeOrder the order of the differences at the edges, 1 or 2
 */
public record GradientOptions(double distance, double[] spacing, List<Tensor> coordinates, int[] dim, int edgeOrder) {
    static final GradientOptions DEFAULT = new GradientOptions(1, new double[0], List.of(), new int[0], 1);

    /** Copies the arrays. */
    public GradientOptions {
        spacing = spacing.clone();
        coordinates = List.copyOf(coordinates);
        dim = dim.clone();
    }

    @Override
    public double[] spacing() {
        return spacing.clone();
    }

    @Override
    public int[] dim() {
        return dim.clone();
    }

    /** Sets PyTorch's {@code spacing} as one distance for all dimensions. */
    public GradientOptions spacing(double value) {
        return new GradientOptions(value, new double[0], List.of(), dim, edgeOrder);
    }

    /** Sets PyTorch's {@code spacing} as a list of distances, one for each dimension. */
    public GradientOptions spacing(double... value) {
        double[] distances = Arguments.notNull("GradientOptions", "spacing", value);
        return new GradientOptions(1, distances, List.of(), dim, edgeOrder);
    }

    /** Sets PyTorch's {@code spacing} as coordinates: a tensor with one dimension for each dimension. */
    public GradientOptions spacing(Tensor... value) {
        List<Tensor> given = List.of(Arguments.noNulls("GradientOptions", "spacing", value));
        return new GradientOptions(1, new double[0], given, dim, edgeOrder);
    }

    /** Sets PyTorch's {@code dim}. */
    public GradientOptions dim(int... value) {
        int[] dims = Arguments.notNull("GradientOptions", "dim", value);
        return new GradientOptions(distance, spacing, coordinates, dims, edgeOrder);
    }

    /** Sets PyTorch's {@code edge_order}. */
    public GradientOptions edgeOrder(int value) {
        return new GradientOptions(distance, spacing, coordinates, dim, value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GradientOptions o
                && distance == o.distance
                && Arrays.equals(spacing, o.spacing)
                && coordinates.equals(o.coordinates)
                && Arrays.equals(dim, o.dim)
                && edgeOrder == o.edgeOrder;
    }

    @Override
    public int hashCode() {
        return (Double.hashCode(distance) * 31 + Arrays.hashCode(spacing) * 31 + Arrays.hashCode(dim)) * 31 + edgeOrder;
    }
}
