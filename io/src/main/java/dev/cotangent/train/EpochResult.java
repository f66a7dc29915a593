package dev.cotangent.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an epoch ended with.
 *
 * @param epoch how many epochs are done
 * @param step how many steps of the optimiser are done
 * @param metrics by name: {@code loss}, the mean over the epoch's batches; {@code lr}, the learning rate of its last step;
 *     {@code seconds}, the time it took, evaluation included; and the metrics of the evaluation after {@code val_}
 */
public record EpochResult(int epoch, long step, Map<String, Double> metrics) {
    /** Copies the metrics. */
    public EpochResult {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /** Returns a metric. Throws if the epoch has none of that name. */
    public double metric(String name) {
        Double value = metrics.get(name);
        if (value == null)
            throw new IllegalArgumentException("there is no metric \"" + name + "\" in " + metrics.keySet());
        return value;
    }

    /** Returns the mean of the training loss. */
    public double loss() {
        return metric("loss");
    }
}
