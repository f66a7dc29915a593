package dev.cotangent;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses the text of an index; see {@link Index#parse}. */
final class IndexParser {
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private final String text;
    private int at;

    IndexParser(String text) {
        this.text = text;
    }

    List<Index> parse() {
        List<Index> parts = new ArrayList<>();
        do {
            // Python allows a trailing comma.
            if (end() && !parts.isEmpty()) break;
            int start = skip();
            Index part = part();
            if (part instanceof Index.Ellipsis && parts.contains(part)) {
                throw new IndexException(shown("an index can only have a single ellipsis ('...')", start));
            }
            parts.add(part);
        } while (eat(","));
        if (!end()) throw unexpected("a comma or the end");
        return List.copyOf(parts);
    }

    private Index part() {
        if (eat("...")) return Index.ellipsis();
        boolean none = eat("None");
        int position = skip();
        BigInteger start = none ? null : integer();
        if (eat(":")) return slice(start);
        if (none) return Index.newAxis();
        if (start == null) throw unexpected("an integer, a slice, None or ...");
        if (start.bitLength() > 63) throw new ValueException(shown("Overflow when unpacking long long", position));
        return Index.at(start.longValue());
    }

    private Index slice(@Nullable BigInteger start) {
        BigInteger stop = bound();
        boolean stepped = eat(":");
        int position = skip();
        BigInteger step = stepped ? bound() : null;
        try {
            return new Index.Slice(clamp(start), clamp(stop), step == null ? 1 : clamp(step));
        } catch (ValueException e) {
            throw new ValueException(shown(String.valueOf(e.getMessage()), position), e);
        }
    }

    private @Nullable BigInteger bound() {
        return eat("None") ? null : integer();
    }

    /** Clamps a number to a long: Python's slices accept any size. */
    private static @Nullable Long clamp(@Nullable BigInteger value) {
        return value == null ? null : value.max(LEAST).min(MOST).longValue();
    }

    private @Nullable BigInteger integer() {
        int start = skip();
        boolean minus = eat("-");
        boolean signed = minus || eat("+");
        int digits = skip();
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        if (at == digits) {
            if (signed) throw unexpected("an integer");
            at = start;
            return null;
        }
        if (at < text.length() && text.charAt(at) == '.' && !text.startsWith("...", at)) {
            throw new IndexException(shown(
                    "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices"
                            + " (got float)",
                    start));
        }
        BigInteger value = new BigInteger(text.substring(digits, at));
        return minus ? value.negate() : value;
    }

    private boolean eat(String token) {
        skip();
        if (!text.startsWith(token, at)) return false;
        at += token.length();
        return true;
    }

    /** Skips white space; returns the position after it. */
    private int skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
        return at;
    }

    private boolean end() {
        return skip() == text.length();
    }

    private IndexException unexpected(String wanted) {
        String found = end() ? "the text ends" : "there is '" + Character.toString(text.codePointAt(at)) + "'";
        return new IndexException(shown("invalid index: expected " + wanted + ", but " + found, at));
    }

    /** Returns a message, the text below it, and a mark below the position. */
    private String shown(String message, int position) {
        return message + "\n    " + text.replaceAll("\\s", " ") + "\n    " + " ".repeat(position) + "^";
    }
}
