package dev.cotangent.internal;

import dev.cotangent.TypeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks arguments for what Java's types do not express. For this library's own classes. */
public final class Arguments {
    private Arguments() {}

    /**
     * Returns an argument; throws PyTorch's TypeError, with the names of the operation and of the argument, if it is
     * null.
     */
    public static <T> T notNull(String operation, String argument, @Nullable T value) {
        if (value != null) return value;
        throw new TypeException(operation + "(): argument '" + argument + "' must not be null");
    }

    /** Returns a list of arguments; throws PyTorch's TypeError if it, or one of its elements, is null. */
    public static <T> List<T> noNulls(String operation, String argument, @Nullable List<T> values) {
        List<T> list = notNull(operation, argument, values);
        int i = 0;
        for (T value : list) check(operation, argument, i++, value);
        return list;
    }

    /** Returns an array of arguments; throws PyTorch's TypeError if it, or one of its elements, is null. */
    public static <T> T[] noNulls(String operation, String argument, T @Nullable [] values) {
        T[] array = notNull(operation, argument, values);
        for (int i = 0; i < array.length; i++) check(operation, argument, i, array[i]);
        return array;
    }

    private static void check(String operation, String argument, int element, @Nullable Object value) {
        if (value != null) return;
        throw new TypeException("expected Tensor as element " + element + " in argument 0, but got NoneType: "
                + operation + "() takes no null in '" + argument + "'");
    }
}
