package dev.cotangent.benchmarks.operators;

import dev.cotangent.Dtype;
import dev.cotangent.FractionalPoolOptions;
import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValuesIndices;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Pooling, interpolation, sampling, attention, and what goes with them. */
final class WindowRows {
    private static final PoolOptions STRIDED = Tensors.poolOptions().stride(2).padding(1);
    private static final PoolOptions SIDE_BY_SIDE = Tensors.poolOptions();
    private static final FractionalPoolOptions FRACTIONAL =
            Tensors.fractionalPoolOptions().outputSize(4);

    private WindowRows() {}

    static Stream<Operator> rows() {
        return Stream.of(images(), others(), random(), resampling(), attention())
                .flatMap(List::stream);
    }

    private static List<Operator> images() {
        var t = Section.differentiable(Section.ALL);
        t.op("max_pool2d", "im: F.max_pool2d(im, 3, 2, 1)", a -> a.maxPool2d(3, STRIDED));
        t.op(
                "max_pool2d_with_indices",
                "im: F.max_pool2d(im, 3, 2, 1, return_indices=True)[0]",
                a -> a.maxPool2dWithIndices(3, STRIDED).values());
        t.op("avg_pool2d", "im: F.avg_pool2d(im, 2)", a -> a.avgPool2d(2));
        t.op("adaptive_avg_pool2d", "im: F.adaptive_avg_pool2d(im, 4)", a -> a.adaptiveAvgPool2d(4));
        t.op("adaptive_max_pool2d", "im: F.adaptive_max_pool2d(im, 4)", a -> a.adaptiveMaxPool2d(4));
        t.op(
                "adaptive_max_pool2d_with_indices",
                "im: F.adaptive_max_pool2d(im, 4, return_indices=True)[0]",
                a -> a.adaptiveMaxPool2dWithIndices(4).values());
        t.op("lp_pool2d", "im: F.lp_pool2d(im, 2, 2)", a -> a.lpPool2d(2, 2, Tensors.poolOptions()));
        t.op("max_unpool2d", "im: F.max_unpool2d(*F.max_pool2d(im, 2, return_indices=True), 2)", a -> unpool2d(a));
        t.op(
                "max_pool2d_with_indices_backward",
                "im: torch.ops.aten.max_pool2d_with_indices_backward(F.max_pool2d(im, 2), im, [2, 2], [2, 2], [0, 0],"
                        + " [1, 1], False, F.max_pool2d(im, 2, return_indices=True)[1])",
                a -> poolBackward(a));
        return t.rows();
    }

    /** Returns operations on lines and volumes, whose loops are those of images. */
    private static List<Operator> others() {
        var t = Section.differentiable(Section.SMALL);
        t.op(
                "max_pool1d",
                "im: F.max_pool1d(im.flatten(1, 2), 3, 2, 1)",
                a -> a.flatten(1, 2).maxPool1d(3, STRIDED));
        t.op(
                "max_pool1d_with_indices",
                "im: F.max_pool1d(im.flatten(1, 2), 3, 2, 1, return_indices=True)[0]",
                a -> a.flatten(1, 2).maxPool1dWithIndices(3, STRIDED).values());
        t.op(
                "avg_pool1d",
                "im: F.avg_pool1d(im.flatten(1, 2), 2)",
                a -> a.flatten(1, 2).avgPool1d(2));
        t.op(
                "adaptive_avg_pool1d",
                "im: F.adaptive_avg_pool1d(im.flatten(1, 2), 4)",
                a -> a.flatten(1, 2).adaptiveAvgPool1d(4));
        t.op(
                "adaptive_max_pool1d",
                "im: F.adaptive_max_pool1d(im.flatten(1, 2), 4)",
                a -> a.flatten(1, 2).adaptiveMaxPool1d(4));
        t.op(
                "adaptive_max_pool1d_with_indices",
                "im: F.adaptive_max_pool1d(im.flatten(1, 2), 4, return_indices=True)[0]",
                a -> a.flatten(1, 2).adaptiveMaxPool1dWithIndices(4).values());
        t.op(
                "lp_pool1d",
                "im: F.lp_pool1d(im.flatten(1, 2), 2, 2)",
                a -> a.flatten(1, 2).lpPool1d(2, 2, Tensors.poolOptions()));
        t.op(
                "max_unpool1d",
                "im: F.max_unpool1d(*F.max_pool1d(im.flatten(1, 2), 2, return_indices=True), 2)",
                a -> unpool1d(a.flatten(1, 2)));
        t.op(
                "max_pool3d",
                "im: F.max_pool3d(im.unsqueeze(0), 3, 2, 1)",
                a -> a.unsqueeze(0).maxPool3d(3, STRIDED));
        t.op(
                "max_pool3d_with_indices",
                "im: F.max_pool3d(im.unsqueeze(0), 3, 2, 1, return_indices=True)[0]",
                a -> a.unsqueeze(0).maxPool3dWithIndices(3, STRIDED).values());
        t.op(
                "avg_pool3d",
                "im: F.avg_pool3d(im.unsqueeze(0), 2)",
                a -> a.unsqueeze(0).avgPool3d(2));
        t.op(
                "adaptive_avg_pool3d",
                "im: F.adaptive_avg_pool3d(im.unsqueeze(0), 4)",
                a -> a.unsqueeze(0).adaptiveAvgPool3d(4));
        t.op(
                "adaptive_max_pool3d",
                "im: F.adaptive_max_pool3d(im.unsqueeze(0), 4)",
                a -> a.unsqueeze(0).adaptiveMaxPool3d(4));
        t.op(
                "adaptive_max_pool3d_with_indices",
                "im: F.adaptive_max_pool3d(im.unsqueeze(0), 4, return_indices=True)[0]",
                a -> a.unsqueeze(0).adaptiveMaxPool3dWithIndices(4).values());
        t.op(
                "lp_pool3d",
                "im: F.lp_pool3d(im.unsqueeze(0), 2, 2)",
                a -> a.unsqueeze(0).lpPool3d(2, 2, Tensors.poolOptions()));
        t.op(
                "max_unpool3d",
                "im: F.max_unpool3d(*F.max_pool3d(im.unsqueeze(0), 2, return_indices=True), 2)",
                a -> unpool3d(a.unsqueeze(0)));
        return t.rows();
    }

