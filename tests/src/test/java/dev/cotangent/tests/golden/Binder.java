package dev.cotangent.tests.golden;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.TensorOptions;
import dev.cotangent.Tensors;
import dev.cotangent.fft.Fft;
import dev.cotangent.linalg.Linalg;
import dev.cotangent.signal.Windows;
import dev.cotangent.special.Special;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the public method that a call of PyTorch's means, by name, and binds the arguments by position, name and type:
 * a method of Tensor whose receiver is the first argument, or a static one of Tensors.
 */
final class Binder {
    private static final int MISSING = 10;

    private record Bound(
            Method method,
            @Nullable Object receiver,
            @Nullable Object[] args,
            int cost) {}

    private final Device device;
    private final Map<String, List<Method>> ofTensor = index(Tensor.class, false);
    private final Map<String, List<Method>> statics = index(Tensors.class, true);

    /** PyTorch's modules, and the classes of static methods that are their like. */
    private static final Map<String, Class<?>> MODULES = Map.of(
            "fft", Fft.class,
            "linalg", Linalg.class,
            "signal_windows", Windows.class,
            "special", Special.class);

    /** Calls on a device: PyTorch's {@code cpu} in arguments means that one. */
    Binder(Device device) {
        this.device = device;
        MODULES.forEach((module, owner) ->
                index(owner, true).forEach((name, methods) -> statics.put(Names.plain(module + name), methods)));
    }

    private static Map<String, List<Method>> index(Class<?> owner, boolean isStatic) {
        Map<String, List<Method>> out = new HashMap<>();
        for (Method m : owner.getMethods()) {
            if (m.isBridge() || m.getDeclaringClass() == Object.class) continue;
            if (Modifier.isStatic(m.getModifiers()) != isStatic) continue;
            // Methods of Tensor come from package-private interfaces.
            m.setAccessible(true);
            out.computeIfAbsent(m.getName(), k -> new ArrayList<>()).add(m);
            if (m.getName().length() > 2) {
                out.computeIfAbsent(Names.plain(m.getName()), k -> new ArrayList<>())
                        .add(m);
            }
        }
        return out;
    }

    /** Whether there is a method of such a name. */
    boolean knows(String method) {
        return !methods(ofTensor, method).isEmpty() || !methods(statics, method).isEmpty();
    }

    /** Returns how a method of such a name is called: of a tensor {@code x}, or of a class; null if there is none. */
    @Nullable
    String shown(List<String> names) {
        for (String name : names) {
            List<Method> found = methods(ofTensor, name);
            if (!found.isEmpty()) return "x." + found.getFirst().getName();
            found = methods(statics, name);
            if (!found.isEmpty()) {
                Class<?> owner = found.getFirst().getDeclaringClass();
                String type = MODULES.containsValue(owner) ? owner.getSimpleName() : "Tensors";
                return type + "." + found.getFirst().getName();
            }
        }
        return null;
    }

    private static List<Method> methods(Map<String, List<Method>> all, String name) {
        List<Method> exact = all.get(name);
        return exact != null ? exact : all.getOrDefault(Names.plain(name), List.of());
    }

    /** Calls the best method of the names; {@link NotOffered} where none takes these arguments. */
    @Nullable
    Object call(List<String> names, List<?> args, Map<String, ?> kwargs) {
        Bound best = null;
        for (String name : names) {
            if (!args.isEmpty() && args.getFirst() instanceof Tensor self) {
                for (Method m : methods(ofTensor, name))
                    best = cheaper(best, bind(m, self, args.subList(1, args.size()), kwargs));
            }
            for (Method m : methods(statics, name)) best = cheaper(best, bind(m, null, args, kwargs));
            if (best != null) return invoke(best);
        }
        String known = names.stream().filter(this::knows).findFirst().orElse(null);
        throw new NotOffered(
                known == null
                        ? "no method " + names.getFirst()
                        : "no " + known + " takes (" + Arg.kinds(args) + "; " + named(kwargs) + ")");
    }

    private static String named(Map<String, ?> kwargs) {
        return String.join(
                ", ",
                kwargs.entrySet().stream()
                        .map(e -> e.getKey() + "=" + Arg.kind(e.getValue()))
                        .toList());
    }

    private static @Nullable Bound cheaper(@Nullable Bound a, @Nullable Bound b) {
        return a == null || b != null && b.cost < a.cost ? b : a;
    }

