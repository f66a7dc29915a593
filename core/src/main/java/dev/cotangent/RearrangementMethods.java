package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import dev.cotangent.internal.ops.movement.DiagonalOps;
import dev.cotangent.internal.ops.movement.RearrangeOps;
import dev.cotangent.internal.ops.nn.PadOps;
import org.jspecify.annotations.Nullable;

/** Copies with the elements in other places, some left out, or others put in. */
sealed interface RearrangementMethods permits Tensor {
    /** The whole tensor so many times along each dimension, new dimensions in front. {@code torch.Tensor.repeat}. */
    default Tensor repeat(long... repeats) {
        Arguments.notNull("repeat", "repeats", repeats);
        return RearrangeOps.repeat((Tensor) this, repeats);
    }

    /** {@link #repeat}, with fewer numbers than dimensions 1 for those in front. {@code torch.tile}. */
    default Tensor tile(long... dims) {
        Arguments.notNull("tile", "dims", dims);
        return RearrangeOps.tile((Tensor) this, dims);
    }

    /** Each element so many times in a row, in one dimension. {@code torch.repeat_interleave}. */
    default Tensor repeatInterleave(long repeats) {
        return RearrangeOps.repeatInterleave((Tensor) this, repeats, null);
    }

    /** Returns each index of a dimension repeated. {@code torch.repeat_interleave}. */
    default Tensor repeatInterleave(long repeats, int dim) {
        return RearrangeOps.repeatInterleave((Tensor) this, repeats, dim);
    }

    /** Returns each element repeated as often as an integer tensor says, in one dimension. {@code torch.repeat_interleave}. */
    default Tensor repeatInterleave(Tensor repeats) {
        Arguments.notNull("repeat_interleave", "repeats", repeats);
        return RearrangeOps.repeatInterleave((Tensor) this, repeats, null);
    }

    /**
     * {@link #repeatInterleave(Tensor, int)} of which the size is known; throws PyTorch's error if it is another.
     * {@code torch.repeat_interleave}.
     */
    default Tensor repeatInterleave(Tensor repeats, int dim, long outputSize) {
        Arguments.notNull("repeat_interleave", "repeats", repeats);
        return RearrangeOps.repeatInterleave((Tensor) this, repeats, dim, outputSize);
    }

    /** Each slice of a dimension as often as its number says. {@code torch.repeat_interleave}. */
    default Tensor repeatInterleave(Tensor repeats, int dim) {
        Arguments.notNull("repeat_interleave", "repeats", repeats);
        return RearrangeOps.repeatInterleave((Tensor) this, repeats, dim);
    }

    /** Dimensions in reverse. {@code torch.flip}. */
    default Tensor flip(int... dims) {
        Arguments.notNull("flip", "dims", dims);
        return RearrangeOps.flip((Tensor) this, dims);
    }

    /** The second dimension in reverse. {@code torch.fliplr}. */
    default Tensor fliplr() {
        return RearrangeOps.fliplr((Tensor) this);
    }

    /** The first dimension in reverse. {@code torch.flipud}. */
    default Tensor flipud() {
        return RearrangeOps.flipud((Tensor) this);
    }

    /** A quarter turn in the plane of the first two dimensions. {@code torch.rot90}. */
    default Tensor rot90() {
        return rot90(1, 0, 1);
    }

    /** So many quarter turns from the first of two dimensions towards the second. {@code torch.rot90}. */
    default Tensor rot90(long k, int... dims) {
        Arguments.notNull("rot90", "dims", dims);
        return RearrangeOps.rot90((Tensor) this, k, dims.length == 0 ? new int[] {0, 1} : dims);
    }

    /** All elements moved on, row-major, the last ones to the front. {@code torch.roll}. */
    default Tensor roll(long shifts) {
        return RearrangeOps.roll((Tensor) this, new long[] {shifts});
    }