    private static List<Operator> random() {
        var t = Section.uncheckedDifferentiable(Section.SMALL);
        t.op(
                "fractional_max_pool2d",
                "im: F.fractional_max_pool2d(im, 2, output_size=4)",
                a -> a.fractionalMaxPool2d(new long[] {2}, FRACTIONAL));
        t.op(
                "fractional_max_pool2d_with_indices",
                "im: F.fractional_max_pool2d_with_indices(im, 2, output_size=4)[0]",
                a -> a.fractionalMaxPool2dWithIndices(new long[] {2}, FRACTIONAL)
                        .values());
        t.op(
                "fractional_max_pool3d",
                "im: F.fractional_max_pool3d(im.unsqueeze(0), 2, output_size=4)",
                a -> a.unsqueeze(0).fractionalMaxPool3d(new long[] {2}, FRACTIONAL));
        t.op(
                "fractional_max_pool3d_with_indices",
                "im: F.fractional_max_pool3d_with_indices(im.unsqueeze(0), 2, output_size=4)[0]",
                a -> a.unsqueeze(0)
                        .fractionalMaxPool3dWithIndices(new long[] {2}, FRACTIONAL)
                        .values());
        return t.rows();
    }

    private static List<Operator> resampling() {
        var t = Section.differentiable(Section.SLOW);
        for (String mode : List.of("nearest", "bilinear", "bicubic")) {
            t.op(
                    "interpolate_" + mode,
                    "im: F.interpolate(im, scale_factor=2, mode='" + mode + "')",
                    a -> a.interpolate(
                            Tensors.interpolateOptions().scaleFactor(2).mode(mode)));
        }
        t.op(
                "upsample",
                "im: F.interpolate(im, scale_factor=2)",
                a -> a.upsample(Tensors.interpolateOptions().scaleFactor(2)));
        t.op(
                "upsample_nearest",
                "im: F.interpolate(im, scale_factor=2)",
                a -> a.upsampleNearest(Tensors.interpolateOptions().scaleFactor(2)));
        t.op(
                "upsample_bilinear",
                "im: F.interpolate(im, scale_factor=2, mode='bilinear', align_corners=True)",
                a -> a.upsampleBilinear(Tensors.interpolateOptions().scaleFactor(2)));
        t.op("grid_sample", "im, grid: F.grid_sample(im, grid, align_corners=False)", (a, b) -> a.gridSample(b));
        t.op(
                "affine_grid",
                "theta, im: F.affine_grid(theta, im.shape, align_corners=False)",
                (a, b) -> a.affineGrid(b.shape().toArray(), false));
        t.op("channel_shuffle", "im: F.channel_shuffle(im, 4)", a -> a.channelShuffle(4));
        t.op("local_response_norm", "im: F.local_response_norm(im, 5)", a -> a.localResponseNorm(5));
        t.op(
                "rms_norm",
                "m, row: F.rms_norm(m, row.shape, row)",
                (a, b) -> a.rmsNorm(b.shape().toArray(), b));
        return t.rows();
    }

    private static List<Operator> attention() {
        var t = Section.differentiable(Section.SLOW);
        t.op(
                "scaled_dot_product_attention",
                "bat, bat2: F.scaled_dot_product_attention(bat, bat2, bat2)",
                (a, b) -> a.scaledDotProductAttention(b, b));
        t.op(
                "ctc_loss",
                "cube: F.ctc_loss(F.log_softmax(cube, -1), torch.ones(cube.shape[1], 3, dtype=torch.long),"
                        + " [8] * cube.shape[1], [3] * cube.shape[1])",
                WindowRows::ctc);
        return t.rows();
    }

    private static Tensor ctc(Tensor a) {
        int n = (int) a.size(1);
        long[] inputs = new long[n];
        long[] targets = new long[n];
        Arrays.fill(inputs, 8);
        Arrays.fill(targets, 3);
        return a.logSoftmax(-1).ctcLoss(Tensors.ones(Dtype.INT64.device(a.device()), n, 3), inputs, targets);
    }

    private static Tensor unpool1d(Tensor a) {
        ValuesIndices p = a.maxPool1dWithIndices(2, SIDE_BY_SIDE);
        return p.values().maxUnpool1d(p.indices(), 2, SIDE_BY_SIDE);
    }

    private static Tensor unpool2d(Tensor a) {
        ValuesIndices p = a.maxPool2dWithIndices(2, SIDE_BY_SIDE);
        return p.values().maxUnpool2d(p.indices(), 2, SIDE_BY_SIDE);
    }

    private static Tensor unpool3d(Tensor a) {
        ValuesIndices p = a.maxPool3dWithIndices(2, SIDE_BY_SIDE);
        return p.values().maxUnpool3d(p.indices(), 2, SIDE_BY_SIDE);
    }

    private static Tensor poolBackward(Tensor a) {
        ValuesIndices p = a.maxPool2dWithIndices(2, SIDE_BY_SIDE);
        return p.values().maxPool2dWithIndicesBackward(a, new long[] {2}, SIDE_BY_SIDE, p.indices());
    }
}
