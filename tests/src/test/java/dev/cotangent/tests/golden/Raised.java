package dev.cotangent.tests.golden;

import dev.cotangent.CotangentException;
import dev.cotangent.IndexException;
import dev.cotangent.TypeException;
import dev.cotangent.UnsupportedException;
import dev.cotangent.ValueException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Errors against PyTorch's. */
final class Raised {
    private Raised() {}

    /** Returns Python's name of an error's kind. */
    static String kind(CotangentException e) {
        return switch (e) {
            case IndexException i -> "IndexError";
            case TypeException t -> "TypeError";
            case ValueException v -> "ValueError";
            case UnsupportedException u -> "NotImplementedError";
            default -> "RuntimeError";
        };
    }

    /** Returns whether an error is of one of these kinds, as Python's {@code except} sees it. */
    static boolean isKind(CotangentException e, List<String> kinds) {
        String kind = kind(e);
        return kinds.contains(kind)
                || kinds.contains("Exception")
                || kind.equals("NotImplementedError") && kinds.contains("RuntimeError");
    }

    /** Returns whether a message is PyTorch's, recorded on the CPU, up to the names of the device and its kernels. */
    static boolean says(CotangentException e, String expected) {
        String message = message(e);
        String kernel = "^\"\\w+\" not implemented for ";
        return message.equals(expected)
                || message.contains("_cuda\" not implemented for ")
                        && message.replaceFirst(kernel, "").equals(expected.replaceFirst(kernel, ""));
    }

    /** Returns an error's message as on the CPU, without the remedy in Java that follows PyTorch's sentence. */
    static String message(CotangentException e) {
        return String.valueOf(e.getMessage())
                .replaceFirst("(?s) In Java: .*", "")
                .replace("torch.cuda.", "torch.")
                .replaceAll("\\bcuda:\\d", "cpu")
                .replaceAll("\\bCUDA(?=\\w+Type)", "CPU");
    }

    /** Compares an error with the expected one. Returns null if they are equal. */
    static @Nullable String compare(@Nullable CotangentException e, String kind, String message) {
        if (e == null) return "nothing raised, expected " + kind + ": " + message;
        if (isKind(e, List.of(kind)) && says(e, message)) return null;
        return "raised " + kind(e) + ": " + e.getMessage() + "; expected " + kind + ": " + message;
    }

    /** Returns whether a message says that PyTorch's CPU has no kernel for a dtype, which other devices may have. */
    static boolean isOfTheCpuAlone(String message) {
        return message.contains("_cpu\" not implemented for ");
    }

    /** Works as Python's {@code re.search}. */
    static boolean matches(String regex, String message) {
        try {
            return Pattern.compile(regex).matcher(message).find();
        } catch (PatternSyntaxException e) {
            return message.contains(regex);
        }
    }
}
