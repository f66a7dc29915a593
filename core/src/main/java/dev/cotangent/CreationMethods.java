package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.HostOps;
import dev.cotangent.internal.ops.random.RandomOps;
import org.jspecify.annotations.Nullable;

/**
 * Creation of tensors like this one, and in-place initialization. Options override the dtype and device of a new
 * tensor.
 */
sealed interface CreationMethods permits Tensor {
    /** Returns zeros, of this shape, dtype and device. {@code torch.zeros_like}. */
    default Tensor zerosLike() {
        return end(start("zeros_like", this), CreationOps.emptyLike((Tensor) this));
    }

    /** Returns zeros, of this shape. {@code torch.zeros_like}. */
    default Tensor zerosLike(TensorOptions options) {
        return end(
                start("zeros_like", this),
                CreationFunctions.marked(
                        CreationOps.fullLike((Tensor) this, 0, Arguments.notNull("zeros_like", "options", options)),
                        options));
    }

    /** Returns ones, of this shape, dtype and device. {@code torch.ones_like}. */
    default Tensor onesLike() {
        return end(start("ones_like", this), CreationOps.onesLike((Tensor) this));
    }

    /** Returns ones, of this shape. {@code torch.ones_like}. */
    default Tensor onesLike(TensorOptions options) {
        return end(
                start("ones_like", this),
                CreationFunctions.marked(
                        CreationOps.fullLike((Tensor) this, 1, Arguments.notNull("ones_like", "options", options)),
                        options));
    }

    /** Returns an uninitialized tensor of this shape, dtype and device. {@code torch.empty_like}. */
    default Tensor emptyLike() {
        return end(start("empty_like", this), CreationOps.emptyLike((Tensor) this));
    }

    /** Returns an uninitialized tensor of this shape. {@code torch.empty_like}. */
    default Tensor emptyLike(TensorOptions options) {
        return end(
                start("empty_like", this),
                CreationFunctions.marked(
                        CreationOps.fullLike((Tensor) this, 0, Arguments.notNull("empty_like", "options", options)),
                        options));
    }

    /** Returns uniform numbers in [0, 1), of this shape, dtype and device. {@code torch.rand_like}. */
    default Tensor randLike() {
        return zerosLike().uniform_().data();
    }

    /** Returns uniform numbers in [0, 1), of this shape. {@code torch.rand_like}. */
    default Tensor randLike(TensorOptions options) {
        return end(
                start("rand_like", this),
                CreationFunctions.marked(
                        CreationOps.fullLike((Tensor) this, 0, Arguments.notNull("rand_like", "options", options))
                                .uniform_()
                                .data(),
                        options));
    }

    /** Returns normal numbers of mean 0 and deviation 1, of this shape, dtype and device. {@code torch.randn_like}. */
    default Tensor randnLike() {
        return zerosLike().normal_().data();
    }

    /** Returns normal numbers of mean 0 and deviation 1, of this shape. {@code torch.randn_like}. */
    default Tensor randnLike(TensorOptions options) {
        return end(
                start("randn_like", this),
                CreationFunctions.marked(
                        CreationOps.fullLike((Tensor) this, 0, Arguments.notNull("randn_like", "options", options))
                                .normal_()
                                .data(),
                        options));
    }

    /** Returns a tensor filled with a number, of this shape, dtype and device. {@code torch.full_like}. */
    default Tensor fullLike(Number fillValue) {
        return fullLike(fillValue, ChosenOptions.NONE);
    }

    /** Returns a tensor filled with a number, of this shape. {@code torch.full_like}. */
    default Tensor fullLike(Number fillValue, TensorOptions options) {
        Arguments.notNull("full_like", "options", options);
        Arguments.notNull("full_like", "fill_value", fillValue);
        return end(
                start("full_like", this),
                CreationFunctions.marked(CreationOps.fullLike((Tensor) this, fillValue, options), options));
    }

    /** Returns integers in [0, high), of this shape, dtype and device. {@code torch.randint_like}. */
    default Tensor randintLike(long high) {
        return randintLike(0, high);
    }

    /** Returns integers in [low, high), of this shape. {@code torch.randint_like}. */
    default Tensor randintLike(long low, long high) {
        return zerosLike().random_(low, high).data();
    }

