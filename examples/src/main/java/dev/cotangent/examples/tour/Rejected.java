package dev.cotangent.examples.tour;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Statements that fail at run time in Python and at compile time in Java. */
public final class Rejected {
    private Rejected() {}

    /** Compiles statements and prints the errors of the compiler. */
    public static void doesNotCompile(String statements) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String source = """
            import dev.cotangent.*;
            import dev.cotangent.autograd.*;
            import dev.cotangent.cuda.*;
            import java.util.*;
            import static dev.cotangent.Tensors.*;
            class Snippet {
                void run() {
                    %s
                }
            }
            """.formatted(statements);
        var file = new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        List<String> options = List.of("-proc:none", "-classpath", System.getProperty("java.class.path"));
        if (compiler.getTask(null, null, diagnostics, options, null, List.of(file))
                .call()) {
            throw new IllegalStateException("the compiler accepts: " + statements);
        }
        // A copy, since formatting a message may add to the list.
        for (Diagnostic<? extends JavaFileObject> found : List.copyOf(diagnostics.getDiagnostics())) {
            if (found.getKind() != Diagnostic.Kind.ERROR) continue;
            System.out.println(
                    found.getMessage(Locale.ENGLISH).lines().findFirst().orElse(""));
        }
    }
}
