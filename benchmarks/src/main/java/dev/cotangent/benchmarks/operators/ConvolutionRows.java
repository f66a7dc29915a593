package dev.cotangent.benchmarks.operators;

import static dev.cotangent.Tensors.convOptions;
import static dev.cotangent.Tensors.convTransposeOptions;
import static dev.cotangent.Tensors.unfoldOptions;

import dev.cotangent.Tensor;
import java.util.List;
import java.util.stream.Stream;

/** Convolutions and sliding blocks. */
final class ConvolutionRows {
    private static final long[] BLOCK = {3, 3};

    private ConvolutionRows() {}

    static Stream<Operator> rows() {
        var t = Section.differentiable(Section.SLOW);
        t.op(
                "conv1d",
                "bat, ker1: F.conv1d(bat, ker1, padding=1)",
                (a, b) -> a.conv1d(b, null, convOptions().padding(1)));
        t.op(
                "conv2d",
                "im, ker2, chan: F.conv2d(im, ker2, chan, padding=1)",
                (a, b, c) -> a.conv2d(b, c, convOptions().padding(1)));
        t.op(
                "conv3d",
                "im, ker3: F.conv3d(im, ker3, padding=1)",
                (a, b) -> a.conv3d(b, null, convOptions().padding(1)));
        t.op(
                "conv_transpose1d",
                "bat, ker1: F.conv_transpose1d(bat, ker1, padding=1)",
                (a, b) -> a.convTranspose1d(b, null, convTransposeOptions().padding(1)));
        t.op(
                "conv_transpose2d",
                "im, ker2: F.conv_transpose2d(im, ker2, padding=1)",
                (a, b) -> a.convTranspose2d(b, null, convTransposeOptions().padding(1)));
        t.op(
                "conv_transpose3d",
                "im, ker3: F.conv_transpose3d(im, ker3, padding=1)",
                (a, b) -> a.convTranspose3d(b, null, convTransposeOptions().padding(1)));
        t.op(
                "unfold_blocks",
                "im: F.unfold(im, 3, padding=1)",
                a -> a.unfold(BLOCK, unfoldOptions().padding(1)));
        t.op(
                "fold_blocks",
                "im: F.fold(F.unfold(im, 3, padding=1), im.shape[2:], 3, padding=1)",
                ConvolutionRows::foldAgain);
        return List.copyOf(t.rows()).stream();
    }

    private static Tensor foldAgain(Tensor x) {
        long[] size = {x.size(2), x.size(3)};
        var padded = unfoldOptions().padding(1);
        return x.unfold(BLOCK, padded).fold(size, BLOCK, padded);
    }
}
