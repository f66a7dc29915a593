package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Index;
import dev.cotangent.NdArray;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.TypeException;
import dev.cotangent.fft.Fft;
import dev.cotangent.signal.Windows;
import dev.cotangent.special.Special;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A null where none may be, as an argument or an element of one, is a TypeException that says so, of every public method of
 * tensors; never a NullPointerException.
 */
class NullsTest {
    /** Methods for authors of operations, and Java's own. */
    private static final Set<String> INTERNAL =
            Set.of("wrap", "viewOf", "equals", "forEach", "wait", "spliterator", "setData", "registerHook");

    private static boolean isNullable(Parameter p) {
        return p.isAnnotationPresent(Nullable.class) || p.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static Object argument(Class<?> type) {
        if (type == Tensor.class) return ones(2, 2);
        if (type == int.class || type == Integer.class) return 0;
        if (type == long.class || type == Long.class) return 1L;
        if (type == double.class) return 0.5;
        if (type == float.class) return 0.5f;
        if (type == byte.class) return (byte) 1;
        if (type == short.class) return (short) 1;
        if (type == boolean.class) return false;
        if (type == Number.class || type == Object.class) return 1;
        if (type == String.class) return "none";
        if (type == List.class) return List.of(ones(2, 2));
        if (type == Shape.class) return shape(2, 2);
        if (type == Index.class) return Index.all();
        if (type == dev.cotangent.Complex.class) return dev.cotangent.Complex.I;
        if (type == NdArray.class) return NdArray.of(new float[] {1});
        if (type == Buffer.class) return FloatBuffer.allocate(1);
        if (type == Device.class) return Device.cpu();
        if (type == dev.cotangent.TensorOptions.class) return options();
        if (type == dev.cotangent.LossOptions.class) return lossOptions();
        if (type == dev.cotangent.AttentionOptions.class) return dev.cotangent.Tensors.attentionOptions();
        if (type == dev.cotangent.CtcOptions.class) return dev.cotangent.Tensors.ctcOptions();
        if (type == dev.cotangent.FractionalPoolOptions.class) return dev.cotangent.Tensors.fractionalPoolOptions();
        if (type == dev.cotangent.GridSampleOptions.class) return dev.cotangent.Tensors.gridSampleOptions();
        if (type == dev.cotangent.InterpolateOptions.class) return dev.cotangent.Tensors.interpolateOptions();
        if (type == dev.cotangent.PoolOptions.class) return dev.cotangent.Tensors.poolOptions();
        if (type == dev.cotangent.ConvOptions.class) return Tensors.convOptions();
        if (type == dev.cotangent.ConvTransposeOptions.class) return Tensors.convTransposeOptions();
        if (type == dev.cotangent.UnfoldOptions.class) return Tensors.unfoldOptions();
        if (type == dev.cotangent.Generator.class) return dev.cotangent.Generator.standard();
        if (type == dev.cotangent.autograd.BackwardOptions.class) return dev.cotangent.autograd.Autograd.options();
        if (type == dev.cotangent.CovarianceOptions.class) return Tensors.covarianceOptions();
        if (type == dev.cotangent.GradientOptions.class) return Tensors.gradientOptions();
        if (type == dev.cotangent.HistogramOptions.class) return Tensors.histogramOptions();
        if (type == dev.cotangent.StftOptions.class) return Tensors.stftOptions();
        if (type == dev.cotangent.IstftOptions.class) return Tensors.istftOptions();
        if (type == dev.cotangent.fft.FftOptions.class) return Fft.fftOptions();
        if (type == dev.cotangent.fft.FftnOptions.class) return Fft.fftnOptions();
        if (type == dev.cotangent.signal.WindowOptions.class) return Windows.options();
        if (type.isEnum()) return type.getEnumConstants()[0];
        if (type.isArray()) {
            Object array = Array.newInstance(type.componentType(), 2);
            for (int i = 0; i < 2; i++) Array.set(array, i, argument(type.componentType()));
            if (array instanceof int[] dims) dims[1] = 1;
            return array;
        }
        if (type.isInterface()) {
            return Proxy.newProxyInstance(NullsTest.class.getClassLoader(), new Class<?>[] {type}, (p, m, a) -> null);
        }
        throw new IllegalArgumentException(type.getName());
    }

    private static Stream<Method> methods() {
        return Stream.of(Tensor.class, Tensors.class, Special.class, Fft.class, Windows.class)
                .flatMap(c -> Arrays.stream(c.getMethods()))
                .filter(m -> m.getDeclaringClass() != Object.class && !m.isBridge() && !m.isSynthetic())
                .filter(m -> !INTERNAL.contains(m.getName()))
                .filter(m -> Modifier.isPublic(m.getModifiers()))
                .sorted(Comparator.comparing(Method::toGenericString));
    }

    /** Returns a description of a call's failure, null if there is none. */
    private static @Nullable String wrong(Method m, int at, @Nullable Object value) throws IllegalAccessException {
        Object[] arguments = new Object[m.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) arguments[i] = argument(m.getParameterTypes()[i]);
        arguments[at] = value;
        String call = m.getDeclaringClass().getSimpleName() + "." + m.getName() + "("
                + String.join(
                        ", ",
                        Arrays.stream(m.getParameterTypes())
                                .map(Class::getSimpleName)
                                .toList())
                + ") with null " + m.getParameters()[at].getName() + (value == null ? "" : "'s element") + ": ";
        try {
            m.setAccessible(true);
            m.invoke(Modifier.isStatic(m.getModifiers()) ? null : ones(2, 2), arguments);
            return call + "nothing raised";
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof TypeException && (message.contains("null") || message.contains("NoneType")))
                return null;
            return call + (cause instanceof CotangentException ? "" : "raw ") + cause;
        }
    }

    @Test
    void nullsAreNamed() throws IllegalAccessException {
        List<String> wrong = new ArrayList<>();
        int calls = 0;
        for (Method m : methods().toList()) {
            for (int i = 0; i < m.getParameterCount(); i++) {
                Class<?> type = m.getParameterTypes()[i];
                if (type.isPrimitive() || isNullable(m.getParameters()[i])) continue;
                calls++;
                String error = wrong(m, i, null);
                if (error != null) wrong.add(error);
                Object holed = null;
                if (m.getGenericParameterTypes()[i].getTypeName().equals("java.util.List<dev.cotangent.Tensor>"))
                    holed = Arrays.asList(ones(2, 2), null);
                if (type == Tensor[].class) holed = new Tensor[] {ones(2, 2), null};
                if (holed != null && !m.getName().startsWith("indexPut")) {
                    error = wrong(m, i, holed);
                    if (error != null) wrong.add(error);
                }
            }
        }
        assertTrue(calls > 500, "only " + calls + " calls");
        assertEquals("", String.join("\n", wrong));
    }
}