    private static @Nullable Object invoke(Bound call) {
        try {
            return call.method.invoke(call.receiver, call.args);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable Bound bind(Method m, @Nullable Tensor self, List<?> args, Map<String, ?> kwargs) {
        Parameter[] parameters = m.getParameters();
        @Nullable Object[] values = new Object[parameters.length];
        boolean[] given = new boolean[parameters.length];
        int cost = 0;
        int next = 0;
        TensorOptions options = TensorOptions.defaults();
        int optional = options(parameters);
        MoreOptions others = MoreOptions.of(parameters, device);
        for (int i = 0; i < args.size(); i++) {
            // Options that come before sizes are keywords in Python.
            if (next == optional && optional < parameters.length - 1) next++;
            if (others != null && next == others.parameter()) {
                if (!others.next(args.get(i))) return null;
                // A parameter of the method itself takes a positional argument more directly.
                cost += 2;
                continue;
            }
            if (next == parameters.length) return null;
            int count = run(parameters[next], next == parameters.length - 1, args, i);
            Object value = count == 0 ? args.get(i) : new ArrayList<@Nullable Object>(args.subList(i, i + count));
            Conversion.Converted c = convert(parameters[next], value);
            if (c == null) return null;
            cost += c.cost();
            values[next] = c.value();
            given[next++] = true;
            i += Math.max(count - 1, 0);
        }
        for (Map.Entry<String, ?> e : kwargs.entrySet()) {
            if (optional >= 0 && !given[optional]) {
                TensorOptions more = Conversion.option(options, e.getKey(), e.getValue(), device);
                if (more != null) {
                    options = more;
                    continue;
                }
            }
            int p = find(parameters, given, e.getKey());
            if (p < 0 && others != null && others.set(e.getKey(), e.getValue())) continue;
            if (p < 0) {
                if (!goesWithoutSaying(m, e.getKey(), e.getValue())) return null;
                continue;
            }
            Conversion.Converted c = convert(parameters[p], e.getValue());
            // None stands for the default.
            if (c == null && e.getValue() == null) continue;
            if (c == null) return null;
            cost += c.cost();
            values[p] = c.value();
            given[p] = true;
        }
        for (int p = 0; p < parameters.length; p++) {
            if (given[p]) continue;
            if (p == optional) {
                values[p] = options.device(options.deviceOr(device));
                cost += MISSING;
                continue;
            }
            if (others != null && p == others.parameter()) {
                values[p] = others.value();
                cost += 1;
                continue;
            }
            Conversion.Converted c = missing(m, parameters[p]);
            if (c == null) return null;
            cost += MISSING + c.cost();
            values[p] = c.value();
        }
        return new Bound(m, self, values, cost);
    }

    /** Which parameter takes a tensor's options; -1 where there is none. */
    private static int options(Parameter[] parameters) {
        for (int p = 0; p < parameters.length; p++) if (parameters[p].getType() == TensorOptions.class) return p;
        return -1;
    }

    /** How many arguments in a row belong to a parameter that takes many: 0 where it does not, or the next is none. */
    private int run(Parameter p, boolean last, List<?> args, int from) {
        Type element = Conversion.elementType(p.getParameterizedType());
        if (element == null) return 0;
        Class<?> c = Conversion.raw(element);
        if (c == Object.class || c.isPrimitive() && !(last && p.isVarArgs())) return 0;
        int n = 0;
        while (from + n < args.size() && belongs(element, args.get(from + n))) n++;
        return n;
    }

    private boolean belongs(Type element, @Nullable Object arg) {
        return !(arg instanceof Boolean) && Conversion.to(element, false, arg, device) != null;
    }

    private static int find(Parameter[] parameters, boolean[] given, String name) {
        String wanted = Names.parameter(name);
        for (int p = 0; p < parameters.length; p++) {
            if (!given[p] && Names.parameter(parameters[p].getName()).equals(wanted)) return p;
        }
        return -1;
    }

    private Conversion.@Nullable Converted convert(Parameter p, @Nullable Object arg) {
        return Conversion.to(p.getParameterizedType(), nullable(p), arg, device);
    }

    private static boolean nullable(Parameter p) {
        return p.getAnnotatedType().isAnnotationPresent(Nullable.class) || p.isAnnotationPresent(Nullable.class);
    }

    private Conversion.@Nullable Converted missing(Method m, Parameter p) {
        if (nullable(p)) return new Conversion.Converted(null, 0);
        Object value = Defaults.of(m.getName(), p.getName());
        if (value != null) {
            Conversion.Converted c = convert(p, value);
            if (c != null) return c;
        }
        boolean dims =
                p.getType() == int[].class && Names.parameter(p.getName()).equals("dim");
        if (p.isVarArgs() || dims) return convert(p, List.of());
        if (p.getType() == boolean.class) return new Conversion.Converted(false, 0);
        return p.getType() == Device.class ? new Conversion.Converted(device, 0) : null;
    }

    /** Whether an argument for which a method has no parameter says only what is so anyway. */
    private static boolean goesWithoutSaying(Method m, String name, @Nullable Object value) {
        Object byDefault = Defaults.of(m.getName(), name);
        return switch (value) {
            case null -> true;
            case Boolean b -> b.equals(byDefault == null ? Boolean.FALSE : byDefault);
            case Arg.Named n ->
                List.of("contiguous_format", "preserve_format", "torch.strided", "cpu")
                        .contains(n.name());
            case String s when name.equals("device") -> s.equals("cpu");
            default -> value.equals(byDefault);
        };
    }
}
