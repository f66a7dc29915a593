package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import dev.cotangent.internal.ops.movement.DiagonalOps;
import dev.cotangent.internal.ops.movement.RearrangeOps;
import dev.cotangent.internal.ops.nn.PadOps;
import org.jspecify.annotations.Nullable;

/** Copies that rearrange, repeat, crop or pad elements. */
sealed interface RearrangementMethods permits Tensor {
    /** Repeats the whole tensor along each dimension; new dimensions come first. {@code torch.Tensor.repeat}. */
    default Tensor repeat(long... repeats) {
        Arguments.notNull("repeat", "repeats", repeats);
        return end(start("repeat", this), RearrangeOps.repeat((Tensor) this, repeats));
    }

    /** Works as {@link #repeat}, with missing leading counts 1. {@code torch.tile}. */
    default Tensor tile(long... dims) {
        Arguments.notNull("tile", "dims", dims);
        return end(start("tile", this), RearrangeOps.tile((Tensor) this, dims));
    }

    /** Repeats each element consecutively, flattened. {@code torch.repeat_interleave}. */
    default Tensor repeatInterleave(long repeats) {
        return end(start("repeat_interleave", this), RearrangeOps.repeatInterleave((Tensor) this, repeats, null));
    }

    /** Repeats each index of a dimension. {@code torch.repeat_interleave}. */
    default Tensor repeatInterleave(long repeats, int dim) {
        return end(start("repeat_interleave", this), RearrangeOps.repeatInterleave((Tensor) this, repeats, dim));
    }

    /** Repeats each element by counts in an integer tensor, flattened. {@code torch.repeat_interleave}. */
    default Tensor repeatInterleave(Tensor repeats) {
        Arguments.notNull("repeat_interleave", "repeats", repeats);
        return end(
                start("repeat_interleave", this, repeats), RearrangeOps.repeatInterleave((Tensor) this, repeats, null));
    }

    /**
     * Works as {@link #repeatInterleave(Tensor, int)} with a known output size; throws PyTorch's error if it differs.
     * {@code torch.repeat_interleave}.
     */
    default Tensor repeatInterleave(Tensor repeats, int dim, long outputSize) {
        Arguments.notNull("repeat_interleave", "repeats", repeats);
        return end(
                start("repeat_interleave", this, repeats),
                RearrangeOps.repeatInterleave((Tensor) this, repeats, dim, outputSize));
    }

    /** Repeats each index of a dimension by counts in an integer tensor. {@code torch.repeat_interleave}. */
    default Tensor repeatInterleave(Tensor repeats, int dim) {
        Arguments.notNull("repeat_interleave", "repeats", repeats);
        return end(
                start("repeat_interleave", this, repeats), RearrangeOps.repeatInterleave((Tensor) this, repeats, dim));
    }

    /** Reverses dimensions. {@code torch.flip}. */
    default Tensor flip(int... dims) {
        Arguments.notNull("flip", "dims", dims);
        return end(start("flip", this), RearrangeOps.flip((Tensor) this, dims));
    }

    /** Reverses the second dimension. {@code torch.fliplr}. */
    default Tensor fliplr() {
        return end(start("fliplr", this), RearrangeOps.fliplr((Tensor) this));
    }

    /** Reverses the first dimension. {@code torch.flipud}. */
    default Tensor flipud() {
        return end(start("flipud", this), RearrangeOps.flipud((Tensor) this));
    }

    /** Rotates by 90 degrees in the plane of the first two dimensions. {@code torch.rot90}. */
    default Tensor rot90() {
        return rot90(1, 0, 1);
    }

    /**
     * Rotates by 90 degrees {@code k} times from the first of two dimensions towards the second. {@code torch.rot90}.
     */
    default Tensor rot90(long k, int... dims) {
        Arguments.notNull("rot90", "dims", dims);
        return end(
                start("rot90", this), RearrangeOps.rot90((Tensor) this, k, dims.length == 0 ? new int[] {0, 1} : dims));
    }

    /** Shifts all elements in row-major order, the last ones to the front. {@code torch.roll}. */
    default Tensor roll(long shifts) {
        return end(start("roll", this), RearrangeOps.roll((Tensor) this, new long[] {shifts}));
    }

    /** Shifts a dimension, its last indices to the front. {@code torch.roll}. */
    default Tensor roll(long shifts, int dim) {
        return end(start("roll", this), RearrangeOps.roll((Tensor) this, new long[] {shifts}, dim));
    }

