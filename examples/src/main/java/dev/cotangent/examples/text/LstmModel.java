package dev.cotangent.examples.text;

import dev.cotangent.Tensor;
import dev.cotangent.nn.Embedding;
import dev.cotangent.nn.LSTM;
import dev.cotangent.nn.Linear;

/** A recurrent network with long short-term memory (Hochreiter and Schmidhuber 1997). */
final class LstmModel extends LanguageModel {
    private final Embedding tokens;
    private final LSTM lstm;
    private final Linear head;

    LstmModel(int vocabulary, int blockSize, int layers, int width, double dropout) {
        super(blockSize);
        tokens = registerModule("tokens", new Embedding(vocabulary, width));
        lstm = registerModule(
                "lstm",
                new LSTM(
                        width,
                        width,
                        LSTM.options().numLayers(layers).batchFirst(true).dropout(layers > 1 ? dropout : 0)));
        head = registerModule("head", new Linear(width, vocabulary));
    }

    @Override
    public Tensor forward(Tensor input) {
        return head.call(lstm.run(tokens.call(input)).output());
    }
}
