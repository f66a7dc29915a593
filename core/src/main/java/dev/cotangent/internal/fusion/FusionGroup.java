package dev.cotangent.internal.fusion;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.RecordFunction;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A deferred result and its fused producers, as one program over memory. */
final class FusionGroup {
    /** Size limit of the program cache: it is cleared when it grows beyond. */
    private static final int PROGRAMS = 4096;

    /** Number of operations that the profiler names. */
    private static final int NAMED = 8;

    /**
     * The key of a fused program: each program input is wired to an earlier program's number or, if negative, to a
     * leaf.
     */
    private record Wiring(Program[] programs, int[] wires, int[] outs) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Wiring w
                    && Arrays.equals(wires, w.wires)
                    && Arrays.equals(outs, w.outs)
                    && Arrays.equals(programs, w.programs);
        }

        @Override
        public int hashCode() {
            return (Arrays.hashCode(programs) * 31 + Arrays.hashCode(wires)) * 31 + Arrays.hashCode(outs);
        }
    }

    private static final ConcurrentHashMap<Wiring, Program> KNOWN = new ConcurrentHashMap<>();

    private final List<LazyExpression> nodes = new ArrayList<>();
    private final List<@Nullable Storage> targets = new ArrayList<>();
    /** Number of consumers of each node within the group. */
    private final List<Integer> consumers = new ArrayList<>();

    private final List<Strided> leaves = new ArrayList<>();
    private final List<int[]> wires = new ArrayList<>();

    private FusionGroup() {}

    /** Creates the group of an expression that no storage waits for; the caller holds the monitors. */
    static FusionGroup of(LazyExpression root) {
        FusionGroup f = new FusionGroup();
        f.visit(root, null);
        return f;
    }

    /**
     * Creates the group of deferred results of one shape that are computed in one pass; the caller holds the
     * monitors.
     */
    static FusionGroup of(List<Storage> results) {
        FusionGroup f = new FusionGroup();
        for (Storage s : results) {
            LazyExpression d = LazyExpression.of(s);
            if (d != null) f.visit(d, s);
        }
        return f;
    }

    private int visit(LazyExpression d, @Nullable Storage target) {
        int known = nodes.indexOf(d);
        if (known >= 0) return known;
        int[] codes = new int[d.ins.length];
        for (int i = 0; i < codes.length; i++) {
            LazyExpression inner = d.fusedProducer(i);
            codes[i] = inner != null ? visit(inner, d.ins[i].storage()) : -1 - leaf(d.ins[i]);
            if (inner != null && !d.repeats(i)) consumers.set(codes[i], consumers.get(codes[i]) + 1);
        }
        nodes.add(d);
        targets.add(target);
        consumers.add(0);
        wires.add(codes);
        return nodes.size() - 1;
    }

    private int leaf(Strided s) {
        for (int i = 0; i < leaves.size(); i++) {
            Strided known = leaves.get(i);
            if (known.storage() == s.storage()
                    && (known.layout() == s.layout() || known.layout().equals(s.layout()))) return i;
        }
        leaves.add(s);
        return leaves.size() - 1;
    }

    int steps() {
        int sum = 0;
        for (LazyExpression d : nodes) sum += d.program.work();
        return sum;
    }

    int leaves() {
        return leaves.size();
    }

    private Strided[] ins() {
        return leaves.toArray(Strided[]::new);
    }

    private long[] scalars() {
        int n = 0;
        for (LazyExpression d : nodes) n += d.scalars.length;
        long[] all = new long[n];
        n = 0;
        for (LazyExpression d : nodes) {
            System.arraycopy(d.scalars, 0, all, n, d.scalars.length);
            n += d.scalars.length;
        }
        return all;
    }

    /** Returns one program that computes the results of some of the nodes, given by number. */
    private Program program(int... outs) {
        Program[] programs = new Program[nodes.size()];
        int inputs = 0;
        for (int i = 0; i < programs.length; i++) {
            programs[i] = nodes.get(i).program;
            inputs += wires.get(i).length;
        }
        int[] all = new int[inputs];
        inputs = 0;
        for (int[] codes : wires) {
            System.arraycopy(codes, 0, all, inputs, codes.length);
            inputs += codes.length;
        }
        Wiring wiring = new Wiring(programs, all, outs);
        Program known = KNOWN.get(wiring);
        if (known != null) return known;
        if (KNOWN.size() > PROGRAMS) KNOWN.clear();
        return KNOWN.computeIfAbsent(wiring, FusionGroup::fuse);
    }

    private static Program fuse(Wiring w) {
        Exprs e = new Exprs();
        Expr[] values = new Expr[w.programs.length];
        Map<Integer, Dtype> inputs = new TreeMap<>();
        List<Dtype> scalars = new ArrayList<>();
        int wire = 0;
        for (int i = 0; i < values.length; i++) {
            Program p = w.programs[i];
            Expr[] in = new Expr[p.inputs().size()];
            for (int k = 0; k < in.length; k++) {
                int code = w.wires[wire++];
                in[k] = code >= 0 ? values[code] : e.input(-1 - code, p.inputs().get(k));
                if (code < 0) inputs.put(-1 - code, p.inputs().get(k));
            }
            int first = scalars.size();
            scalars.addAll(p.scalars());
            Map<Expr, Expr> copies = new IdentityHashMap<>();
            values[i] = e.copy(
                    p.outputs().getFirst(),
                    leaf -> leaf.kind() == Expr.Kind.INPUT
                            ? in[leaf.index()]
                            : e.scalar(first + leaf.index(), leaf.dtype()),
                    copies);
        }
        List<Expr> results = new ArrayList<>();
        for (int k : w.outs) results.add(values[k]);
        return new Program(List.copyOf(inputs.values()), scalars, results);
    }

    /**
     * Returns whether a node's result is written to memory: it was asked for, or has several consumers and is not
     * cheap.
     */
    private boolean isMaterialized(int node, List<Storage> asked) {
        Storage target = targets.get(node);
        if (target == null) return false;
        return asked.contains(target) || FusionPolicy.hasSeveralConsumers(nodes.get(node), consumers.get(node));
    }

    /**
     * Computes results of one shape in one pass, with shared intermediate results; returns the storages that were
     * filled.
     */
    Storage[] evaluate(List<Storage> asked) {
        int[] outs = new int[nodes.size()];
        Strided[] into = new Strided[outs.length];
        int n = 0;
        for (int i = 0; i < outs.length; i++) {
            if (!isMaterialized(i, asked)) continue;
            Storage target = targets.get(i);
            Storage fresh = target.backend().allocateUnset(target.dtype(), target.size());
            into[n] = new Strided(fresh, nodes.get(i).layout);
            outs[n++] = i;
        }
        into = Arrays.copyOf(into, n);
        if (n > 0) computeRecorded(into, Arrays.copyOf(outs, n));
        Storage[] filled = new Storage[n];
        for (int i = 0; i < n; i++) {
            filled[i] = targets.get(outs[i]);
            filled[i].fill(into[i].storage());
        }
        return filled;
    }

    /** Computes the last node, which belongs to no storage, into memory. */
    void compute(Strided out) {
        computeRecorded(new Strided[] {out}, nodes.size() - 1);
    }

    private void computeRecorded(Strided[] into, int... outs) {
        int range = startRange();
        try {
            compute(into, outs);
        } finally {
            RecordFunction.end(range);
        }
    }

    /** Starts the profiler's range of the group, which names its operations. */
    private int startRange() {
        return RecordFunction.isActive() ? startRange(nodes) : 0;
    }

    /** Starts the profiler's range of deferred expressions, named after the last scalar operation of each. */
    static int startRange(List<LazyExpression> nodes) {
        StringBuilder name = new StringBuilder("fused::");
        for (int i = 0; i < nodes.size() && i < NAMED; i++) {
            if (i > 0) name.append('_');
            name.append(nameOf(nodes.get(i).program.outputs().getFirst()));
        }
        if (nodes.size() > NAMED)
            name.append("_and_").append(nodes.size() - NAMED).append("_more");
        return RecordFunction.startRange(RecordFunction.Kind.FUSED, name.toString(), -1);
    }

    private static String nameOf(Expr result) {
        Expr e = result;
        while (e.kind() == Expr.Kind.CAST) e = e.arg(0);
        if (e.kind() == Expr.Kind.CALL) return e.op().name().toLowerCase(Locale.ROOT);
        return e == result ? "copy" : "to";
    }

    private void compute(Strided[] into, int... outs) {
        if (nodes.size() == 1) {
            LazyExpression only = nodes.getFirst();
            into[0].backend().pointwise(only.program, into, only.ins, only.scalars);
        } else {
            into[0].backend().pointwise(program(outs), into, ins(), scalars());
        }
    }

    /** Reduces the last node's values over some dimensions. */
    void reduce(Reduction kind, Strided out) {
        int range = startRange();
        try {
            out.backend().reduce(kind, program(nodes.size() - 1), out, ins(), scalars());
        } finally {
            RecordFunction.end(range);
        }
    }
}
