package dev.cotangent.tests.golden;

import static java.util.Map.entry;

import dev.cotangent.CovarianceOptions;
import dev.cotangent.Device;
import dev.cotangent.GradientOptions;
import dev.cotangent.HistogramOptions;
import dev.cotangent.Tensors;
import dev.cotangent.linalg.Linalg;
import dev.cotangent.linalg.LstsqOptions;
import dev.cotangent.linalg.NormOptions;
import dev.cotangent.linalg.ToleranceOptions;
import dev.cotangent.signal.WindowOptions;
import dev.cotangent.signal.Windows;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parameter of immutable options, a record with PyTorch's parameters in their order. */
final class MoreOptions {
    private static final Map<Class<?>, Object> DEFAULTS = Map.ofEntries(
            entry(CovarianceOptions.class, Tensors.covarianceOptions()),
            entry(GradientOptions.class, Tensors.gradientOptions()),
            entry(HistogramOptions.class, Tensors.histogramOptions()),
            entry(LstsqOptions.class, Linalg.lstsqOptions()),
            entry(NormOptions.class, Linalg.normOptions()),
            entry(ToleranceOptions.class, Linalg.toleranceOptions()),
            entry(WindowOptions.class, Windows.options()));

    private final int parameter;
    private final RecordComponent[] components;
    private final Device device;
    private Object value;
    private int next;

    private MoreOptions(int parameter, Object value, Device device) {
        this.parameter = parameter;
        this.components = value.getClass().getRecordComponents();
        this.value = value;
        this.device = device;
        set("device", "cpu");
    }

    /** Returns the options among parameters, or null if there are none; PyTorch's {@code cpu} means a device. */
    static @Nullable MoreOptions of(Parameter[] parameters, Device device) {
        for (int p = 0; p < parameters.length; p++) {
            Object defaults = DEFAULTS.get(parameters[p].getType());
            if (defaults != null) return new MoreOptions(p, defaults, device);
        }
        return null;
    }

    int parameter() {
        return parameter;
    }

    Object value() {
        return value;
    }

    /** Sets the next option in order; returns whether that takes this value. */
    boolean next(@Nullable Object arg) {
        return next < components.length && set(components[next++].getName(), arg);
    }

    /** Sets an option; returns whether there is one of that name that takes this value. None is the default. */
    boolean set(String name, @Nullable Object arg) {
        for (RecordComponent c : components) {
            if (!Names.parameter(c.getName()).equals(Names.parameter(name))) continue;
            if (arg == null) return true;
            try {
                Object named = name.equals("device") && arg.equals("cpu") ? device : arg;
                value = OptionCalls.with(value, Collections.singletonMap(c.getName(), named));
                return true;
            } catch (NotOffered e) {
                return false;
            }
        }
        return false;
    }
}
