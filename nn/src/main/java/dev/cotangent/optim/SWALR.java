package dev.cotangent.optim;

import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.Arrays;
import java.util.List;

/**
 * Brings the rates to those of stochastic weight averaging (Izmailov and others 2018) and keeps them there; PyTorch's {@code
 * torch.optim.swa_utils.SWALR}. {@link AveragedModel} averages the parameters meanwhile.
 */
public final class SWALR extends LRScheduler {
    private static final int ANNEAL_EPOCHS = 10;
    private static final String SWA_LR = "swa_lr";

    /** How the rates are brought there. */
    public enum AnnealStrategy {
        /** Along half a period of a cosine. */
        COS,
        /** Along a line. */
        LINEAR
    }

    private final int annealEpochs;
    private final AnnealStrategy annealStrategy;

    /** Creates a scheduler of 10 epochs, along a cosine. */
    public SWALR(Optimizer optimizer, double swaLr) {
        this(optimizer, swaLr, ANNEAL_EPOCHS, AnnealStrategy.COS);
    }

    /** Creates a scheduler. Throws if {@code annealEpochs} is negative. */
    public SWALR(Optimizer optimizer, double swaLr, int annealEpochs, AnnealStrategy annealStrategy) {
        this(optimizer, filled(optimizer, swaLr), annealEpochs, annealStrategy);
    }

    /** Creates a scheduler with a rate for each group. */
    public SWALR(Optimizer optimizer, double[] swaLrs, int annealEpochs, AnnealStrategy annealStrategy) {
        Arguments.notNull("SWALR", "optimizer", optimizer);
        List<ParamGroup> groups = optimizer.paramGroups();
        if (swaLrs.length != groups.size()) {
            throw new ValueException("swa_lr must have the same length as optimizer.param_groups. swa_lr has "
                    + swaLrs.length + " values, param_groups has " + groups.size() + ".");
        }
        if (annealEpochs < 0) {
            throw new ValueException("anneal_epochs must be equal or greater than 0, got " + annealEpochs);
        }
        this.annealStrategy = Arguments.notNull("SWALR", "anneal_strategy", annealStrategy);
        this.annealEpochs = annealEpochs;
        for (int i = 0; i < swaLrs.length; i++) groups.get(i).set(SWA_LR, swaLrs[i]);
        super(optimizer);
    }

    private static double[] filled(Optimizer optimizer, double value) {
        double[] all = new double
                [Arguments.notNull("SWALR", "optimizer", optimizer)
                        .paramGroups()
                        .size()];
        Arrays.fill(all, value);
        return all;
    }

    /** Returns the weight of the new rate after a number of epochs. */
    private double weight(int epochs) {
        double t = Math.clamp((double) epochs / Math.max(1, annealEpochs), 0, 1);
        return annealStrategy == AnnealStrategy.LINEAR ? t : (1 - Math.cos(Math.PI * t)) / 2;
    }

    @Override
    protected double[] getLr() {
        int step = annealEpochs == 0 ? Math.max(1, lastEpoch()) : lastEpoch();
        double before = weight(step - 1);
        double now = weight(step);
        List<ParamGroup> groups = optimizer().paramGroups();
        double[] rates = lrs();
        for (int i = 0; i < rates.length; i++) {
            double last = groups.get(i).number(SWA_LR);
            double first = before == 1 ? last : (rates[i] - before * last) / (1 - before);
            rates[i] = last * now + first * (1 - now);
        }
        return rates;
    }
}