    /** A dimension moved on, its last indices to the front. {@code torch.roll}. */
    default Tensor roll(long shifts, int dim) {
        return RearrangeOps.roll((Tensor) this, new long[] {shifts}, dim);
    }

    /** Dimensions moved on, each by its own shift. {@code torch.roll}. */
    default Tensor roll(long[] shifts, int... dims) {
        Arguments.notNull("roll", "shifts", shifts);
        Arguments.notNull("roll", "dims", dims);
        return RearrangeOps.roll((Tensor) this, shifts, dims);
    }

    /** Zero above the main diagonal of each matrix. {@code torch.tril}. */
    default Tensor tril() {
        return tril(0);
    }

    /** Zero above the diagonal that lies so far above the main one. {@code torch.tril}. */
    default Tensor tril(long diagonal) {
        return DiagonalOps.triangle((Tensor) this, false, diagonal);
    }

    /** {@link #tril(long)} in place. */
    default Tensor tril_(long diagonal) {
        return DiagonalOps.triangleInPlace((Tensor) this, false, diagonal);
    }

    /** Zero below the main diagonal of each matrix. {@code torch.triu}. */
    default Tensor triu() {
        return triu(0);
    }

    /** Zero below the diagonal that lies so far above the main one. {@code torch.triu}. */
    default Tensor triu(long diagonal) {
        return DiagonalOps.triangle((Tensor) this, true, diagonal);
    }

    /** {@link #triu(long)} in place. */
    default Tensor triu_(long diagonal) {
        return DiagonalOps.triangleInPlace((Tensor) this, true, diagonal);
    }

    /** The main diagonal of a matrix, or a matrix with this diagonal. {@code torch.diag}. */
    default Tensor diag() {
        return diag(0);
    }

    /** A diagonal of a matrix, or a matrix with it, so far above the main one. {@code torch.diag}. */
    default Tensor diag(long diagonal) {
        return DiagonalOps.diag((Tensor) this, diagonal);
    }

    /** Matrices whose diagonals are the last dimension, so far above the main one. {@code torch.diag_embed}. */
    default Tensor diagEmbed(long offset, int dim1, int dim2) {
        return DiagonalOps.diagEmbed((Tensor) this, offset, dim1, dim2);
    }

    /** A matrix whose diagonal has all elements. {@code torch.diagflat}. */
    default Tensor diagflat(long offset) {
        return ((Tensor) this).contiguous().view(-1).diag(offset);
    }

    /** The sum of a matrix' main diagonal. {@code torch.trace}. */
    default Tensor trace() {
        return DiagonalOps.trace((Tensor) this);
    }

    /** A copy with {@link SlicingMethods#select} of it replaced. {@code torch.select_scatter}. */
    default Tensor selectScatter(Tensor src, int dim, long index) {
        Arguments.notNull("select_scatter", "src", src);
        return DiagonalOps.selectScatter((Tensor) this, src, dim, index);
    }

    /** A copy with {@link SlicingMethods#slice} of it replaced. {@code torch.slice_scatter}. */
    default Tensor sliceScatter(Tensor src, int dim, @Nullable Long start, @Nullable Long end, long step) {
        Arguments.notNull("slice_scatter", "src", src);
        return DiagonalOps.sliceScatter((Tensor) this, src, dim, start, end, step);
    }

    /** Returns a copy with {@link SlicingMethods#diagonal(long, int, int)} of it replaced. {@code torch.diagonal_scatter}. */
    default Tensor diagonalScatter(Tensor src, long offset, int dim1, int dim2) {
        Arguments.notNull("diagonal_scatter", "src", src);
        return DiagonalOps.diagonalScatter((Tensor) this, src, offset, dim1, dim2);
    }

    /** Returns a row-major copy with any strides over it replaced, with this one's offset in the storage. {@code torch.as_strided_scatter}. */
    default Tensor asStridedScatter(Tensor src, long[] size, long[] stride) {
        Arguments.notNull("as_strided_scatter", "src", src);
        Arguments.notNull("as_strided_scatter", "size", size);
        Arguments.notNull("as_strided_scatter", "stride", stride);
        return DiagonalOps.asStridedScatter((Tensor) this, src, size, stride, null);
    }

