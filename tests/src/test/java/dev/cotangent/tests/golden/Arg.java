package dev.cotangent.tests.golden;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of Python that are no Java value. All others are: Tensor, Long (int), Double (float), Boolean, String, List
 * (list), Dtype, null (None).
 */
sealed interface Arg {
    /** A tuple or a torch.Size. */
    record Tuple(List<@Nullable Object> items) implements Arg {}

    /** {@code start:stop:step} in an index. */
    record Slice(
            @Nullable Long start,
            @Nullable Long stop,
            @Nullable Long step) implements Arg {}

    /** {@code ...} in an index. */
    record Ellipsis() implements Arg {}

    /** A device, a memory format or a layout, by its name. */
    record Named(String kind, String name) implements Arg {}

    /** Returns the items of a list or tuple, or null for anything else. */
    @SuppressWarnings("unchecked")
    static @Nullable List<@Nullable Object> items(@Nullable Object value) {
        return switch (value) {
            case Tuple t -> t.items;
            case List<?> list -> (List<@Nullable Object>) list;
            case null, default -> null;
        };
    }

    /** Returns a short text of an argument's kind. */
    static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "None";
            case dev.cotangent.Tensor t ->
                "Tensor " + t.dtype().torchName() + t.shape().toString().substring(10);
            case Tuple t -> "(" + kinds(t.items) + ")";
            case List<?> list -> "[" + kinds(list) + "]";
            case String s -> "\"" + s + "\"";
            default -> value.toString();
        };
    }

    /** Returns the kinds of several arguments, with commas. */
    static String kinds(List<?> values) {
        return String.join(", ", values.stream().map(Arg::kind).toList());
    }
}
