package dev.cotangent.backend;

import dev.cotangent.Dtype;
import dev.cotangent.program.Expr;
import dev.cotangent.program.Exprs;
import dev.cotangent.program.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A deferred result and all the deferred ones that it reads, joined to one program over memory. */
final class Fused {
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

    private final List<Deferred> nodes = new ArrayList<>();
    private final List<@Nullable Storage> targets = new ArrayList<>();
    private final List<Strided> leaves = new ArrayList<>();
    private final List<int[]> wires = new ArrayList<>();

    private Fused() {}

    /**
     * Joined as things are now: the caller holds the monitors, or asks for sizes alone.
     *
     * @param root what is computed last
     * @param target where it goes, or null for elsewhere
     */
    static Fused of(Deferred root, @Nullable Storage target) {
        Fused f = new Fused();
        f.visit(root, target);
        return f;
    }

    private int visit(Deferred d, @Nullable Storage target) {
        int known = nodes.indexOf(d);
        if (known >= 0) return known;
        int[] codes = new int[d.ins.length];
        for (int i = 0; i < codes.length; i++) {
            Deferred inner = d.absorbed(i);
            codes[i] = inner != null ? visit(inner, d.ins[i].storage()) : -1 - leaf(d.ins[i]);
        }
        nodes.add(d);
        targets.add(target);
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
        for (Deferred d : nodes) sum += d.program.work();
        return sum;
    }

    int leaves() {
        return leaves.size();
    }

    Strided[] ins() {
        return leaves.toArray(Strided[]::new);
    }

    long[] scalars() {
        int n = 0;
        for (Deferred d : nodes) n += d.scalars.length;
        long[] all = new long[n];
        n = 0;
        for (Deferred d : nodes) {
            System.arraycopy(d.scalars, 0, all, n, d.scalars.length);
            n += d.scalars.length;
        }
        return all;
    }

    /** The root's results, and after them those of some of the others, by number. */
    Program program(int... others) {
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
        Wiring wiring = new Wiring(programs, all, others);
        Program known = KNOWN.get(wiring);
        if (known != null) return known;
        if (KNOWN.size() > PROGRAMS) KNOWN.clear();
        return KNOWN.computeIfAbsent(wiring, Fused::join);
    }

    private static Program join(Wiring w) {
        Exprs e = new Exprs();
        Expr[] values = new Expr[w.programs.length];
        Map<Integer, Dtype> inputs = new TreeMap<>();
        List<Dtype> scalars = new ArrayList<>();
        List<Expr> results = new ArrayList<>();
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
            results.clear();
            for (Expr out : p.outputs()) {
                results.add(e.copy(
                        out,
                        leaf -> leaf.kind() == Expr.Kind.INPUT
                                ? in[leaf.index()]
                                : e.scalar(first + leaf.index(), leaf.dtype()),
                        made));
            }
            values[i] = results.getFirst();
        }
        for (int k : w.outs) results.add(values[k]);
        return new Program(List.copyOf(inputs.values()), scalars, results);
    }

    /**
     * Computes the root into its target, and in the same pass what is kept and costs more to compute again; what was
     * filled.
     */
    Storage[] evaluate() {
        int root = nodes.size() - 1;
        int[] others = new int[root];
        int n = 0;
        for (int i = 0; i < root; i++) if (Deferral.isWorthWriting(nodes.get(i))) others[n++] = i;
        others = Arrays.copyOf(others, n);
        Storage[] into = new Storage[n + 1];
        into[0] = targets.get(root);
        for (int i = 0; i < n; i++) into[i + 1] = targets.get(others[i]);
        Strided[] outs = new Strided[into.length];
        for (int i = 0; i < outs.length; i++) {
            Deferred d = nodes.get(i == 0 ? root : others[i - 1]);
            Storage fresh = into[i].backend().allocate(into[i].dtype(), into[i].size());
            outs[i] = new Strided(fresh, d.layout);
        }
        compute(outs, others);
        for (int i = 0; i < outs.length; i++) into[i].fill(outs[i].storage());
        return into;
    }

    /** Computes the root's results into memory. */
    void compute(Strided[] outs, int... others) {
        Deferred root = nodes.getLast();
        if (nodes.size() == 1) outs[0].backend().pointwise(root.program, outs, root.ins, root.scalars);
        else outs[0].backend().pointwise(program(others), outs, ins(), scalars());
    }
}
