package dev.cotangent.optim;

import dev.cotangent.CotangentException;
import dev.cotangent.ValueException;
import java.util.List;
import java.util.Map;

/** Steps several schedulers at once; PyTorch's {@code lr_scheduler.ChainedScheduler}. */
public final class ChainedScheduler extends LRScheduler {
    private final List<LRScheduler> schedulers;

    /** Creates a scheduler of schedulers that have the same optimiser. */
    public ChainedScheduler(List<LRScheduler> schedulers) {
        if (schedulers.isEmpty()) {
            throw new ValueException(
                    "ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.");
        }
        Optimizer optimizer = schedulers.getFirst().optimizer();
        for (int i = 0; i < schedulers.size(); i++) {
            LRScheduler s = schedulers.get(i);
            if (s instanceof ReduceLROnPlateau) {
                throw new ValueException(
                        "ChainedScheduler does not support `ReduceLROnPlateau` scheduler as it requires"
                                + " additional kwargs to be specified when calling `step`, but got one at index " + i
                                + " in the given schedulers sequence.");
            }
            if (s.optimizer() != optimizer) {
                throw new ValueException(
                        "ChainedScheduler expects all schedulers to belong to the same optimizer, but got"
                                + " scheduler " + s.getClass().getSimpleName() + " at index " + i
                                + " of another optimizer.");
            }
        }
        this.schedulers = List.copyOf(schedulers);
        super(optimizer, 0, false);
    }

    List<LRScheduler> schedulers() {
        return schedulers;
    }

    @Override
    void begin() {
        schedulers.forEach(LRScheduler::begin);
    }

    @Override
    public void step() {
        schedulers.forEach(LRScheduler::step);
        noteLastLr();
    }

    @Override
    protected double[] getLr() {
        return lrs();
    }

    @Override
    public Map<String, Object> stateDict() {
        Map<String, Object> all = super.stateDict();
        all.put("_schedulers", schedulers.stream().map(LRScheduler::stateDict).toList());
        return all;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void loadStateDict(Map<String, ?> saved) {
        if (!(saved.get("_schedulers") instanceof List<?> all) || all.size() != schedulers.size()) {
            throw new CotangentException("no state of ChainedScheduler with " + schedulers.size() + " schedulers");
        }
        super.loadStateDict(saved);
        for (int i = 0; i < schedulers.size(); i++) {
            schedulers.get(i).loadStateDict((Map<String, ?>) all.get(i));
        }
    }
}
