package dev.cotangent.internal;

import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Loggers of the engine: SLF4J's if the application has a provider. Without one, each warning is printed once to
 * {@link System#err}, and SLF4J's notice that it logs nothing is avoided.
 */
public final class Logs {
    private static final boolean PROVIDED = System.getProperty(LoggerFactory.PROVIDER_PROPERTY_KEY) != null
            || ServiceLoader.load(SLF4JServiceProvider.class, LoggerFactory.class.getClassLoader()).stream()
                    .findAny()
                    .isPresent();

    private Logs() {}

    /** Returns the logger of a class. */
    public static Logger of(Class<?> type) {
        return of(type.getName());
    }

    /** Returns the logger of a name. */
    public static Logger of(String name) {
        return PROVIDED ? LoggerFactory.getLogger(name) : new Console(name);
    }

    /** Prints warnings and errors to {@link System#err}, each text once per process. */
    private static final class Console extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;
        private static final Set<String> PRINTED = ConcurrentHashMap.newKeySet();
        private static final int MOST = 1000;

        Console(String name) {
            this.name = name;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String pattern,
                Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            String text = level + " " + name + " - " + MessageFormatter.basicArrayFormat(pattern, arguments);
            // Bounded: texts that name sizes may differ in every training step.
            if (PRINTED.size() >= MOST || !PRINTED.add(text)) return;
            System.err.println(text);
            if (thrown != null) thrown.printStackTrace();
        }
    }
}
