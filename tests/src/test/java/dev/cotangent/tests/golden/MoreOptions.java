package dev.cotangent.tests.golden;

import static java.util.Map.entry;

import dev.cotangent.AttentionOptions;
import dev.cotangent.ConvOptions;
import dev.cotangent.ConvTransposeOptions;
import dev.cotangent.CovarianceOptions;
import dev.cotangent.CtcOptions;
import dev.cotangent.Device;
import dev.cotangent.FractionalPoolOptions;
import dev.cotangent.GradientOptions;
import dev.cotangent.GridSampleOptions;
import dev.cotangent.HistogramOptions;
import dev.cotangent.InterpolateOptions;
import dev.cotangent.IstftOptions;
import dev.cotangent.PoolOptions;
import dev.cotangent.StftOptions;
import dev.cotangent.Tensors;
import dev.cotangent.UnfoldOptions;
import dev.cotangent.fft.Fft;
import dev.cotangent.fft.FftOptions;
import dev.cotangent.fft.FftnOptions;
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

/** A parameter of immutable options; a record has PyTorch's parameters in their order. */
final class MoreOptions {
    private static final Map<Class<?>, Object> DEFAULTS = Map.ofEntries(
            entry(AttentionOptions.class, Tensors.attentionOptions()),
            entry(ConvOptions.class, Tensors.convOptions()),
            entry(ConvTransposeOptions.class, Tensors.convTransposeOptions()),
            entry(CovarianceOptions.class, Tensors.covarianceOptions()),
            entry(CtcOptions.class, Tensors.ctcOptions()),
            entry(FractionalPoolOptions.class, Tensors.fractionalPoolOptions()),
            entry(GradientOptions.class, Tensors.gradientOptions()),
            entry(GridSampleOptions.class, Tensors.gridSampleOptions()),
            entry(HistogramOptions.class, Tensors.histogramOptions()),
            entry(InterpolateOptions.class, Tensors.interpolateOptions()),
            entry(LstsqOptions.class, Linalg.lstsqOptions()),
            entry(NormOptions.class, Linalg.normOptions()),
            entry(PoolOptions.class, Tensors.poolOptions()),
            entry(ToleranceOptions.class, Linalg.toleranceOptions()),
            entry(StftOptions.class, Tensors.stftOptions()),
            entry(IstftOptions.class, Tensors.istftOptions()),
            entry(FftOptions.class, Fft.fftOptions()),
            entry(FftnOptions.class, Fft.fftnOptions()),
            entry(UnfoldOptions.class, Tensors.unfoldOptions()),
            entry(WindowOptions.class, Windows.options()));

    private final int parameter;
    private final RecordComponent[] components;
    private final Device device;
    private Object value;
    private int next;

    private MoreOptions(int parameter, Object value, Device device) {
        this.parameter = parameter;
        RecordComponent[] all = value.getClass().getRecordComponents();
        this.components = all == null ? new RecordComponent[0] : all;
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
        // What is no component may be set all the same, such as a part of one.
        String known = name;
        for (RecordComponent c : components) {
            if (Names.parameter(c.getName()).equals(Names.parameter(name))) known = c.getName();
        }
        if (arg == null) return !known.equals(name) || isComponent(name);
        try {
            Object named = name.equals("device") && arg.equals("cpu") ? device : arg;
            value = OptionCalls.with(value, Collections.singletonMap(known, named));
            return true;
        } catch (NotOffered e) {
            return false;
        }
    }

    private boolean isComponent(String name) {
        for (RecordComponent c : components) if (c.getName().equals(name)) return true;
        return false;
    }
}
