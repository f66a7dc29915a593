package dev.cotangent;

import dev.cotangent.internal.Arguments;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Maps between enum constants and PyTorch's names of modes. */
final class EnumNames {
    private EnumNames() {}

    /** Returns the constant of that name in lower case; null if there is none. */
    static <E extends Enum<E>> @Nullable E named(E[] values, String text) {
        Arguments.notNull(values[0].getDeclaringClass().getSimpleName() + ".of", "text", text);
        for (E value : values) if (text(value).equals(text)) return value;
        return null;
    }

    /** Returns PyTorch's name of a mode. */
    static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
