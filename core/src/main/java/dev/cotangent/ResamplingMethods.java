package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.nn.GridOps;
import dev.cotangent.internal.ops.nn.InterpolateOps;

/** Images, lines and volumes in other sizes, or at other places: [N, C, ..] with one to three spatial dimensions. */
sealed interface ResamplingMethods permits Tensor {
    /** Returns the nearest elements of a line, an image or a volume of these sizes; {@code torch.nn.functional.interpolate}. */
    default Tensor interpolate(long... size) {
        return interpolate(InterpolateOptions.DEFAULT.size(size));
    }

    /**
     * Returns a line, an image or a volume in another size; {@code torch.nn.functional.interpolate}. Of floating point, or
     * uint8, whose results are rounded.
     *
     * @throws UnsupportedException PyTorch's NotImplementedError, if the mode is not one of this number of dimensions
     * @throws ValueException PyTorch's, if there is no size and no factor, or both, or an option means nothing for the mode
     */
    default Tensor interpolate(InterpolateOptions options) {
        Arguments.notNull("interpolate", "options", options);
        return end(
                start("interpolate", this),
                InterpolateOps.interpolate(AutocastMode.singleOnCuda((Tensor) this), options));
    }

    /** Works as {@link #interpolate(InterpolateOptions)} by its older name; {@code torch.nn.functional.upsample}. */
    default Tensor upsample(InterpolateOptions options) {
        Arguments.notNull("upsample", "options", options);
        return end(
                start("upsample", this), InterpolateOps.interpolate(AutocastMode.singleOnCuda((Tensor) this), options));
    }

    /** Returns the nearest elements; of the options only sizes count. {@code torch.nn.functional.upsample_nearest}. */
    default Tensor upsampleNearest(InterpolateOptions options) {
        Arguments.notNull("upsample_nearest", "options", options);
        return end(
                start("upsample_nearest", this),
                InterpolateOps.interpolate(
                        AutocastMode.singleOnCuda((Tensor) this), options.mode(InterpolateMode.NEAREST)));
    }

    /** Interpolates an image bilinearly with aligned corners; {@code torch.nn.functional.upsample_bilinear}. */
    default Tensor upsampleBilinear(InterpolateOptions options) {
        Arguments.notNull("upsample_bilinear", "options", options);
        return end(
                start("upsample_bilinear", this),
                InterpolateOps.interpolate(
                        AutocastMode.singleOnCuda((Tensor) this),
                        options.mode(InterpolateMode.BILINEAR).alignCorners(true)));
    }

    /**
     * Works as {@link #gridSample(Tensor, GridSampleOptions)} with linear interpolation and zeros beyond the border.
     */
    default Tensor gridSample(Tensor grid) {
        return gridSample(grid, GridSampleOptions.DEFAULT);
    }

    /**
     * Returns elements of an image [N, C, H, W] or a volume [N, C, D, H, W] at places; {@code
     * torch.nn.functional.grid_sample}.
     *
     * @param grid the places, [N, Ho, Wo, 2] or [N, Do, Ho, Wo, 3], of this tensor's dtype: x, y and perhaps z from -1 to 1
     * @return [N, C, Ho, Wo] or [N, C, Do, Ho, Wo]
     */
    default Tensor gridSample(Tensor grid, GridSampleOptions options) {
        Arguments.notNull("grid_sample", "grid", grid);
        Arguments.notNull("grid_sample", "options", options);
        return end(start("grid_sample", this, grid), GridOps.sample((Tensor) this, grid, options));
    }

    /**
     * Returns the places, as {@link #gridSample(Tensor, GridSampleOptions)} takes them, that affine matrices map the places
     * of an output to; {@code torch.nn.functional.affine_grid}. This tensor holds the matrices: [N, 2, 3], or [N, 3, 4] of volumes.
     *
     * @param size of the output, [N, C, H, W] or [N, C, D, H, W]
     * @param alignCorners whether -1 and 1 are the centres of the corners' elements, not their outer edges
     */
    default Tensor affineGrid(long[] size, boolean alignCorners) {
        Arguments.notNull("affine_grid", "size", size);
        return end(start("affine_grid", this), GridOps.affine((Tensor) this, size, alignCorners));
    }
}
