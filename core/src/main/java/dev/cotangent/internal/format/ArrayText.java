package dev.cotangent.internal.format;

import dev.cotangent.Dtype;
import dev.cotangent.NdArray;
import java.util.function.LongFunction;

/** NumPy's text of an array: {@code str(array)} of NumPy 1.24 with its default options. */
public final class ArrayText {
    private static final int THRESHOLD = 1000;
    private static final int EDGE = 3;
    private static final int LINE_WIDTH = 75;

    private final Summarization values;
    private final LongFunction<String> element;

    private ArrayText(Summarization values) {
        this.values = values;
        this.element = elements(values);
    }

    /** Returns the text of an array, summarized to its edges beyond 1000 elements. */
    public static String of(NdArray array) {
        if (array.size() == 0) return "[]";
        Summarization values =
                Summarization.of(array.dtype(), array.memory(), array.layout(), array.size() > THRESHOLD, EDGE);
        if (values.rank() == 0) return scalar(values);
        return new ArrayText(values).block(0, values.start(), " ", LINE_WIDTH);
    }

    private static String scalar(Summarization values) {
        long offset = values.start();
        Dtype dtype = values.dtype();
        if (dtype.isFloatingPoint()) return FloatColumn.scalar(dtype, values.getDouble(offset));
        if (dtype == Dtype.BOOL) return values.getLong(offset) != 0 ? "True" : "False";
        return Long.toString(values.getLong(offset));
    }

    private static LongFunction<String> elements(Summarization values) {
        if (values.dtype().isFloatingPoint()) {
            FloatColumn column = new FloatColumn(values);
            return offset -> column.text(values.getDouble(offset));
        }
        if (values.dtype() == Dtype.BOOL) return offset -> values.getLong(offset) != 0 ? " True" : "False";
        int[] width = {0};
        values.forEach(offset -> width[0] =
                Math.max(width[0], Long.toString(values.getLong(offset)).length()));
        return offset -> {
            String text = Long.toString(values.getLong(offset));
            return " ".repeat(width[0] - text.length()) + text;
        };
    }

    private String block(int dim, long offset, String indent, int lineWidth) {
        return "["
                + (dim == values.rank() - 1
                        ? row(dim, offset, indent, lineWidth)
                        : rows(dim, offset, indent, lineWidth))
                + "]";
    }

    private String rows(int dim, long offset, String indent, int lineWidth) {
        String separator = "\n".repeat(values.rank() - dim - 1) + indent;
        StringBuilder out = new StringBuilder();
        for (long i = 0; i < values.shown(dim); i++) {
            if (i > 0) out.append(separator);
            if (values.cut(dim) && i == EDGE) out.append("...").append(separator);
            out.append(block(dim + 1, offset + values.displacement(dim, i), indent + " ", lineWidth - 1));
        }
        return out.toString();
    }

    private String row(int dim, long offset, String indent, int lineWidth) {
        Line line = new Line(indent, lineWidth - 1);
        for (long i = 0; i < values.shown(dim); i++) {
            if (values.cut(dim) && i == EDGE) line.add("...");
            line.add(element.apply(offset + values.displacement(dim, i)));
        }
        return line.finish();
    }

    /** Wraps words to a line width; a longer word gets a line of its own. */
    private static final class Line {
        private final String indent;
        private final int width;
        private final StringBuilder done = new StringBuilder();
        private final StringBuilder line;

        Line(String indent, int width) {
            this.indent = indent;
            this.width = width;
            this.line = new StringBuilder(indent);
        }

        void add(String word) {
            if (line.length() > indent.length()) {
                line.append(' ');
                if (line.length() + word.length() > width) {
                    done.append(line.toString().stripTrailing()).append('\n');
                    line.setLength(0);
                    line.append(indent);
                }
            }
            line.append(word);
        }

        String finish() {
            return done.append(line).substring(indent.length());
        }
    }
}
