package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.Arguments;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The layers of a module, in the order in which they ran: what they return, their parameters, and the multiply-adds of linear
 * layers and convolutions. Layers are modules without parts; one that is called twice has two rows, and its parameters in the
 * first.
 *
 * <pre>{@code
 * IO.println(ModuleSummary.of(model, Tensors.zeros(1, 3, 224, 224)));
 * }</pre>
 *
 * @param name the model's class
 * @param rows the layers
 * @param parameters the number of elements of all parameters, also of those that no layer has
 * @param trainableParameters the number of those that require a gradient
 */
public record ModuleSummary(String name, List<Row> rows, long parameters, long trainableParameters) {
    /**
     * A layer.
     *
     * @param name its name in the model
     * @param type its class
     * @param outputShape the shape of what it returned
     * @param parameters the number of elements of its own parameters
     * @param multiplyAdds the number of multiply-adds of a linear layer or a convolution, 0 of others
     * @param outputBytes the memory of what it returned
     */
    public record Row(
            String name, String type, String outputShape, long parameters, long multiplyAdds, long outputBytes) {}

    /** Copies the rows. */
    public ModuleSummary {
        rows = List.copyOf(rows);
    }

    /**
     * Runs a model on one to three inputs, in evaluation mode and without gradients, and lists its layers. Modules whose results
     * are more than a tensor, such as an LSTM's, count to {@link #parameters} only.
     */
    public static ModuleSummary of(Module model, Tensor... inputs) {
        Arguments.notNull("ModuleSummary", "model", model);
        Arguments.noNulls("ModuleSummary", "inputs", inputs);
        List<Row> rows = new ArrayList<>();
        List<Runnable> hooks = new ArrayList<>();
        Set<Tensor> counted = Collections.newSetFromMap(new IdentityHashMap<>());
        model.namedModules().forEach((name, module) -> {
            if (!module.children().isEmpty()) return;
            hooks.add(module.registerForwardHook((m, in, out) -> {
                rows.add(row(name, m, in, out, counted));
                return null;
            }));
        });
        boolean training = model.isTraining();
        model.eval();
        try (var _ = Autograd.noGrad()) {
            switch (inputs.length) {
                case 1 -> model.call(inputs[0]);
                case 2 -> model.call(inputs[0], inputs[1]);
                case 3 -> model.call(inputs[0], inputs[1], inputs[2]);
                default -> throw new ValueException("a module has 1 to 3 inputs, but got " + inputs.length);
            }
        } finally {
            hooks.forEach(Runnable::run);
            model.train(training);
        }
        long all = 0;
        long trainable = 0;
        for (Tensor p : model.parameters()) {
            all += p.numel();
            if (p.requiresGrad()) trainable += p.numel();
        }
        return new ModuleSummary(model.name(), rows, all, trainable);
    }

    private static Row row(String name, Module module, Tensor[] in, Tensor out, Set<Tensor> counted) {
        long own = 0;
        for (Tensor p : module.parameters()) if (counted.add(p)) own += p.numel();
        return new Row(
                name,
                module.name(),
                out.shape().toString().replace("torch.Size", "").replaceAll("[()]", ""),
                own,
                multiplyAdds(module, in, out),
                out.numel() * out.dtype().bytes());
    }

    private static long multiplyAdds(Module module, Tensor[] in, Tensor out) {
        return switch (module) {
            case Linear l -> out.numel() * l.weight().size(1);
            // A weight is [out, in / groups, kernel], transposed [in, out / groups, kernel].
            case ConvModule c -> out.numel() * (c.weight().numel() / c.weight().size(0));
            case ConvTransposeModule c ->
                in[0].numel() * (c.weight().numel() / c.weight().size(0));
            default -> 0;
        };
    }

    /** Returns the sum of the layers' multiply-adds. */
    public long multiplyAdds() {
        return rows.stream().mapToLong(Row::multiplyAdds).sum();
    }

    /** Returns the sum of the memory of what the layers returned, in bytes. */
    public long outputBytes() {
        return rows.stream().mapToLong(Row::outputBytes).sum();
    }

    /** Returns a table. */
    @Override
    public String toString() {
        List<String[]> cells = new ArrayList<>();
        cells.add(new String[] {"Layer", "Type", "Output", "Parameters", "Multiply-adds", "Output bytes"});
        for (Row r : rows) {
            cells.add(new String[] {
                r.name.isEmpty() ? name : r.name,
                r.type,
                r.outputShape,
                text(r.parameters),
                text(r.multiplyAdds),
                text(r.outputBytes)
            });
        }
        int columns = cells.getFirst().length;
        int[] widths = new int[columns];
        for (String[] row : cells) {
            for (int c = 0; c < columns; c++) widths[c] = Math.max(widths[c], row[c].length());
        }
        StringBuilder table = new StringBuilder();
        for (String[] row : cells) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String space = " ".repeat(widths[c] - row[c].length());
                // Numbers are aligned to the right.
                line.append(c < 3 ? row[c] + space : space + row[c]).append("  ");
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table + name + ": " + text(parameters) + " parameters, " + text(trainableParameters) + " trainable; "
                + text(multiplyAdds()) + " multiply-adds; " + text(outputBytes()) + " bytes of outputs";
    }

    private static String text(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
