package dev.cotangent.tests.golden;

import dev.cotangent.Device;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** A parameter of immutable options, a record with PyTorch's parameters in their order and a method {@code defaults()}. */
final class MoreOptions {
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

    /** Returns the options among parameters, of which PyTorch's {@code cpu} means a device; null if there are none. */
    static @Nullable MoreOptions of(Parameter[] parameters, Device device) {
        for (int p = 0; p < parameters.length; p++) {
            Class<?> type = parameters[p].getType();
            if (!type.isRecord() || !type.getSimpleName().endsWith("Options")) continue;
            try {
                Method defaults = type.getMethod("defaults");
                if (Modifier.isStatic(defaults.getModifiers()))
                    return new MoreOptions(p, defaults.invoke(null), device);
            } catch (ReflectiveOperationException e) {
                // Others are made by functions of their own.
            }
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
