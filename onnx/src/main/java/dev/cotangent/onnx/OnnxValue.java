package dev.cotangent.onnx;

import dev.cotangent.Dtype;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Name and type of a model's input or output.
 *
 * @param dtype null if the file does not say, or for anything but a tensor
 * @param shape null if the file does not say; a size that varies is -1
 * @param axes names of the sizes that vary; empty for others
 */
public record OnnxValue(
        String name, @Nullable Dtype dtype, @Nullable List<Long> shape, List<String> axes) {
    /** Returns name, dtype and shape, such as {@code ids: int64[batch, 12]}. */
    @Override
    public String toString() {
        String sizes = "";
        List<Long> known = shape;
        if (known != null) {
            sizes = java.util.stream.IntStream.range(0, known.size())
                    .mapToObj(d -> known.get(d) >= 0
                            ? String.valueOf(known.get(d))
                            : axes.get(d).isEmpty() ? "?" : axes.get(d))
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        return name + ": " + (dtype == null ? "?" : dtype.toString().replace("torch.", "")) + sizes;
    }
}