    /** Returns integers in [low, high), of this shape. {@code torch.randint_like}. */
    default Tensor randintLike(long low, long high, TensorOptions options) {
        Arguments.notNull("randint_like", "options", options);
        return CreationFunctions.marked(
                zerosLike(options.requiresGrad(false)).random_(low, high).data(), options);
    }

    /** Returns zeros, of this dtype and device. {@code torch.Tensor.new_zeros}. */
    default Tensor newZeros(long... size) {
        return newFull(Shape.of(Arguments.notNull("new_zeros", "size", size)), 0);
    }

    /** Returns zeros, by default of this dtype and device. {@code torch.Tensor.new_zeros}. */
    default Tensor newZeros(TensorOptions options, long... size) {
        return newFull(Shape.of(Arguments.notNull("new_zeros", "size", size)), 0, options);
    }

    /** Returns zeros, by default of this dtype and device. {@code torch.Tensor.new_zeros}. */
    default Tensor newZeros(Shape size, TensorOptions options) {
        return newFull(size, 0, options);
    }

    /** Returns ones, of this dtype and device. {@code torch.Tensor.new_ones}. */
    default Tensor newOnes(long... size) {
        return newFull(Shape.of(Arguments.notNull("new_ones", "size", size)), 1);
    }

    /** Returns ones, by default of this dtype and device. {@code torch.Tensor.new_ones}. */
    default Tensor newOnes(TensorOptions options, long... size) {
        return newFull(Shape.of(Arguments.notNull("new_ones", "size", size)), 1, options);
    }

    /** Returns ones, by default of this dtype and device. {@code torch.Tensor.new_ones}. */
    default Tensor newOnes(Shape size, TensorOptions options) {
        return newFull(size, 1, options);
    }

    /** Returns an uninitialized tensor of this dtype and device. {@code torch.Tensor.new_empty}. */
    default Tensor newEmpty(long... size) {
        return newFull(Shape.of(Arguments.notNull("new_empty", "size", size)), 0);
    }

    /** Returns an uninitialized tensor, by default of this dtype and device. {@code torch.Tensor.new_empty}. */
    default Tensor newEmpty(TensorOptions options, long... size) {
        return newFull(Shape.of(Arguments.notNull("new_empty", "size", size)), 0, options);
    }

    /** Returns an uninitialized tensor, by default of this dtype and device. {@code torch.Tensor.new_empty}. */
    default Tensor newEmpty(Shape size, TensorOptions options) {
        return newFull(size, 0, options);
    }

    /** Returns a tensor filled with a number, of this dtype and device. {@code torch.Tensor.new_full}. */
    default Tensor newFull(Shape size, Number fillValue) {
        return newFull(size, fillValue, ChosenOptions.NONE);
    }

    /** Returns a tensor filled with a number, by default of this dtype and device. {@code torch.Tensor.new_full}. */
    default Tensor newFull(Shape size, Number fillValue, TensorOptions options) {
        Tensor t = (Tensor) this;
        Device device = Arguments.notNull("new_full", "options", options).deviceOr(t.device());
        Number value = Arguments.notNull("new_full", "fill_value", fillValue);
        long[] sizes = Arguments.notNull("new_full", "size", size).toArray();
        return end(
                start("new_full", this),
                CreationFunctions.marked(CreationOps.full(options.dtypeOr(t.dtype()), device, value, sizes), options));
    }

    /** Returns {@link Tensors#tensor(Object)} of this dtype and device. {@code torch.Tensor.new_tensor}. */
    default Tensor newTensor(Object data) {
        return newTensor(data, ChosenOptions.NONE);
    }

    /** Returns {@link Tensors#tensor(Object)}, by default of this dtype and device. {@code torch.Tensor.new_tensor}. */
    default Tensor newTensor(Object data, TensorOptions options) {
        Tensor t = (Tensor) this;
        Device device = Arguments.notNull("new_tensor", "options", options).deviceOr(t.device());
        return LiteralReader.of(data, options.dtype(options.dtypeOr(t.dtype())).device(device));
    }

    /** Fills with 0. {@code torch.Tensor.zero_}. */
    default Tensor zero_() {
        return end(start("zero_", this), HostOps.fill((Tensor) this, 0, "ZeroBackward0"));
    }

