package dev.cotangent.benchmarks.operators;

import dev.cotangent.Device;
import dev.cotangent.benchmarks.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The table of all public operations, with PyTorch's equivalents. */
public final class Operators {
    private Operators() {}

    /** Returns all rows. */
    public static List<Operator> all() {
        return Stream.of(
                        ArithmeticRows.rows(),
                        FunctionRows.rows(),
                        ComplexRows.rows(),
                        SpecialRows.rows(),
                        LogicRows.rows(),
                        ReductionRows.rows(),
                        StatisticsRows.rows(),
                        SortingRows.rows(),
                        IndexRows.rows(),
                        MovementRows.rows(),
                        ProductRows.rows(),
                        ConvolutionRows.rows(),
                        LinalgRows.rows(),
                        FourierRows.rows(),
                        LossRows.rows(),
                        WindowRows.rows(),
                        MaskedRows.rows(),
                        CreationRows.rows(),
                        InPlaceRows.rows(),
                        ViewRows.rows())
                .flatMap(rows -> rows)
                .toList();
    }

    /** Returns the cases: each row at each of its sizes, small ones first, forward and with backward. */
    public static List<Case> cases() {
        List<Operator> all = all();
        var operands = new Shared();
        List<Case> cases = new ArrayList<>();
        List<Integer> sizes = all.stream()
                .flatMap(o -> o.sizes().stream())
                .distinct()
                .sorted()
                .toList();
        for (int size : sizes) {
            for (Operator o : all) {
                if (o.sizes().contains(size)) cases.addAll(of(o, o.name() + "/" + size, "/forward", size, operands));
            }
        }
        return cases;
    }

    /** Returns operations at common sizes, for the default benchmark. */
    public static List<Case> common() {
        var operands = new Shared();
        return CommonRows.rows()
                .flatMap(o -> of(o, o.name(), "", o.sizes().getFirst(), operands).stream())
                .toList();
    }

    private static List<Case> of(Operator o, String name, String suffix, int size, Shared operands) {
        Case forward = of(o, name + suffix, size, false, operands);
        if (!o.differentiable()) return List.of(forward);
        return List.of(forward, of(o, name + "/backward", size, true, operands));
    }

    private static Case of(Operator o, String name, int size, boolean backward, Shared operands) {
        double bytes = 0;
        for (String operand : o.operands()) {
            bytes += Operands.bytes(operand, size) * (backward && Operands.requiresGrad(operand) ? 2 : 1);
        }
        // The operands of an outer product or of a constant are few, but not its results.
        bytes = Math.max(bytes, (double) Float.BYTES * size);
        return new Case(
                name,
                0,
                bytes,
                new Case.Peer(o.python(), o.compared()),
                device -> new OperatorWork(o, size, backward, operands.on(device)));
    }

    /** Operands that all operations of a size share. */
    private static final class Shared {
        private Operands operands = new Operands(Device.cpu());
        private Device device = Device.cpu();

        Operands on(Device requested) {
            if (!requested.equals(device)) {
                device = requested;
                operands = new Operands(requested);
            }
            return operands;
        }
    }
}
