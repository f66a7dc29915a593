package dev.cotangent.tests.golden;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets options by PyTorch's names, through the methods of immutable options. */
final class OptionCalls {
    private OptionCalls() {}

    /** Returns options with all of these set; {@link NotOffered} where there is no method for one. */
    @SuppressWarnings("unchecked")
    static <O> O with(O options, Map<String, ? extends @Nullable Object> values) {
        Object all = options;
        for (Map.Entry<String, ? extends @Nullable Object> e : values.entrySet()) {
            all = set(all, e.getKey(), e.getValue());
        }
        return (O) all;
    }

    private static Object set(Object options, String name, @Nullable Object value) {
        List<@Nullable Object> items = Arg.items(value);
        List<?> args = items == null ? Arrays.asList(value) : items;
        for (Method m : options.getClass().getMethods()) {
            boolean many = m.getParameterCount() == 1 && m.getParameterTypes()[0] == long[].class;
            if (!many
                    || !plain(m.getName()).equals(plain(name))
                    || !args.stream().allMatch(a -> a instanceof Long)) {
                continue;
            }
            return invoke(m, options, new Object[] {
                args.stream().mapToLong(a -> a instanceof Long n ? n : 0).toArray()
            });
        }
        for (Method m : options.getClass().getMethods()) {
            if (items != null && plain(m.getName()).equals(plain(name)) && takesInts(m)) {
                return invoke(m, options, new Object[] {ints(items)});
            }
            if (m.getParameterCount() == 0) continue;
            if (!plain(m.getName()).equals(plain(name))) continue;
            if (m.isVarArgs()) {
                // A single value is a list of one only where there is no method for it.
                boolean list = items != null || !hasSingle(options, name);
                Object array = list ? array(args, m.getParameterTypes()[0].getComponentType()) : null;
                if (array != null) return invoke(m, options, new Object[] {array});
                continue;
            }
            if (m.getParameterCount() != args.size() || items != null && items.size() == 1) continue;
            @Nullable Object[] converted = new Object[args.size()];
            boolean fits = true;
            for (int i = 0; i < converted.length; i++) {
                converted[i] = convert(args.get(i), m.getParameterTypes()[i]);
                fits &= converted[i] != null || args.get(i) == null;
            }
            if (fits) return invoke(m, options, converted);
        }
        throw new NotOffered("no option " + name + " takes " + Arg.kind(value));
    }

    /** Returns the constant of a name, or null: then the method that takes the text raises PyTorch's error. */
    private static @Nullable Object constant(Class<?> type, String name) {
        for (Object c : type.getEnumConstants()) if (((Enum<?>) c).name().equalsIgnoreCase(name)) return c;
        return null;
    }

    private static boolean takesInts(Method m) {
        return m.getParameterCount() == 1 && m.getParameterTypes()[0] == int[].class;
    }

    private static int[] ints(List<@Nullable Object> items) {
        return items.stream()
                .mapToInt(i -> {
                    if (i instanceof Long n) return Math.toIntExact(n);
                    throw new NotOffered("no dimension is " + Arg.kind(i));
                })
                .toArray();
    }

    private static boolean hasSingle(Object options, String name) {
        for (Method m : options.getClass().getMethods()) {
            if (plain(m.getName()).equals(plain(name)) && m.getParameterCount() == 1 && !m.isVarArgs()) return true;
        }
        return false;
    }

    /** Returns all arguments as one array, or null where one is of another type. */
    private static @Nullable Object array(List<?> args, Class<?> element) {
        Object out = Array.newInstance(element, args.size());
        for (int i = 0; i < args.size(); i++) {
            Object item = convert(args.get(i), element);
            if (item == null) return null;
            Array.set(out, i, item);
        }
        return out;
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Returns a value as a parameter's type, or null where it is none. */
    private static @Nullable Object convert(@Nullable Object value, Class<?> type) {
        return switch (value) {
            case Number n when type == double.class || type == Double.class -> n.doubleValue();
            case Long n when type == int[].class -> new int[] {Math.toIntExact(n)};
            case Long n when type == int.class || type == Integer.class -> Math.toIntExact(n);
            case Long n when type == long.class || type == Long.class -> n;
            case Boolean b when type == boolean.class -> b;
            case String s when type.isEnum() -> constant(type, s);
            case Long n when type.isEnum() -> type.getEnumConstants()[n.intValue()];
            case null -> null;
            default -> type.isInstance(value) ? value : null;
        };
    }

    private static Object invoke(Method m, Object options, @Nullable Object[] args) {
        try {
            return m.invoke(options, args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
