package dev.cotangent.internal.fusion;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A deferred result and all the deferred ones that it reads, joined to one program over memory. */
final class FusionGroup {
    /** Above this many, programs are forgotten and made again when they are needed. */
    private static final int PROGRAMS = 4096;

    /** How programs are joined: for each of their inputs the number of a program before it, or, below 0, of a leaf. */
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
    /** How many of the others read a node. */
    private final List<Integer> reads = new ArrayList<>();

    private final List<Strided> leaves = new ArrayList<>();
    private final List<int[]> wires = new ArrayList<>();

    private FusionGroup() {}

    /** Of something computed elsewhere; joined as things are now: the caller holds the monitors. */
    static FusionGroup of(LazyExpression root) {
        FusionGroup f = new FusionGroup();
        f.visit(root, null);
        return f;
    }

    /** Of deferred results of one shape, which are to be computed together; the caller holds the monitors. */
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
            if (inner != null && !d.repeats(i)) reads.set(codes[i], reads.get(codes[i]) + 1);
        }
        nodes.add(d);
        targets.add(target);
        reads.add(0);
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

    /** One program that gives the results of some of the nodes, by number. */
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
            Map<Expr, Expr> made = new IdentityHashMap<>();
            values[i] = e.copy(
                    p.outputs().getFirst(),
                    leaf -> leaf.kind() == Expr.Kind.INPUT
                            ? in[leaf.index()]
                            : e.scalar(first + leaf.index(), leaf.dtype()),
                    made);
        }
        List<Expr> results = new ArrayList<>();
        for (int k : w.outs) results.add(values[k]);
        return new Program(List.copyOf(inputs.values()), scalars, results);
    }

    /** Whether a result is to be written when it is computed: it was asked for, or is read again and not cheap. */
    private boolean isMaterialized(int node, List<Storage> asked) {
        Storage target = targets.get(node);
        if (target == null) return false;
        return asked.contains(target) || FusionPolicy.hasSeveralConsumers(nodes.get(node), reads.get(node));
    }

    /** Computes results of one shape in one pass, and what else is better written on the way; what was filled. */
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
        if (n > 0) compute(into, Arrays.copyOf(outs, n));
        Storage[] filled = new Storage[n];
        for (int i = 0; i < n; i++) {
            filled[i] = targets.get(outs[i]);
            filled[i].fill(into[i].storage());
        }
        return filled;
    }

    /** Computes the last node, which is no storage's, into memory. */
    void compute(Strided out) {
        compute(new Strided[] {out}, nodes.size() - 1);
    }

    private void compute(Strided[] into, int... outs) {
        if (nodes.size() == 1) {
            LazyExpression only = nodes.getFirst();
            into[0].backend().pointwise(only.program, into, only.ins, only.scalars);
        } else {
            into[0].backend().pointwise(program(outs), into, ins(), scalars());
        }
    }

    /** Joins the last node's values over some dimensions. */
    void reduce(Reduction kind, Strided out) {
        out.backend().reduce(kind, program(nodes.size() - 1), out, ins(), scalars());
    }
}
