package dev.cotangent.data;

import dev.cotangent.TypeException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The components of a record class, and how a record of it is made. */
final class RecordShape {
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return new RecordShape(type);
        }
    };

    private final Class<?> type;
    private final List<String> names = new ArrayList<>();
    private final List<Method> accessors = new ArrayList<>();
    private final Class<?>[] types;
    private final Constructor<?> constructor;

    private RecordShape(Class<?> type) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            for (RecordComponent c : components) {
                names.add(c.getName());
                c.getAccessor().setAccessible(true);
                accessors.add(c.getAccessor());
            }
            constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new TypeException(
                    "the components of " + type.getName() + " cannot be read: " + e.getMessage()
                            + ". Let its module open its package to dev.cotangent.data, or give the loader a collate"
                            + " function",
                    e);
        }
    }

    static RecordShape of(Class<?> type) {
        return SHAPES.get(type);
    }

    List<String> names() {
        return names;
    }

    Object[] values(Record record) {
        Object[] values = new Object[accessors.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = call(i, record);
            if (value == null) {
                throw new TypeException("component '" + names.get(i) + "' of a " + type.getName() + " is null");
            }
            values[i] = value;
        }
        return values;
    }

    private Object call(int component, Record record) {
        try {
            return accessors.get(component).invoke(record);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            throw failed(e);
        }
    }

    /** Returns whether a record of this class can have these components. */
    boolean canHold(Object[] values) {
        for (int i = 0; i < values.length; i++) if (!types[i].isInstance(values[i])) return false;
        return true;
    }

    Record make(Object[] values) {
        try {
            return (Record) constructor.newInstance(values);
        } catch (InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            throw failed(e);
        }
    }

    private TypeException failed(InvocationTargetException e) {
        Throwable cause = e.getCause();
        return new TypeException("a " + type.getName() + " of batches cannot be made or read: " + cause, cause);
    }
}