    /** Fills with a number. {@code torch.Tensor.fill_}. */
    default Tensor fill_(Number value) {
        Arguments.notNull("fill_", "value", value);
        return end(start("fill_", this), HostOps.fill((Tensor) this, value, "FillBackward2"));
    }

    /** Fills with a truth value. {@code torch.Tensor.fill_}. */
    default Tensor fill_(boolean value) {
        return end(start("fill_", this), HostOps.fill((Tensor) this, value, "FillBackward2"));
    }

    /** Fills with the value of a 0-dimensional tensor. {@code torch.Tensor.fill_}. */
    default Tensor fill_(Tensor value) {
        Arguments.notNull("fill_", "value", value);
        return end(start("fill_", this, value), HostOps.fill((Tensor) this, value));
    }

    /** Samples uniformly from [0, 1). {@code torch.Tensor.uniform_}. */
    default Tensor uniform_() {
        return uniform_(0, 1);
    }

    /** Samples uniformly from [from, to). {@code torch.Tensor.uniform_}. */
    default Tensor uniform_(double from, double to) {
        return end(start("uniform_", this), RandomOps.uniform((Tensor) this, from, to, null));
    }

    /** Works as {@link #uniform_(double, double)} with a generator. */
    default Tensor uniform_(double from, double to, @Nullable Generator generator) {
        return end(start("uniform_", this), RandomOps.uniform((Tensor) this, from, to, generator));
    }

    /** Samples normally with mean 0 and deviation 1. {@code torch.Tensor.normal_}. */
    default Tensor normal_() {
        return normal_(0, 1);
    }

    /** Samples normally with a mean and a deviation. {@code torch.Tensor.normal_}. */
    default Tensor normal_(double mean, double std) {
        return end(start("normal_", this), RandomOps.normal((Tensor) this, mean, std, null));
    }

    /** Works as {@link #normal_(double, double)} with a generator. */
    default Tensor normal_(double mean, double std, @Nullable Generator generator) {
        return end(start("normal_", this), RandomOps.normal((Tensor) this, mean, std, generator));
    }

    /** Samples exponentially with a rate. {@code torch.Tensor.exponential_}. */
    default Tensor exponential_(double lambd) {
        return end(start("exponential_", this), RandomOps.exponential((Tensor) this, lambd, null));
    }

    /** Works as {@link #exponential_(double)} with a generator. */
    default Tensor exponential_(double lambd, @Nullable Generator generator) {
        return end(start("exponential_", this), RandomOps.exponential((Tensor) this, lambd, generator));
    }

    /**
     * Samples indices of the last dimension with its elements as weights. {@code torch.multinomial}.
     *
     * @param numSamples number of samples per row
     * @param replacement whether an index may be drawn again
     * @return int64, of the shape of this tensor of one or two dimensions, the last of size {@code numSamples}
     */
    default Tensor multinomial(int numSamples, boolean replacement) {
        return multinomial(numSamples, replacement, null);
    }

    /** Works as {@link #multinomial(int, boolean)} with a generator. */
    default Tensor multinomial(int numSamples, boolean replacement, @Nullable Generator generator) {
        return end(
                start("multinomial", this), RandomOps.multinomial((Tensor) this, numSamples, replacement, generator));
    }

    /** Samples integers from 0 to the largest that the dtype represents exactly. {@code torch.Tensor.random_}. */
    default Tensor random_() {
        return end(start("random_", this), RandomOps.random((Tensor) this, null));
    }

    /** Samples integers in [from, to). {@code torch.Tensor.random_}. */
    default Tensor random_(long from, long to) {
        return end(start("random_", this), RandomOps.random((Tensor) this, from, to, null));
    }

    /** Works as {@link #random_(long, long)} with a generator. */
    default Tensor random_(long from, long to, @Nullable Generator generator) {
        return end(start("random_", this), RandomOps.random((Tensor) this, from, to, generator));
    }

    /** Samples 1 with a probability, else 0. {@code torch.Tensor.bernoulli_}. */
    default Tensor bernoulli_(double p) {
        return end(start("bernoulli_", this), RandomOps.bernoulli((Tensor) this, p, null));
    }

