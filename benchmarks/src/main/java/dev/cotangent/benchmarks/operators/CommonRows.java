package dev.cotangent.benchmarks.operators;

import dev.cotangent.Tensors;
import java.util.List;
import java.util.stream.Stream;

/** Operations at common sizes, for the default benchmark. */
final class CommonRows {
    private CommonRows() {}

    static Stream<Operator> rows() {
        return Stream.of(differentiable(), windows(), forward(), LinalgRows.common(), FourierRows.common())
                .flatMap(List::stream);
    }

    private static List<Operator> differentiable() {
        var t = Section.differentiable(Section.FIXED);
        t.op("embedding/1024x65x128", "ids1024, table65: F.embedding(ids1024, table65)", (a, b) -> a.embedding(b));
        t.op("gather/1000x1000", "m1000, places1000: m1000.gather(1, places1000)", (a, b) -> a.gather(1, b));
        t.op(
                "layer_norm/1024x128",
                "f32, w, v: F.layer_norm(f32, (128,), w, v)",
                (a, b, c) -> a.layerNorm(new long[] {128}, b, c, 1e-5));
        t.op(
                "layer_norm_float64/1024x128",
                "f64, w64, v64: F.layer_norm(f64, (128,), w64, v64)",
                (a, b, c) -> a.layerNorm(new long[] {128}, b, c, 1e-5));
        t.op("cross_entropy/1024x65", "logits, ids1024: F.cross_entropy(logits, ids1024)", (a, b) -> a.crossEntropy(b));
        t.op("softmax/16x4x64x64", "scores: F.softmax(scores, -1)", a -> a.softmax(-1));
        t.op("softmax_float64/1024x1024", "d1024: F.softmax(d1024, -1)", a -> a.softmax(-1));
        t.op("gelu/524288", "x524288: F.gelu(x524288)", a -> a.gelu());
        return t.rows();
    }

    /** Returns the operations of networks on images and on sequences. */
    private static List<Operator> windows() {
        var t = Section.differentiable(Section.FIXED);
        t.op(
                "max_pool2d/32x64x112x112/k3s2p1",
                "image112: F.max_pool2d(image112, 3, 2, 1)",
                a -> a.maxPool2d(3, Tensors.poolOptions().stride(2).padding(1)));
        t.op("max_pool2d/32x64x112x112/k2s2", "image112: F.max_pool2d(image112, 2)", a -> a.maxPool2d(2));
        t.op("avg_pool2d/32x64x112x112/k2s2", "image112: F.avg_pool2d(image112, 2)", a -> a.avgPool2d(2));
        t.op(
                "avg_pool2d/32x64x56x56/k3s1p1",
                "image56: F.avg_pool2d(image56, 3, 1, 1)",
                a -> a.avgPool2d(3, Tensors.poolOptions().stride(1).padding(1)));
        t.op(
                "batch_norm/32x64x56x56",
                "image56, mean64, var64, chan64, bias64:"
                        + " F.batch_norm(image56, mean64, var64, chan64, bias64, training=True)",
                (a, b, c, d, e) -> a.batchNorm(b, c, d, e, true, 0.1, 1e-5));
        t.op(
                "upsample_bilinear/32x64x56x56",
                "image56: F.interpolate(image56, scale_factor=2, mode='bilinear')",
                a -> a.interpolate(Tensors.interpolateOptions().scaleFactor(2).mode("bilinear")));
        t.op(
                "attention/8x8x512x64",
                "q512, k512, v512: F.scaled_dot_product_attention(q512, k512, v512)",
                (a, b, c) -> a.scaledDotProductAttention(b, c));
        t.op(
                "attention_causal/8x8x512x64",
                "q512, k512, v512: F.scaled_dot_product_attention(q512, k512, v512, is_causal=True)",
                (a, b, c) -> a.scaledDotProductAttention(
                        b, c, Tensors.attentionOptions().causal()));
        t.op(
                "attention/1x16x4096x64",
                "q4096, k4096, v4096: F.scaled_dot_product_attention(q4096, k4096, v4096)",
                (a, b, c) -> a.scaledDotProductAttention(b, c));
        return t.rows();
    }

    private static List<Operator> forward() {
        var t = Section.forward(Section.FIXED);
        t.op("index_select/1000000", "x1M, places1M: x1M.index_select(0, places1M)", (a, b) -> a.indexSelect(0, b));
        t.op(
                "index_select_rows/1000x1000",
                "m1000, rows1000: m1000.index_select(0, rows1000)",
                (a, b) -> a.indexSelect(0, b));
        t.op("topk/1000000", "x1M: x1M.topk(10)", a -> a.topk(10));
        t.op("topk_rows/1000x1000", "m1000: m1000.topk(10)", a -> a.topk(10));
        t.op("sort_int64/1000000", "places1M: places1M.sort()[0]", a -> a.sort().values());
        t.op("cumsum_columns/1000x1000", "m1000: m1000.cumsum(0)", a -> a.cumsum(0));
        t.op(
                "cat_columns/1000x1000",
                "m1000, n1000: torch.cat([m1000, n1000], 1)",
                (a, b) -> Tensors.cat(List.of(a, b), 1));
        return t.rows();
    }
}
