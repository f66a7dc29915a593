package dev.cotangent.distributed;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import dev.cotangent.optim.Optimizer;
import dev.cotangent.optim.ParamGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer whose state is divided among the ranks: each steps its part of the parameters and sends them to the others.
 * Stage 1 of ZeRO (Rajbhandari et al., 2020), PyTorch's {@code ZeroRedundancyOptimizer}. Gradients have to be the same on
 * all ranks, as {@link DistributedDataParallel} leaves them.
 *
 * <pre>{@code
 * var optimizer = new ZeroRedundancyOptimizer(model.parameters(), group, p -> new AdamW(p, 1e-3));
 * }</pre>
 */
public final class ZeroRedundancyOptimizer extends Optimizer {
    private static final String RANK = "rank";
    private static final String WORLD_SIZE = "world_size";
    private static final String SHARD = "shard";

    private final ProcessGroup group;
    private final List<List<Tensor>> parts;
    /** Null on a rank without parameters. */
    private final @Nullable Optimizer own;

    /**
     * Creates an optimizer.
     *
     * @param params the parameters, in the same order on all ranks
     * @param optimizer creates the optimizer of a part of them
     */
    public ZeroRedundancyOptimizer(
            List<Tensor> params, ProcessGroup group, Function<List<Tensor>, Optimizer> optimizer) {
        Arguments.notNull("ZeroRedundancyOptimizer", "group", group);
        Arguments.notNull("ZeroRedundancyOptimizer", "optimizer", optimizer);
        List<List<Tensor>> divided =
                divided(Arguments.noNulls("ZeroRedundancyOptimizer", "params", params), group.worldSize());
        List<Tensor> mine = divided.get(group.rank());
        // A rank without a part needs the names of the options, too.
        Optimizer local = optimizer.apply(mine.isEmpty() ? params : mine);
        super(params, local.paramGroups().getFirst().options());
        this.group = group;
        parts = divided;
        own = mine.isEmpty() ? null : local;
    }

    /** Returns the parts of the ranks: the largest parameter that is left goes to the rank with the fewest elements. */
    private static List<List<Tensor>> divided(List<Tensor> params, int ranks) {
        List<List<Tensor>> parts = new ArrayList<>();
        long[] sizes = new long[ranks];
        for (int r = 0; r < ranks; r++) parts.add(new ArrayList<>());
        List<Tensor> sorted = new ArrayList<>(params);
        sorted.sort(Comparator.comparingLong(Tensor::numel).reversed());
        for (Tensor p : sorted) {
            int least = IntStream.range(0, ranks)
                    .boxed()
                    .min(Comparator.comparingLong(r -> sizes[r]))
                    .orElseThrow();
            parts.get(least).add(p);
            sizes[least] += p.numel();
        }
        return parts;
    }

    /** Returns the parameters that this rank steps. */
    public List<Tensor> ownParameters() {
        return List.copyOf(parts.get(group.rank()));
    }

    @Override
    protected void update(ParamGroup params) {
        if (own != null) {
            handOptions(own);
            own.step();
        }
        List<Work> all = new ArrayList<>();
        for (int r = 0; r < parts.size(); r++) {
            for (Tensor p : parts.get(r)) all.add(group.broadcastAsync(p, r));
        }
        all.forEach(Work::await);
    }

    /** Gives an optimizer of a part the options of this one, which schedulers change. */
    private void handOptions(Optimizer part) {
        for (ParamGroup g : part.paramGroups())
            paramGroups().getFirst().options().forEach(g::set);
    }

    /** Returns this rank's part of the state, to be saved in a file of each rank and loaded by as many ranks. */
    @Override
    public Map<String, Object> stateDict() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put(RANK, group.rank());
        state.put(WORLD_SIZE, group.worldSize());
        if (own != null) {
            handOptions(own);
            state.put(SHARD, own.stateDict());
        }
        return state;
    }

    /** Takes over the part of the state that this rank's {@link #stateDict} returned. */
    @Override
    public void loadStateDict(Map<String, ?> saved) {
        Object rank = saved.get(RANK);
        Object size = saved.get(WORLD_SIZE);
        if (!isNumber(rank, group.rank()) || !isNumber(size, group.worldSize())) {
            throw new ValueException("the state is that of rank " + rank + " of " + size + ", but this is rank "
                    + group.rank() + " of " + group.worldSize() + ": each rank loads what it saved");
        }
        if (own == null) return;
        if (!(saved.get(SHARD) instanceof Map<?, ?> shard))
            throw new ValueException("the state has no \"" + SHARD + '"');
        Map<String, Object> named = new LinkedHashMap<>();
        shard.forEach((name, value) -> named.put(String.valueOf(name), value));
        own.loadStateDict(named);
        own.paramGroups().getFirst().options().forEach(paramGroups().getFirst()::set);
    }

    private static boolean isNumber(@Nullable Object value, int expected) {
        return value instanceof Number n && n.intValue() == expected;
    }
}