    /** Works as {@link #bernoulli_(double)} with a generator. */
    default Tensor bernoulli_(double p, @Nullable Generator generator) {
        return end(start("bernoulli_", this), RandomOps.bernoulli((Tensor) this, p, generator));
    }

    /** Samples 1 with each element's value as the probability, else 0. {@code torch.bernoulli}. */
    default Tensor bernoulli() {
        return end(start("bernoulli", this), RandomOps.bernoulli((Tensor) this, null));
    }

    /** Works as {@link #dropout(double, boolean)} in training. */
    default Tensor dropout(double p) {
        return dropout(p, true);
    }

    /**
     * Zeros, in training, elements with probability {@code p} and divides the others by {@code 1 - p}; else returns
     * this tensor. {@code torch.nn.functional.dropout}.
     */
    default Tensor dropout(double p, boolean training) {
        return end(start("dropout", this), RandomOps.dropout((Tensor) this, p, training));
    }

    /** Works as {@link #dropout_(double, boolean)} in training. */
    default Tensor dropout_(double p) {
        return dropout_(p, true);
    }

    /** Works as {@link #dropout(double, boolean)}, in place. */
    default Tensor dropout_(double p, boolean training) {
        return end(start("dropout_", this), RandomOps.dropoutInPlace((Tensor) this, p, training));
    }

    /** Works as {@link #dropout(double, boolean)}, on whole channels (dimension 1). {@code torch.feature_dropout}. */
    default Tensor featureDropout(double p, boolean training) {
        return end(start("feature_dropout", this), RandomOps.featureDropout((Tensor) this, p, training));
    }

    /** Works as {@link #featureDropout}, in place. */
    default Tensor featureDropout_(double p, boolean training) {
        return end(start("feature_dropout_", this), RandomOps.featureDropoutInPlace((Tensor) this, p, training));
    }

    /** Works as {@link #dropout1d(double, boolean)} in training. */
    default Tensor dropout1d(double p) {
        return dropout1d(p, true);
    }

    /** Works as {@link #featureDropout} for sequences, N x C x L or C x L. {@code torch.nn.functional.dropout1d}. */
    default Tensor dropout1d(double p, boolean training) {
        Tensor t = (Tensor) this;
        if (t.dim() != 2) return end(start("dropout1d", this), RandomOps.featureDropout(t, p, training));
        return end(
                start("dropout1d", this),
                RandomOps.featureDropout(t.unsqueeze(0), p, training).squeeze(0));
    }

    /** Works as {@link #dropout2d(double, boolean)} in training. */
    default Tensor dropout2d(double p) {
        return dropout2d(p, true);
    }

    /** Works as {@link #featureDropout} for images, N x C x H x W. {@code torch.nn.functional.dropout2d}. */
    default Tensor dropout2d(double p, boolean training) {
        return end(start("dropout2d", this), RandomOps.featureDropout((Tensor) this, p, training));
    }

    /** Works as {@link #dropout2d_(double, boolean)} in training. */
    default Tensor dropout2d_(double p) {
        return dropout2d_(p, true);
    }

    /** Works as {@link #dropout2d(double, boolean)}, in place. */
    default Tensor dropout2d_(double p, boolean training) {
        return end(start("dropout2d_", this), RandomOps.featureDropoutInPlace((Tensor) this, p, training));
    }

    /** Works as {@link #dropout3d(double, boolean)} in training. */
    default Tensor dropout3d(double p) {
        return dropout3d(p, true);
    }

    /** Works as {@link #featureDropout} for volumes, N x C x D x H x W. {@code torch.nn.functional.dropout3d}. */
    default Tensor dropout3d(double p, boolean training) {
        return end(start("dropout3d", this), RandomOps.featureDropout((Tensor) this, p, training));
    }

    /** Works as {@link #dropout3d_(double, boolean)} in training. */
    default Tensor dropout3d_(double p) {
        return dropout3d_(p, true);
    }

    /** Works as {@link #dropout3d(double, boolean)}, in place. */
    default Tensor dropout3d_(double p, boolean training) {
        return end(start("dropout3d_", this), RandomOps.featureDropoutInPlace((Tensor) this, p, training));
    }
}
