package dev.cotangent.optim;

import dev.cotangent.CotangentException;
import dev.cotangent.ValueException;
import java.util.List;
import java.util.Map;

/** Uses one scheduler after the other, changing at milestones; PyTorch's {@code lr_scheduler.SequentialLR}. */
public final class SequentialLR extends LRScheduler {
    private final List<LRScheduler> schedulers;
    private final List<Integer> milestones;

    /**
     * Creates a scheduler.
     *
     * @param schedulers schedulers of that optimiser
     * @param milestones the epochs at which the second and later ones begin
     */
    public SequentialLR(Optimizer optimizer, List<LRScheduler> schedulers, List<Integer> milestones) {
        if (schedulers.isEmpty()) {
            throw new ValueException("SequentialLR expects at least one scheduler, but got no scheduler.");
        }
        for (int i = 0; i < schedulers.size(); i++) {
            LRScheduler s = schedulers.get(i);
            if (s instanceof ReduceLROnPlateau) {
                throw new ValueException("SequentialLR does not support `ReduceLROnPlateau` scheduler as it requires"
                        + " additional kwargs to be specified when calling `step`, but got one at index " + i
                        + " in the given schedulers sequence.");
            }
            if (s.optimizer() != optimizer) {
                throw new ValueException("SequentialLR expects all schedulers to belong to the same optimizer, but got"
                        + " scheduler " + s.getClass().getSimpleName() + " at index " + i
                        + " of another optimizer.");
            }
        }
        if (milestones.size() != schedulers.size() - 1) {
            throw new ValueException(
                    "Sequential Schedulers expects number of schedulers provided to be one more than the"
                            + " number of milestone points, but got number of schedulers " + schedulers.size()
                            + " and the number of milestones to be equal to " + milestones.size());
        }
        this.schedulers = List.copyOf(schedulers);
        this.milestones = List.copyOf(milestones);
        super(optimizer, 0, false);
        for (ParamGroup g : optimizer.paramGroups()) g.setLr(g.number(INITIAL_LR));
        undo(this);
        this.schedulers.getFirst().begin();
        noteLastLr();
    }

    /** Takes back the first step that schedulers made when they were made. */
    private static void undo(LRScheduler scheduler) {
        switch (scheduler) {
            case SequentialLR s -> s.schedulers.forEach(SequentialLR::undo);
            case ChainedScheduler c -> c.schedulers().forEach(SequentialLR::undo);
            default -> scheduler.setLastEpoch(scheduler.lastEpoch() - 1);
        }
    }

    @Override
    void begin() {
        schedulers.getFirst().begin();
    }

    @Override
    public void step() {
        int epoch = lastEpoch() + 1;
        setLastEpoch(epoch);
        int index = (int) milestones.stream().filter(m -> m <= epoch).count();
        LRScheduler now = schedulers.get(index);
        if (index > 0 && milestones.get(index - 1) == epoch) now.jump(0);
        else now.step();
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
            throw new CotangentException("no state of SequentialLR with " + schedulers.size() + " schedulers");
        }
        super.loadStateDict(saved);
        for (int i = 0; i < schedulers.size(); i++) {
            schedulers.get(i).loadStateDict((Map<String, ?>) all.get(i));
        }
    }
}
