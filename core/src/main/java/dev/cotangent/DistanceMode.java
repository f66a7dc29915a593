package dev.cotangent;

/** How {@link NormMethods#cdist(Tensor, double, DistanceMode)} computes Euclidean distances: PyTorch's {@code compute_mode}. */
public enum DistanceMode {
    /** By a product of matrices where there are more than 25 rows on either side. */
    USE_MM_FOR_EUCLID_DIST_IF_NECESSARY,
    /** By a product of matrices: faster, and less exact where points are close. */
    USE_MM_FOR_EUCLID_DIST,
    /** From differences. */
    DONOT_USE_MM_FOR_EUCLID_DIST;

    /** Returns the mode that PyTorch's text names; throws its ValueError of other text. */
    public static DistanceMode of(String text) {
        DistanceMode mode = EnumNames.named(values(), text);
        if (mode == null) throw new ValueException(text + " is not a valid value for compute_mode");
        return mode;
    }
}