    /** Returns a row-major copy with any strides over it replaced, the offset counted from the storage's start. {@code torch.as_strided_scatter}. */
    default Tensor asStridedScatter(Tensor src, long[] size, long[] stride, long storageOffset) {
        Arguments.notNull("as_strided_scatter", "src", src);
        Arguments.notNull("as_strided_scatter", "size", size);
        Arguments.notNull("as_strided_scatter", "stride", stride);
        return DiagonalOps.asStridedScatter((Tensor) this, src, size, stride, storageOffset);
    }

    /** Zeros added at the borders, so many before and after, for the last dimension first. */
    default Tensor pad(long... pad) {
        Arguments.notNull("pad", "pad", pad);
        return PadOps.pad((Tensor) this, pad, "constant", null);
    }

    /**
     * Elements added at the borders: pairs of amounts before and after, for the last dimension first; negative ones cut
     * off. {@code torch.nn.functional.pad}.
     *
     * @param mode {@code constant}, {@code reflect}, {@code replicate} or {@code circular}
     * @param value the constant, 0 where null
     */
    default Tensor pad(long[] pad, String mode, @Nullable Number value) {
        Arguments.notNull("pad", "pad", pad);
        Arguments.notNull("pad", "mode", mode);
        return PadOps.pad((Tensor) this, pad, mode, value);
    }

    /** {@link #pad(long[], String, Number)} by the mode's name, with zeros if constant. */
    default Tensor pad(long[] pad, String mode) {
        Arguments.notNull("pad", "pad", pad);
        Arguments.notNull("pad", "mode", mode);
        return PadOps.pad((Tensor) this, pad, mode, null);
    }

    /** {@link #pad(long[], String, Number)} by the mode's constant, with zeros if {@link PadMode#CONSTANT}. */
    default Tensor pad(long[] pad, PadMode mode) {
        Arguments.notNull("pad", "pad", pad);
        return PadOps.pad(
                (Tensor) this, pad, Arguments.notNull("pad", "mode", mode).text(), null);
    }

    /** Adds a number at the borders; {@code torch.nn.functional.pad(pad, value=value)}. */
    default Tensor pad(long[] pad, Number value) {
        Arguments.notNull("pad", "pad", pad);
        return PadOps.pad((Tensor) this, pad, "constant", Arguments.notNull("pad", "value", value));
    }

    /** {@link #pad(long[], String, Number)} with a constant. {@code torch.constant_pad_nd}. */
    default Tensor constantPadNd(long[] pad, Number value) {
        Arguments.notNull("constant_pad_nd", "pad", pad);
        Arguments.notNull("constant_pad_nd", "value", value);
        return PadOps.constant((Tensor) this, pad, value);
    }

    /** Channels rearranged to so many times as many pixels each way. {@code torch.nn.functional.pixel_shuffle}. */
    default Tensor pixelShuffle(long upscaleFactor) {
        return RearrangeOps.pixelShuffle((Tensor) this, upscaleFactor);
    }

    /** The inverse of {@link #pixelShuffle}. {@code torch.nn.functional.pixel_unshuffle}. */
    default Tensor pixelUnshuffle(long downscaleFactor) {
        return RearrangeOps.pixelUnshuffle((Tensor) this, downscaleFactor);
    }

    /** All combinations of so many elements of a vector, as rows. {@code torch.combinations}. */
    default Tensor combinations(long r, boolean withReplacement) {
        return ConcatenationOps.combinations((Tensor) this, r, withReplacement);
    }

    /**
     * Takes one channel (dimension 1) of each group after the other, then the next of each; {@code
     * torch.nn.functional.channel_shuffle}.
     */
    default Tensor channelShuffle(long groups) {
        return RearrangeOps.channelShuffle((Tensor) this, groups);
    }
}
