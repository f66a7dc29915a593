package dev.cotangent.nn;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Attention and transformers made after {@code torch.manual_seed(0)} compute what PyTorch 2.13's do. */
class AttentionTest {
    private static final TransformerOptions SMALL = TransformerEncoderLayer.options()
            .dimFeedforward(8)
            .dropout(0)
            .numEncoderLayers(1)
            .numDecoderLayers(1);

    private static <M extends Module> M seeded(Supplier<M> maker) {
        try (var _ = Generator.pytorch(0).use()) {
            return maker.get();
        }
    }

    private static Tensor input() {
        return arange(12.0).view(1, 3, 4).div(10);
    }

    private static void close(Tensor actual, double... expected) {
        double[] values = actual.detach().toDouble().flatten().toDoubleArray();
        assertArrayEquals(expected, values, 2e-6);
    }

    @Test
    void encoderOfTwoLayers() {
        var encoder = seeded(() -> new TransformerEncoder(
                () -> new TransformerEncoderLayer(4, 2, SMALL.batchFirst(true)), 2, new LayerNorm(4)));
        assertEquals("""
            TransformerEncoder(
              (layers): ModuleList(
                (0-1): 2 x TransformerEncoderLayer(
                  (self_attn): MultiheadAttention(
                    (out_proj): NonDynamicallyQuantizableLinear(in_features=4, out_features=4, bias=True)
                  )
                  (linear1): Linear(in_features=4, out_features=8, bias=True)
                  (dropout): Dropout(p=0.0, inplace=False)
                  (linear2): Linear(in_features=8, out_features=4, bias=True)
                  (norm1): LayerNorm((4,), eps=1e-05, elementwise_affine=True, bias=True)
                  (norm2): LayerNorm((4,), eps=1e-05, elementwise_affine=True, bias=True)
                  (dropout1): Dropout(p=0.0, inplace=False)
                  (dropout2): Dropout(p=0.0, inplace=False)
                )
              )
              (norm): LayerNorm((4,), eps=1e-05, elementwise_affine=True, bias=True)
            )\
            """, encoder.toString());
        close(
                encoder.call(input()),
                -1.2755364179611206,
                -0.05678612366318703,
                -0.19471070170402527,
                1.5270332098007202,
                -1.240936517715454,
                -0.1024286150932312,
                -0.2078714668750763,
                1.551236629486084,
                -1.2059625387191772,
                -0.1468149572610855,
                -0.22056615352630615,
                1.5733436346054077);
    }

    @Test
    void encoderAndDecoder() {
        var transformer = seeded(() -> new Transformer(4, 2, SMALL));
        close(
                transformer.call(input(), input()),
                -1.1796276569366455,
                -0.26676374673843384,
                -0.14030058681964874,
                1.586691975593567,
                -0.8305382132530212,
                -0.2420242577791214,
                -0.6205238103866577,
                1.6930862665176392,
                -0.5967026948928833,
                -0.28679659962654114,
                -0.8174899816513062,
                1.7009892463684082);
    }

    @Test
    void masksHideKeys() {
        var attention = seeded(
                () -> new MultiheadAttention(4, 2, MultiheadAttention.options().batchFirst(true)));
        Tensor later = Transformer.generateSquareSubsequentMask(3);
        Tensor x = input();
        MultiheadAttention.Output out =
                attention.run(x, x, x, MultiheadAttention.callOptions().attnMask(later));
        assertNotNull(out.weights());
        close(
                out.weights(),
                1,
                0,
                0,
                0.5066048502922058,
                0.4933951497077942,
                0,
                0.3527793884277344,
                0.32467126846313477,
                0.32254931330680847);
        MultiheadAttention.Output same = attention.run(
                x, x, x, MultiheadAttention.callOptions().attnMask(later.ne(0)).needWeights(false));
        close(same.output(), out.output().detach().toDouble().flatten().toDoubleArray());
        Tensor blind = attention
                .run(
                        x,
                        x,
                        x,
                        MultiheadAttention.callOptions()
                                .keyPaddingMask(ones(1, 3).toBool())
                                .needWeights(false))
                .output();
        assertTrue(blind.isfinite().all().itemBoolean(), blind.toString());
    }

    @Test
    void wrongShapesAreRefused() {
        var attention =
                new MultiheadAttention(4, 2, MultiheadAttention.options().batchFirst(true));
        Tensor x = input();
        message("was expecting embedding dimension of 4, but got 3", () -> attention.call(x.narrow(-1, 0, 3), x, x));
        message(
                "For batched (3-D) `query`, expected `key` and `value` to be 3-D but found 2-D and 3-D tensors"
                        + " respectively",
                () -> attention.call(x, x.squeeze(0), x));
        message(
                "The shape of the 2D attn_mask is torch.Size([2, 2]), but should be (3, 3).",
                () -> attention.run(x, x, x, MultiheadAttention.callOptions().attnMask(zeros(2, 2))));
        message(
                "Expected key_padding_mask of shape (1, 3), but got torch.Size([1, 2])",
                () -> attention.run(x, x, x, MultiheadAttention.callOptions().keyPaddingMask(zeros(1, 2))));
        message("embed_dim must be divisible by num_heads", () -> new MultiheadAttention(3, 2));
        message(
                "the feature number of src and tgt must be equal to d_model",
                () -> new Transformer(2, 1, SMALL).call(x, x));
    }

    private static void message(String expected, Runnable what) {
        assertEquals(expected, assertThrows(CotangentException.class, what::run).getMessage());
    }
}
