package dev.cotangent.train;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.LinkedHashMap;
import java.util.Map;

/** Weighted means by name, in the order in which the names first came. */
public final class Metrics {
    private static final class Mean {
        private double sum;
        private double weight;
    }

    private final Map<String, Mean> means = new LinkedHashMap<>();

    /** Creates an empty set of means. */
    public Metrics() {}

    /** Adds a value with weight 1. */
    public void add(String name, double value) {
        add(name, value, 1);
    }

    /** Adds a value, such as a mean over a batch with the batch's size. Throws if the weight is negative. */
    public void add(String name, double value, double weight) {
        if (!(weight >= 0)) throw new ValueException("a metric's weight must not be negative, but got " + weight);
        Mean mean = means.computeIfAbsent(Arguments.notNull("Metrics.add", "name", name), _ -> new Mean());
        mean.sum += value * weight;
        mean.weight += weight;
    }

    /** Adds the value of a tensor with one element. */
    public void add(String name, Tensor value, double weight) {
        add(name, Arguments.notNull("Metrics.add", "value", value).itemDouble(), weight);
    }

    /** Returns the means; NaN where all weights are 0. */
    public Map<String, Double> means() {
        Map<String, Double> out = new LinkedHashMap<>();
        means.forEach((name, m) -> out.put(name, m.sum / m.weight));
        return out;
    }
}
