package dev.cotangent;

import org.jspecify.annotations.Nullable;

/** Checks of arguments that Java's types leave open. For this library's own classes. */
public final class Arguments {
    private Arguments() {}

    /** Returns an argument; throws PyTorch's TypeError, with the names of the operation and of the argument, if it is null. */
    public static <T> T notNull(String operation, String argument, @Nullable T value) {
        if (value != null) return value;
        throw new TypeException(operation + "(): argument '" + argument + "' must not be null");
    }
}