    /** Shifts several dimensions. {@code torch.roll}. */
    default Tensor roll(long[] shifts, int... dims) {
        Arguments.notNull("roll", "shifts", shifts);
        Arguments.notNull("roll", "dims", dims);
        return end(start("roll", this), RearrangeOps.roll((Tensor) this, shifts, dims));
    }

    /** Zeros the elements above the main diagonal of each matrix. {@code torch.tril}. */
    default Tensor tril() {
        return tril(0);
    }

    /** Zeros the elements above a diagonal, counted upwards from the main one. {@code torch.tril}. */
    default Tensor tril(long diagonal) {
        return end(start("tril", this), DiagonalOps.triangle((Tensor) this, false, diagonal));
    }

    /** Works as {@link #tril(long)}, in place. */
    default Tensor tril_(long diagonal) {
        return end(start("tril_", this), DiagonalOps.triangleInPlace((Tensor) this, false, diagonal));
    }

    /** Zeros the elements below the main diagonal of each matrix. {@code torch.triu}. */
    default Tensor triu() {
        return triu(0);
    }

    /** Zeros the elements below a diagonal, counted upwards from the main one. {@code torch.triu}. */
    default Tensor triu(long diagonal) {
        return end(start("triu", this), DiagonalOps.triangle((Tensor) this, true, diagonal));
    }

    /** Works as {@link #triu(long)}, in place. */
    default Tensor triu_(long diagonal) {
        return end(start("triu_", this), DiagonalOps.triangleInPlace((Tensor) this, true, diagonal));
    }

    /** Returns the main diagonal of a matrix, or a matrix with this diagonal. {@code torch.diag}. */
    default Tensor diag() {
        return diag(0);
    }

    /** Returns a diagonal of a matrix, or a matrix with it, counted upwards from the main one. {@code torch.diag}. */
    default Tensor diag(long diagonal) {
        return end(start("diag", this), DiagonalOps.diag((Tensor) this, diagonal));
    }

    /**
     * Returns matrices with the last dimension as diagonals, counted upwards from the main one. {@code
     * torch.diag_embed}.
     */
    default Tensor diagEmbed(long offset, int dim1, int dim2) {
        return end(start("diag_embed", this), DiagonalOps.diagEmbed((Tensor) this, offset, dim1, dim2));
    }

    /** Returns a matrix with all elements on a diagonal. {@code torch.diagflat}. */
    default Tensor diagflat(long offset) {
        return ((Tensor) this).contiguous().view(-1).diag(offset);
    }

    /** Returns the sum of a matrix's main diagonal. {@code torch.trace}. */
    default Tensor trace() {
        return end(start("trace", this), DiagonalOps.trace((Tensor) this));
    }

    /** Returns a copy whose {@link SlicingMethods#select} is replaced. {@code torch.select_scatter}. */
    default Tensor selectScatter(Tensor src, int dim, long index) {
        Arguments.notNull("select_scatter", "src", src);
        return end(start("select_scatter", this, src), DiagonalOps.selectScatter((Tensor) this, src, dim, index));
    }

    /** Returns a copy whose {@link SlicingMethods#slice} is replaced. {@code torch.slice_scatter}. */
    default Tensor sliceScatter(Tensor src, int dim, @Nullable Long start, @Nullable Long end, long step) {
        Arguments.notNull("slice_scatter", "src", src);
        return end(
                start("slice_scatter", this, src), DiagonalOps.sliceScatter((Tensor) this, src, dim, start, end, step));
    }

    /**
     * Returns a copy whose {@link SlicingMethods#diagonal(long, int, int)} is replaced. {@code
     * torch.diagonal_scatter}.
     */
    default Tensor diagonalScatter(Tensor src, long offset, int dim1, int dim2) {
        Arguments.notNull("diagonal_scatter", "src", src);
        return end(
                start("diagonal_scatter", this, src),
                DiagonalOps.diagonalScatter((Tensor) this, src, offset, dim1, dim2));
    }

    /**
     * Returns a row-major copy whose strided view is replaced, at this tensor's storage offset. {@code
     * torch.as_strided_scatter}.
     */
    default Tensor asStridedScatter(Tensor src, long[] size, long[] stride) {
        Arguments.notNull("as_strided_scatter", "src", src);
        Arguments.notNull("as_strided_scatter", "size", size);
        Arguments.notNull("as_strided_scatter", "stride", stride);
        return end(
                start("as_strided_scatter", this, src),
                DiagonalOps.asStridedScatter((Tensor) this, src, size, stride, null));
    }

