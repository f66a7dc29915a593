package dev.cotangent.data;

import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of tensors: sample {@code i} holds index {@code i} of the first dimension of each, as views; PyTorch's {@code
 * torch.utils.data.TensorDataset}.
 */
public final class TensorDataset implements Dataset<List<Tensor>> {
    private final List<Tensor> tensors;

    /** Creates a dataset of tensors whose first dimensions have one size. */
    public TensorDataset(Tensor... tensors) {
        this.tensors = List.of(Arguments.noNulls("TensorDataset", "tensors", tensors));
        if (tensors.length == 0) throw new ValueException("TensorDataset needs at least one tensor");
        for (Tensor t : tensors) {
            if (t.dim() == 0 || t.size(0) != tensors[0].size(0)) {
                throw new ValueException(
                        "Size mismatch between tensors: the first dimensions must have one size, but the"
                                + " shapes are "
                                + Arrays.stream(tensors)
                                        .map(Tensor::shape)
                                        .map(Shape::toString)
                                        .toList());
            }
        }
    }

    /** Returns the dataset of an input and a target as {@link Example}s. */
    public static Dataset<Example<Tensor>> of(Tensor inputs, Tensor targets) {
        return new TensorDataset(inputs, targets).map(row -> new Example<>(row.get(0), row.get(1)));
    }

    /** Returns the tensors. */
    public List<Tensor> tensors() {
        return tensors;
    }

    @Override
    public long size() {
        return tensors.getFirst().size(0);
    }

    @Override
    public List<Tensor> get(long index) {
        Splits.checked(index, size(), "TensorDataset");
        List<Tensor> sample = new ArrayList<>(tensors.size());
        for (Tensor t : tensors) sample.add(t.select(0, index));
        return sample;
    }

    /** Returns {@code TensorDataset(size=100, tensors=2)}. */
    @Override
    public String toString() {
        return "TensorDataset(size=" + size() + ", tensors=" + tensors.size() + ")";
    }
}
