package dev.cotangent.internal.format;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.PrintOptions;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.AutogradMeta;
import dev.cotangent.internal.engine.GraphNode;
import dev.cotangent.internal.ops.Promotion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PyTorch's text of a tensor: {@code repr(tensor)} of PyTorch 2.13. */
public final class TensorText {
    private static final String PREFIX = "tensor(";

    private final PrintOptions options;
    private final Summarization values;
    private final NumberColumn column;
    /** Of the imaginary parts, whose offsets are those of the real ones; null of real numbers. */
    private final @Nullable NumberColumn imaginary;

    private TensorText(PrintOptions options, Summarization values, @Nullable Summarization imaginary) {
        this.options = options;
        this.values = values;
        this.column = new NumberColumn(values, options);
        this.imaginary = imaginary == null ? null : new NumberColumn(imaginary, options);
    }

    private static TensorText of(Strided values, boolean summarize, PrintOptions options) {
        Strided data = Transfers.resolved(values);
        int edge = options.edgeItems();
        if (!data.form().isComplex()) return new TensorText(options, Summarization.of(data, summarize, edge), null);
        return new TensorText(
                options,
                Summarization.of(data.part(0), summarize, edge),
                Summarization.of(data.part(1), summarize, edge));
    }

    /** Returns the text of a tensor with its history, under the {@linkplain PrintOptions#current() current options}. */
    public static String of(Tensor tensor) {
        String text = of(Internals.data(tensor), history(tensor), PrintOptions.current());
        AutogradMeta meta = Internals.meta(tensor);
        return meta != null && meta.isParameter() ? "Parameter containing:\n" + text : text;
    }

    private static List<String> history(Tensor tensor) {
        GraphNode gradFn;
        try {
            gradFn = Internals.gradFn(tensor);
        } catch (CotangentException e) {
            // A view whose in-offset write was not allowed.
            return List.of("grad_fn=<Invalid>");
        }
        if (gradFn != null) return List.of("grad_fn=<" + gradFn.shortName() + ">");
        return tensor.requiresGrad() ? List.of("requires_grad=True") : List.of();
    }

    /**
     * Returns the text of elements in memory. Only the elements shown are read.
     *
     * @param values the elements, of any dtype, layout and device
     * @param suffixes autograd's additions, such as {@code requires_grad=True} or {@code grad_fn=<MulBackward0>}
     * @param options print options
     */
    public static String of(Strided values, List<String> suffixes, PrintOptions options) {
        boolean empty = values.numel() == 0;
        boolean summarize = values.numel() > options.threshold();
        boolean hidden = summarize && options.edgeItems() == 0;

        List<String> all = new ArrayList<>();
        if (!values.device().isCpu()) all.add("device='" + values.device() + "'");
        long[] sizes = values.layout().sizes();
        if (hidden || empty && sizes.length != 1) all.add("size=" + tuple(sizes));
        if (!isDefault(values.dtype(), empty)) all.add("dtype=" + values.dtype());
        all.addAll(suffixes);

        String body =
                empty ? "[]" : hidden ? "[...]" : of(values, summarize, options).text();
        return join(PREFIX + body, all, options.lineWidth());
    }

    /** Returns whether the text omits the dtype; without elements, only the default dtype is omitted. */
    private static boolean isDefault(Dtype dtype, boolean empty) {
        Dtype usual = Promotion.defaultDtype();
        if (!empty && dtype == usual.complexType()) return true;
        return dtype == usual || !empty && (dtype == Dtype.INT64 || dtype == Dtype.BOOL);
    }

    /** Returns Python's text of a tuple. */
    static String tuple(long[] sizes) {
        String inner = Arrays.toString(sizes);
        return "(" + inner.substring(1, inner.length() - 1) + (sizes.length == 1 ? ",)" : ")");
    }

    private static String join(String text, List<String> suffixes, int lineWidth) {
        StringBuilder all = new StringBuilder(text);
        int line = text.length() - text.lastIndexOf('\n') + 1;
        for (String suffix : suffixes) {
            if (line + suffix.length() + 2 > lineWidth) {
                all.append(",\n").repeat(' ', PREFIX.length()).append(suffix);
                line = PREFIX.length() + suffix.length();
            } else {
                all.append(", ").append(suffix);
                line += suffix.length() + 2;
            }
        }
        return all.append(')').toString();
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        if (values.rank() == 0) number(out, values.start());
        else blocks(out);
        return out.toString();
    }

    /** Appends all rows within their brackets. Iterative: the rank may exceed the stack's depth. */
    private void blocks(StringBuilder out) {
        int last = values.rank() - 1;
        long[] next = new long[last + 1];
        long[] offset = new long[last + 1];
        offset[0] = values.start();
        for (int dim = 0; dim >= 0; ) {
            if (dim == last) {
                row(out, dim, offset[dim]);
                dim--;
                continue;
            }
            long i = next[dim]++;
            if (i == 0) out.append('[');
            if (i == values.shown(dim)) {
                out.append(']');
                next[dim] = 0;
                dim--;
                continue;
            }
            if (i > 0) {
                String separator = "," + "\n".repeat(values.rank() - dim - 1) + " ".repeat(PREFIX.length() + dim + 1);
                out.append(separator);
                if (values.cut(dim) && i == options.edgeItems())
                    out.append("...").append(separator);
            }
            offset[dim + 1] = offset[dim] + values.displacement(dim, i);
            dim++;
        }
    }

    private void row(StringBuilder out, int dim, long offset) {
        int indent = PREFIX.length() + dim;
        int perLine = Math.max(1, Math.floorDiv(options.lineWidth() - indent, width() + 2));
        String newLine = ",\n" + " ".repeat(indent + 1);
        int written = 0;
        out.append('[');
        for (long i = 0; i < values.shown(dim); i++) {
            if (values.cut(dim) && i == options.edgeItems()) {
                separate(out, written++, perLine, newLine).append(" ...");
            }
            number(separate(out, written++, perLine, newLine), offset + values.displacement(dim, i));
        }
        out.append(']');
    }

    private int width() {
        return imaginary == null ? column.width() : column.width() + imaginary.width() + 1;
    }

    /** Appends the element at an offset; an imaginary part with its sign and without the padding. */
    private void number(StringBuilder out, long offset) {
        column.append(out, offset);
        if (imaginary == null) return;
        StringBuilder part = new StringBuilder();
        imaginary.append(part, offset);
        String text = part.toString().stripLeading();
        out.append(text.startsWith("-") ? "" : "+").append(text).append('j');
    }

    private static StringBuilder separate(StringBuilder out, int written, int perLine, String newLine) {
        return written == 0 ? out : out.append(written % perLine == 0 ? newLine : ", ");
    }
}