    /**
     * Returns a row-major copy whose strided view is replaced, at an offset from the start of the storage. {@code
     * torch.as_strided_scatter}.
     */
    default Tensor asStridedScatter(Tensor src, long[] size, long[] stride, long storageOffset) {
        Arguments.notNull("as_strided_scatter", "src", src);
        Arguments.notNull("as_strided_scatter", "size", size);
        Arguments.notNull("as_strided_scatter", "stride", stride);
        return end(
                start("as_strided_scatter", this, src),
                DiagonalOps.asStridedScatter((Tensor) this, src, size, stride, storageOffset));
    }

    /** Pads with zeros: pairs of amounts before and after, for the last dimension first. */
    default Tensor pad(long... pad) {
        Arguments.notNull("pad", "pad", pad);
        return end(start("pad", this), PadOps.pad((Tensor) this, pad, "constant", null));
    }

    /**
     * Pads the borders: pairs of amounts before and after, for the last dimension first; negative amounts crop. {@code
     * torch.nn.functional.pad}.
     *
     * @param mode {@code constant}, {@code reflect}, {@code replicate} or {@code circular}
     * @param value the constant; null for 0
     */
    default Tensor pad(long[] pad, String mode, @Nullable Number value) {
        Arguments.notNull("pad", "pad", pad);
        Arguments.notNull("pad", "mode", mode);
        return end(start("pad", this), PadOps.pad((Tensor) this, pad, mode, value));
    }

    /** Works as {@link #pad(long[], String, Number)} with the mode's name, with zeros if constant. */
    default Tensor pad(long[] pad, String mode) {
        Arguments.notNull("pad", "pad", pad);
        Arguments.notNull("pad", "mode", mode);
        return end(start("pad", this), PadOps.pad((Tensor) this, pad, mode, null));
    }

    /** Works as {@link #pad(long[], String, Number)} with an enum constant, with zeros if {@link PadMode#CONSTANT}. */
    default Tensor pad(long[] pad, PadMode mode) {
        Arguments.notNull("pad", "pad", pad);
        return end(
                start("pad", this),
                PadOps.pad(
                        (Tensor) this,
                        pad,
                        Arguments.notNull("pad", "mode", mode).text(),
                        null));
    }

    /** Pads with a number; {@code torch.nn.functional.pad(pad, value=value)}. */
    default Tensor pad(long[] pad, Number value) {
        Arguments.notNull("pad", "pad", pad);
        return end(
                start("pad", this),
                PadOps.pad((Tensor) this, pad, "constant", Arguments.notNull("pad", "value", value)));
    }

    /** Works as {@link #pad(long[], String, Number)} with a constant. {@code torch.constant_pad_nd}. */
    default Tensor constantPadNd(long[] pad, Number value) {
        Arguments.notNull("constant_pad_nd", "pad", pad);
        Arguments.notNull("constant_pad_nd", "value", value);
        return end(start("constant_pad_nd", this), PadOps.constant((Tensor) this, pad, value));
    }

    /**
     * Moves channels into {@code upscaleFactor} times as many pixels each way. {@code
     * torch.nn.functional.pixel_shuffle}.
     */
    default Tensor pixelShuffle(long upscaleFactor) {
        return end(start("pixel_shuffle", this), RearrangeOps.pixelShuffle((Tensor) this, upscaleFactor));
    }

    /** Inverts {@link #pixelShuffle}. {@code torch.nn.functional.pixel_unshuffle}. */
    default Tensor pixelUnshuffle(long downscaleFactor) {
        return end(start("pixel_unshuffle", this), RearrangeOps.pixelUnshuffle((Tensor) this, downscaleFactor));
    }

    /** Returns all combinations of {@code r} elements of a vector, as rows. {@code torch.combinations}. */
    default Tensor combinations(long r, boolean withReplacement) {
        return end(start("combinations", this), ConcatenationOps.combinations((Tensor) this, r, withReplacement));
    }

    /**
     * Takes one channel (dimension 1) of each group after the other, then the next of each; {@code
     * torch.nn.functional.channel_shuffle}.
     */
    default Tensor channelShuffle(long groups) {
        return end(start("channel_shuffle", this), RearrangeOps.channelShuffle((Tensor) this, groups));
    }
}
