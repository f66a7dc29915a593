package dev.cotangent.internal.format;

import dev.cotangent.Dtype;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header of a {@code .npy} file, a Python dictionary such as {@code {'descr': '<f4', 'fortran_order': False,
 * 'shape': (2, 3), }}.
 */
record NpyHeader(Dtype dtype, ByteOrder order, boolean fortranOrder, long... shape) {
    /** NumPy's limit. */
    private static final int HIGHEST_RANK = 64;

    private static final Pattern TOKEN =
            Pattern.compile("\\s*('[^'\\\\]*'|\"[^\"\\\\]*\"|True|False|[0-9]+L?|[{}()\\[\\]:,])");

    /** Returns NumPy's code of a dtype without the byte order, or null if it has none. */
    static @Nullable String code(Dtype dtype) {
        return switch (dtype) {
            case FLOAT64 -> "f8";
            case FLOAT32 -> "f4";
            case FLOAT16 -> "f2";
            case INT64 -> "i8";
            case INT32 -> "i4";
            case INT16 -> "i2";
            case INT8 -> "i1";
            case UINT8 -> "u1";
            case BOOL -> "b1";
            case BFLOAT16, COMPLEX64, COMPLEX128 -> null;
        };
    }

    String text() {
        String mark = dtype.bytes() == 1 ? "|" : order == ByteOrder.BIG_ENDIAN ? ">" : "<";
        return "{'descr': '" + mark + code(dtype) + "', 'fortran_order': " + (fortranOrder ? "True" : "False")
                + ", 'shape': " + TensorText.tuple(shape) + ", }";
    }

    /** Parses a header; throws an IllegalArgumentException that names the malformed part. */
    static NpyHeader parse(String text) {
        return new Parser(text).header();
    }

    private static final class Parser {
        private final String text;
        private final Matcher matcher;
        private String token = "";

        Parser(String text) {
            this.text = text;
            this.matcher = TOKEN.matcher(text);
            next();
        }

        NpyHeader header() {
            String descr = null;
            Boolean fortran = null;
            long[] shape = null;
            expect("{");
            while (!token.equals("}")) {
                String key = string("a key");
                expect(":");
                switch (key) {
                    case "descr" -> descr = descr();
                    case "fortran_order" -> fortran = bool();
                    case "shape" -> shape = shape();
                    default -> throw new IllegalArgumentException("unknown key '" + key + "' in its header");
                }
                if (!token.equals("}")) expect(",");
            }
            next();
            if (!token.isEmpty()) throw bad("the end");
            if (descr == null) throw new IllegalArgumentException("no 'descr' in its header");
            if (fortran == null) throw new IllegalArgumentException("no 'fortran_order' in its header");
            if (shape == null) throw new IllegalArgumentException("no 'shape' in its header");
            return header(descr, fortran, shape);
        }

        private static NpyHeader header(String descr, boolean fortran, long[] shape) {
            boolean marked = !descr.isEmpty() && "<>=|".indexOf(descr.charAt(0)) >= 0;
            String code = marked ? descr.substring(1) : descr;
            ByteOrder order = switch (marked ? descr.charAt(0) : '=') {
                case '<' -> ByteOrder.LITTLE_ENDIAN;
                case '>' -> ByteOrder.BIG_ENDIAN;
                default -> ByteOrder.nativeOrder();
            };
            for (Dtype dtype : Dtype.values()) {
                if (code.equals(code(dtype))) return new NpyHeader(dtype, order, fortran, shape);
            }
            List<String> known = Arrays.stream(Dtype.values())
                    .filter(d -> code(d) != null)
                    .map(Dtype::torchName)
                    .toList();
            throw new IllegalArgumentException("its dtype '" + descr + "' is none of " + String.join(", ", known)
                    + (code.equals("V2") ? " (bfloat16 has no .npy form: save it as float32)" : "")
                    + "; convert it with astype before saving");
        }

        private String descr() {
            if (token.equals("[")) {
                throw new IllegalArgumentException("its dtype is a structured one; save each field as an array");
            }
            return string("a dtype");
        }

        private boolean bool() {
            if (!token.equals("True") && !token.equals("False")) throw bad("True or False");
            boolean value = token.equals("True");
            next();
            return value;
        }

        private long[] shape() {
            expect("(");
            long[] sizes = {};
            while (!token.equals(")")) {
                if (token.isEmpty() || !Character.isDigit(token.charAt(0))) throw bad("a size");
                if (sizes.length == HIGHEST_RANK)
                    throw new IllegalArgumentException("its shape has too many dimensions");
                sizes = Arrays.copyOf(sizes, sizes.length + 1);
                try {
                    sizes[sizes.length - 1] = Long.parseLong(token.replace("L", ""));
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException("size " + token + " in its header is too large", e);
                }
                next();
                if (!token.equals(")")) expect(",");
            }
            next();
            return sizes;
        }

        private String string(String what) {
            // A mark alone begins a text without an end.
            if (token.length() < 2 || "'\"".indexOf(token.charAt(0)) < 0) throw bad(what);
            String value = token.substring(1, token.length() - 1);
            next();
            return value;
        }

        private void expect(String wanted) {
            if (!token.equals(wanted)) throw bad("'" + wanted + "'");
            next();
        }

        private void next() {
            int at = matcher.regionStart();
            if (matcher.lookingAt()) {
                token = matcher.group(1);
                matcher.region(matcher.end(), text.length());
            } else if (text.substring(at).isBlank()) {
                token = "";
            } else {
                token = text.substring(at).strip().substring(0, 1);
            }
        }

        private IllegalArgumentException bad(String wanted) {
            return new IllegalArgumentException("its header has " + (token.isEmpty() ? "ended" : "\"" + token + "\"")
                    + " where " + wanted + " should be: " + text.strip());
        }
    }
}
