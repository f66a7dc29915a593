package dev.cotangent.nn;

/**
 * Options of recurrent modules, immutable: each method returns a copy.
 *
 * @param numLayers how many layers
 * @param bias whether there are biases
 * @param batchFirst whether the first dimension is the batch, not time
 * @param dropout the probability of dropout between layers
 * @param bidirectional whether each layer reads the sequence backwards too
 * @param projSize of {@link LSTM} alone, the size that hidden states are projected to; 0 for none
 * @param nonlinearity of {@link RNN} alone, what follows the sum
 */
public record RecurrentOptions(
        int numLayers,
        boolean bias,
        boolean batchFirst,
        double dropout,
        boolean bidirectional,
        int projSize,
        Nonlinearity nonlinearity) {
    /** Returns a copy with {@code numLayers}. */
    public RecurrentOptions numLayers(int value) {
        return new RecurrentOptions(value, bias, batchFirst, dropout, bidirectional, projSize, nonlinearity);
    }

    /** Returns a copy with {@code bias}. */
    public RecurrentOptions bias(boolean value) {
        return new RecurrentOptions(numLayers, value, batchFirst, dropout, bidirectional, projSize, nonlinearity);
    }

    /** Returns a copy with {@code batchFirst}. */
    public RecurrentOptions batchFirst(boolean value) {
        return new RecurrentOptions(numLayers, bias, value, dropout, bidirectional, projSize, nonlinearity);
    }

    /** Returns a copy with {@code dropout}. */
    public RecurrentOptions dropout(double value) {
        return new RecurrentOptions(numLayers, bias, batchFirst, value, bidirectional, projSize, nonlinearity);
    }

    /** Returns a copy with {@code bidirectional}. */
    public RecurrentOptions bidirectional(boolean value) {
        return new RecurrentOptions(numLayers, bias, batchFirst, dropout, value, projSize, nonlinearity);
    }

    /** Returns a copy with {@code projSize}. */
    public RecurrentOptions projSize(int value) {
        return new RecurrentOptions(numLayers, bias, batchFirst, dropout, bidirectional, value, nonlinearity);
    }

    /** Returns a copy with {@code nonlinearity}. */
    public RecurrentOptions nonlinearity(Nonlinearity value) {
        return new RecurrentOptions(numLayers, bias, batchFirst, dropout, bidirectional, projSize, value);
    }

    /** The nonlinearity of an {@link RNN}. */
    public enum Nonlinearity {
        /** The hyperbolic tangent. */
        TANH,
        /** The rectifier. */
        RELU
    }

    static final RecurrentOptions DEFAULT = new RecurrentOptions(1, true, false, 0, false, 0, Nonlinearity.TANH);
}
