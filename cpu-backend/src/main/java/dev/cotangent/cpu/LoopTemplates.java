package dev.cotangent.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Makes one class for each op (or type) out of one loop. A loop that calls its op through a variable cannot be compiled to fast
 * code; so the loop's class, the template, is defined again for each op as a hidden class with the op as its class
 * data, which the template keeps in a {@code static final} field: a constant for the compiler.
 */
public final class LoopTemplates {
    private LoopTemplates() {}

    /** Defines the template again with class data, and returns an instance of it as its supertype. */
    public static <T> T define(MethodHandles.Lookup lookup, Class<T> parent, Class<? extends T> template, Object data) {
        String file = template.getName().substring(template.getPackageName().length() + 1) + ".class";
        try (InputStream in = template.getResourceAsStream(file)) {
            if (in == null) throw new IllegalStateException(file + " is missing");
            MethodHandles.Lookup made = lookup.defineHiddenClassWithClassData(in.readAllBytes(), data, true);
            return parent.cast(made.findConstructor(made.lookupClass(), MethodType.methodType(void.class))
                    .invoke());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot define " + template, e);
        }
    }

    /** Returns, in a template's static initialiser, its class data. */
    public static Object data(MethodHandles.Lookup lookup) {
        try {
            return MethodHandles.classData(lookup, "_", Object.class);
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
