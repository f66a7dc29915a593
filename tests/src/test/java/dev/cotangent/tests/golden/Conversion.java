package dev.cotangent.tests.golden;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.TensorOptions;
import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** From Python's arguments to the parameter types of Java methods. */
final class Conversion {
    /**
     * An argument as a parameter takes it.
     *
     * @param cost how far it was from the parameter's type: among overloads the cheapest is called
     */
    record Converted(@Nullable Object value, int cost) {}

    private Conversion() {}

    /** Converts an argument to a type. Returns null where that is impossible. */
    static @Nullable Converted to(Type type, boolean nullable, @Nullable Object arg, Device device) {
        Class<?> c = raw(type);
        // Without dimensions all are meant.
        if (arg == null && c == int[].class && !nullable) return new Converted(new int[0], 1);
        if (arg == null) return nullable ? new Converted(null, 0) : null;
        List<@Nullable Object> items = Arg.items(arg);
        if (c == Tensor.class) return tensor(arg, device);
        if (c == boolean.class || c == Boolean.class) return arg instanceof Boolean ? new Converted(arg, 0) : null;
        if (c == long.class || c == Long.class) return arg instanceof Long ? new Converted(arg, 0) : null;
        if (c == int.class || c == Integer.class) {
            return arg instanceof Long n && n == n.intValue() ? new Converted(n.intValue(), 1) : null;
        }
        if (c == double.class || c == Double.class) {
            return arg instanceof Double
                    ? new Converted(arg, 0)
                    : arg instanceof Long n ? new Converted((double) n, 2) : null;
        }
        if (c == Number.class) {
            return arg instanceof Number
                    ? new Converted(arg, 1)
                    : arg instanceof Boolean b ? new Converted(b ? 1L : 0L, 6) : null;
        }
        if (c == Object.class) return new Converted(arg, 5);
        if (c.isInstance(arg) && items == null) return new Converted(arg, 0);
        if (c == Device.class) return device(arg, device);
        if (c.isEnum()) return constant(c, arg);
        if (c == Shape.class) {
            Converted sizes = items == null ? null : array(long.class, items, device);
            return sizes == null ? null : new Converted(Shape.of((long[]) sizes.value), 0);
        }
        if (c.isArray()) {
            if (items != null) return array(componentType(type), items, device);
            Converted single = arg instanceof Tensor ? null : array(componentType(type), List.of(arg), device);
            return single == null ? null : new Converted(single.value, single.cost + 2);
        }
        if (List.class.isAssignableFrom(c)) return items == null ? null : list(elementType(type), items, device);
        return null;
    }

    /** Adds a keyword of Python to options. Returns null where it is no option, or has an unsupported value. */
    static @Nullable TensorOptions option(TensorOptions options, String name, @Nullable Object arg, Device device) {
        return switch (name) {
            case "dtype" -> arg == null ? options : arg instanceof Dtype d ? options.dtype(d) : null;
            case "device" -> {
                Converted c = arg == null ? new Converted(device, 0) : device(arg, device);
                yield c != null && c.value instanceof Device d ? options.device(d) : null;
            }
            case "requires_grad" -> arg instanceof Boolean b ? options.requiresGrad(b) : null;
            default -> null;
        };
    }

    /** Returns the element type of an array or a list, null for other types. */
    static @Nullable Type elementType(Type type) {
        if (type instanceof ParameterizedType p && List.class.isAssignableFrom(raw(type))) {
            Type element = p.getActualTypeArguments()[0];
            return element instanceof java.lang.reflect.WildcardType w ? w.getUpperBounds()[0] : element;
        }
        return raw(type).isArray() ? componentType(type) : null;
    }

    private static Type componentType(Type type) {
        return type instanceof java.lang.reflect.GenericArrayType g
                ? g.getGenericComponentType()
                : raw(type).getComponentType();
    }

    /** Returns the class of a type. */
    static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> c -> c;
            case ParameterizedType p -> (Class<?>) p.getRawType();
            case java.lang.reflect.GenericArrayType g ->
                raw(g.getGenericComponentType()).arrayType();
            default -> Object.class;
        };
    }

    /** Converts to a tensor. Java's numbers have no bool: a 0-d tensor of bool promotes as Python's does. */
    private static @Nullable Converted tensor(Object arg, Device device) {
        if (arg instanceof Tensor) return new Converted(arg, 0);
        if (!(arg instanceof Boolean b)) return null;
        return new Converted(HostTensor.of(Dtype.BOOL, new long[0], b ? 1 : 0).toTensor(device), 4);
    }

    private static @Nullable Converted device(Object arg, Device device) {
        return switch (arg) {
            case String name -> new Converted(name.equals("cpu") ? device : Device.parse(name), 0);
            case Arg.Named(var kind, var name)
            when kind.equals("device") -> new Converted(name.equals("cpu") ? device : Device.parse(name), 0);
            default -> null;
        };
    }

    private static @Nullable Converted constant(Class<?> type, Object arg) {
        String name = arg instanceof String s ? s : arg instanceof Arg.Named n ? n.name() : null;
        if (name == null) return null;
        String wanted = Names.plain(name.substring(name.indexOf('.') + 1));
        for (Object constant : type.getEnumConstants()) {
            String offered = Names.plain(((Enum<?>) constant).name().toLowerCase(Locale.ROOT));
            if (offered.equals(wanted) || (offered + "format").equals(wanted)) return new Converted(constant, 0);
        }
        return null;
    }

    private static @Nullable Converted array(Type component, List<@Nullable Object> items, Device device) {
        Object out = Array.newInstance(raw(component), items.size());
        int cost = 0;
        for (int i = 0; i < items.size(); i++) {
            Converted item = to(component, !raw(component).isPrimitive(), items.get(i), device);
            if (item == null) return null;
            cost = Math.max(cost, item.cost);
            Array.set(out, i, item.value);
        }
        return new Converted(out, cost);
    }

    private static @Nullable Converted list(@Nullable Type element, List<@Nullable Object> items, Device device) {
        List<@Nullable Object> out = new ArrayList<>();
        int cost = 0;
        for (Object raw : items) {
            Converted item = to(element == null ? Object.class : element, true, raw, device);
            if (item == null) return null;
            cost = Math.max(cost, item.cost);
            out.add(item.value);
        }
        return new Converted(out, cost);
    }
}
