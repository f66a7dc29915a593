package dev.cotangent.examples.text;

import static dev.cotangent.Tensors.arange;
import static dev.cotangent.Tensors.attentionOptions;

import dev.cotangent.Tensor;
import dev.cotangent.nn.Dropout;
import dev.cotangent.nn.Embedding;
import dev.cotangent.nn.GELU;
import dev.cotangent.nn.Init;
import dev.cotangent.nn.LayerNorm;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ModuleList;
import dev.cotangent.nn.Sequential;
import java.util.List;

/** A transformer that sees what comes before a token (Radford and others 2018), with the norm before each layer. */
final class Gpt extends LanguageModel {
    private static final double STD = 0.02;

    private final Embedding tokens;
    private final Embedding positions;
    private final Dropout dropout;
    private final ModuleList blocks;
    private final LayerNorm norm;
    private final Linear head;

    Gpt(int vocabulary, int blockSize, int layers, int heads, int width, double dropout) {
        super(blockSize);
        this.tokens = registerModule("tokens", new Embedding(vocabulary, width));
        this.positions = registerModule("positions", new Embedding(blockSize, width));
        this.dropout = registerModule("dropout", new Dropout(dropout));
        this.blocks = registerModule("blocks", new ModuleList());
        for (int i = 0; i < layers; i++) blocks.append(new Block(width, heads, dropout));
        this.norm = registerModule("norm", new LayerNorm(width));
        this.head = registerModule("head", new Linear(width, vocabulary, false));
        namedParameters().forEach((name, p) -> {
            if (p.dim() == 2) Init.normal_(p, 0, STD);
            else if (name.endsWith("bias")) Init.zeros_(p);
        });
    }

    @Override
    public Tensor forward(Tensor input) {
        Tensor at = arange(input.size(1)).to(input.device());
        Tensor x = dropout.call(tokens.call(input).add(positions.call(at)));
        for (Module block : blocks) x = block.call(x);
        return head.call(norm.call(x));
    }

    /** Attention to what comes before, and a network for each position. */
    private static final class Block extends Module {
        private final int heads;
        private final LayerNorm attentionNorm;
        private final Linear projections;
        private final Linear output;
        private final Dropout dropout;
        private final LayerNorm norm;
        private final Sequential network;

        Block(int width, int heads, double dropout) {
            this.heads = heads;
            this.attentionNorm = registerModule("attention_norm", new LayerNorm(width));
            this.projections = registerModule("projections", new Linear(width, 3 * width));
            this.output = registerModule("output", new Linear(width, width));
            this.dropout = registerModule("dropout", new Dropout(dropout));
            this.norm = registerModule("norm", new LayerNorm(width));
            this.network = registerModule(
                    "network",
                    new Sequential(
                            new Linear(width, 4 * width),
                            new GELU(),
                            new Linear(4 * width, width),
                            new Dropout(dropout)));
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor attended = x.add(dropout.call(output.call(attention(attentionNorm.call(x)))));
            return attended.add(network.call(norm.call(attended)));
        }

        private Tensor attention(Tensor x) {
            long batch = x.size(0);
            long length = x.size(1);
            long width = x.size(2);
            List<Tensor> parts = projections.call(x).chunk(3, 2).stream()
                    .map(t -> t.view(batch, length, heads, width / heads).transpose(1, 2))
                    .toList();
            return parts.get(0)
                    .scaledDotProductAttention(
                            parts.get(1), parts.get(2), attentionOptions().causal())
                    .transpose(1, 2)
                    .reshape(batch, length, width);
        }
    }
}
