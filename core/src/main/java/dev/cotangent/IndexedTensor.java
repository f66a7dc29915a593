package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.indexing.Subscript;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A reference to the elements of a tensor at an index, to read or write them: {@code x.at(1, 2).set(v)} is Python's
 * {@code x[1, 2] = v} and {@code x.at(mask).add_(v)} its {@code x[mask] += v}. Values are broadcast and converted to
 * the tensor's dtype. Writes are in-place operations on the tensor, with autograd's rules for these; every method
 * returns the whole tensor. If index tensors repeat an element, one of the results remains; {@link
 * IndexingMethods#indexPut_} and {@link GatherScatterMethods#indexAdd_} accumulate.
 */
public final class IndexedTensor {
    private final Tensor tensor;
    private final List<Index> index;

    IndexedTensor(Tensor tensor, List<Index> index) {
        this.tensor = tensor;
        this.index = index;
    }

    /** Returns the elements: a view, or a copy if the index has index tensors. */
    public Tensor get() {
        return Subscript.get(tensor, index);
    }

    /** Writes a tensor; Python's {@code x[...] = value}. */
    public Tensor set(Tensor value) {
        Subscript.set(tensor, Arguments.notNull("set", "value", value), index);
        return tensor;
    }

    /** Writes a number; throws PyTorch's error if the dtype cannot hold it. Python's {@code x[...] = value}. */
    public Tensor set(Number value) {
        Subscript.set(tensor, Arguments.notNull("set", "value", value), index);
        return tensor;
    }

    /** Writes a truth value; Python's {@code x[...] = value}. */
    public Tensor set(boolean value) {
        return set(Tensors.scalar(value));
    }

    /** Writes a tensor, {@link #set(Tensor)}; {@code torch.Tensor.copy_}. */
    public Tensor copy_(Tensor source) {
        return set(Arguments.notNull("copy_", "source", source));
    }

    /** Writes a number, {@link #set(Number)}; {@code torch.Tensor.fill_}. */
    public Tensor fill_(Number value) {
        return set(Arguments.notNull("fill_", "value", value));
    }

    /** Writes 0; {@code torch.Tensor.zero_}. */
    public Tensor zero_() {
        return set(0);
    }

    private Tensor update(UnaryOperator<Tensor> inPlace) {
        Subscript.update(tensor, index, inPlace);
        return tensor;
    }

    /** Adds a tensor; Python's {@code x[...] += other}. */
    public Tensor add_(Tensor other) {
        Arguments.notNull("add_", "other", other);
        return update(t -> t.add_(other));
    }

    /** Adds a number; Python's {@code x[...] += other}. */
    public Tensor add_(Number other) {
        Arguments.notNull("add_", "other", other);
        return update(t -> t.add_(other));
    }

    /** Subtracts a tensor; Python's {@code x[...] -= other}. */
    public Tensor sub_(Tensor other) {
        Arguments.notNull("sub_", "other", other);
        return update(t -> t.sub_(other));
    }

    /** Subtracts a number; Python's {@code x[...] -= other}. */
    public Tensor sub_(Number other) {
        Arguments.notNull("sub_", "other", other);
        return update(t -> t.sub_(other));
    }

    /** Multiplies by a tensor; Python's {@code x[...] *= other}. */
    public Tensor mul_(Tensor other) {
        Arguments.notNull("mul_", "other", other);
        return update(t -> t.mul_(other));
    }

    /** Multiplies by a number; Python's {@code x[...] *= other}. */
    public Tensor mul_(Number other) {
        Arguments.notNull("mul_", "other", other);
        return update(t -> t.mul_(other));
    }

    /** Divides by a tensor; Python's {@code x[...] /= other}. */
    public Tensor div_(Tensor other) {
        Arguments.notNull("div_", "other", other);
        return update(t -> t.div_(other));
    }

    /** Divides by a number; Python's {@code x[...] /= other}. */
    public Tensor div_(Number other) {
        Arguments.notNull("div_", "other", other);
        return update(t -> t.div_(other));
    }

    /** Raises to the power of a tensor; Python's {@code x[...] **= exponent}. */
    public Tensor pow_(Tensor exponent) {
        Arguments.notNull("pow_", "exponent", exponent);
        return update(t -> t.pow_(exponent));
    }

    /** Raises to the power of a number; Python's {@code x[...] **= exponent}. */
    public Tensor pow_(Number exponent) {
        Arguments.notNull("pow_", "exponent", exponent);
        return update(t -> t.pow_(exponent));
    }

    /** Applies any in-place operation to the elements, such as {@code Tensor::relu_}. */
    public Tensor apply_(UnaryOperator<Tensor> inPlace) {
        Arguments.notNull("apply_", "inPlace", inPlace);
        return update(inPlace);
    }
}
