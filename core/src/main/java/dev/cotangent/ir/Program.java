package dev.cotangent.ir;

import dev.cotangent.Dtype;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A scalar program: computes outputs per element from one element of each input and from scalars shared by all
 * elements. Immutable; backends may cache their compiled form with the program as the (identity) key.
 *
 * <p>Scalars are passed as 64 bits each: of a floating-point scalar the bits of a double, else the integer.
 */
public final class Program {
    /** Steps of a program that is written out; the text grows with the paths through it, not with the steps. */
    private static final int SHOWN = 40;

    private final List<Dtype> inputs;
    private final List<Dtype> scalars;
    private final List<Expr> outputs;
    private final List<Expr> steps;
    private final Map<Expr, Integer> positions;
    private final int work;
    private final int cost;
    private final boolean raises;
    private volatile @Nullable Cached<?> cached;

    /**
     * A backend's key of its compiled programs; compared by identity.
     *
     * @param <T> the type of compiled programs
     */
    public static final class CacheKey<T> {
        private final Class<T> type;

        /** Creates a key for a class. */
        public CacheKey(Class<T> type) {
            this.type = type;
        }
    }

    private record Cached<T>(CacheKey<T> key, T value) {}

    /**
     * Creates a program from outputs of one {@link Exprs}.
     *
     * @param inputs the dtype of each input
     * @param scalars the dtype of each run-time scalar
     * @param outputs the results; each has its expression's dtype
     */
    public Program(List<Dtype> inputs, List<Dtype> scalars, List<Expr> outputs) {
        this.inputs = List.copyOf(inputs);
        this.scalars = List.copyOf(scalars);
        this.outputs = List.copyOf(outputs);
        List<Expr> order = new ArrayList<>();
        Map<Expr, Integer> at = new IdentityHashMap<>();
        for (Expr e : outputs) visit(e, order, at);
        this.steps = List.copyOf(order);
        this.positions = at;
        int calls = 0;
        int sum = 0;
        boolean may = false;
        for (Expr e : order) {
            if (e.kind() == Expr.Kind.CALL || e.kind() == Expr.Kind.CAST) calls++;
            if (e.kind() != Expr.Kind.CALL) continue;
            sum += e.op().cost();
            may |= !e.dtype().isDifferentiable()
                    && switch (e.op()) {
                        case DIV, FLOOR_DIV, REMAINDER, FMOD -> true;
                        default -> false;
                    };
        }
        work = calls;
        cost = sum;
        raises = may;
    }

    private static void visit(Expr e, List<Expr> order, Map<Expr, Integer> at) {
        if (at.containsKey(e)) return;
        for (int i = 0; i < e.arity(); i++) visit(e.arg(i), order, at);
        at.put(e, order.size());
        order.add(e);
    }

    /** Returns the identity program, for reductions without a prologue and the like. */
    public static Program identity(Dtype dtype) {
        return new Program(List.of(dtype), List.of(), List.of(new Exprs().input(0, dtype)));
    }

    /** Returns the dtypes of the inputs. */
    public List<Dtype> inputs() {
        return inputs;
    }

    /** Returns the dtypes of the scalars. */
    public List<Dtype> scalars() {
        return scalars;
    }

    /** Returns the results, one per output. */
    public List<Expr> outputs() {
        return outputs;
    }

    /** Returns all expressions in topological order, operands first. */
    public List<Expr> steps() {
        return steps;
    }

    /** Returns the position of an expression in {@link #steps}. */
    public int position(Expr e) {
        return positions.get(e);
    }

    /** Returns the cached compiled program if it was cached under this key, else null. */
    public <T> @Nullable T cached(CacheKey<T> key) {
        Cached<?> c = cached;
        return c != null && c.key == key ? key.type.cast(c.value) : null;
    }

    /** Caches a backend's compiled program, replacing the previous one. */
    public <T> void cache(CacheKey<T> key, T value) {
        cached = new Cached<>(key, value);
    }

    /** Returns the number of ops and conversions. */
    public int work() {
        return work;
    }

    /** Returns the total cost of the ops. */
    public int cost() {
        return cost;
    }

    /** Returns whether some data raise an error: the program divides integers. */
    public boolean mayRaise() {
        return raises;
    }

    /** Returns inputs, scalars and outputs, the latter as their number where there are many steps to write out. */
    @Override
    public String toString() {
        boolean isShort = steps.size() <= SHOWN;
        return inputs + " " + scalars + " -> " + (isShort ? outputs : steps.size() + " steps");
    }
}
