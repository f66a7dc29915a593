package dev.cotangent.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.backend.BackendProvider;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application outside of this project, with core, the CPU backend and slf4j's interface on its class path alone. */
class UserApplicationTest {
    private static final String SOURCE = """
        import static dev.cotangent.Tensors.*;

        import dev.cotangent.Tensor;
        import dev.cotangent.autograd.Context;
        import dev.cotangent.autograd.Function;

        public class App {
            static final class Cube extends Function {
                @Override
                protected Tensor[] forward(Context ctx, Tensor... in) {
                    ctx.saveForBackward(in[0]);
                    return new Tensor[] {in[0].mul(in[0]).mul(in[0])};
                }

                @Override
                protected Tensor[] backward(Context ctx, Tensor... g) {
                    Tensor x = ctx.savedTensors().get(0);
                    return new Tensor[] {g[0].mul(x).mul(x).mul(3)};
                }
            }

            public static void main(String[] args) {
                Tensor x = floatTensor(1, 2, 3).requiresGrad_(true);
                x.mul(x).add(new Cube().apply(x)).sum().backward();
                System.out.println(x.grad());
                System.out.println(x.grad().dtype() + " " + x.device());
                Tensor inner = x.mul(2);
                for (int i = 0; i < 3; i++) inner.grad();
            }
        }
        """;

    @ParameterizedTest
    @ValueSource(strings = {"--add-modules=jdk.incubator.vector", "-Dunused=true"})
    void compilesAndRuns(String option, @TempDir Path folder) throws Exception {
        List<String> lines = compileAndRun(option, folder, classPath());
        assertTrue(lines.contains("tensor([ 5., 16., 33.])"), () -> "printed " + lines);
        assertTrue(lines.contains("torch.float32 cpu"), () -> "printed " + lines);
    }

    /** Checks that SLF4J's three lines about a missing provider are not printed. */
    @Test
    void withoutALogWarningsArePrintedOnceAndNothingElse(@TempDir Path folder) throws Exception {
        List<String> lines = compileAndRun("-Dcotangent.vector=off", folder, classPath());
        assertEquals(3, lines.size(), () -> "printed " + lines);
        assertTrue(lines.getLast().startsWith("WARN dev.cotangent - The .grad attribute of a Tensor"), lines::toString);
    }

    @Test
    void theLogOfTheApplicationGetsAllWarnings(@TempDir Path folder) throws Exception {
        String simple = place(Class.forName("org.slf4j.simple.SimpleServiceProvider"));
        List<String> lines = compileAndRun("-Dunused=true", folder, classPath() + File.pathSeparator + simple);
        assertEquals(
                3,
                lines.stream()
                        .filter(l -> l.contains("WARN dev.cotangent - The .grad attribute"))
                        .count(),
                lines::toString);
    }

    private static List<String> compileAndRun(String option, Path folder, String classPath) throws Exception {
        Path source = Files.writeString(folder.resolve("App.java"), SOURCE);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter diagnostics = new StringWriter();
        List<String> options = List.of("-proc:none", "-Xlint:-path", "-d", folder.toString(), "-classpath", classPath);
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            assertTrue(
                    compiler.getTask(diagnostics, files, null, options, null, files.getJavaFileObjects(source))
                            .call(),
                    diagnostics::toString);
        }
        return run(folder, option, "-classpath", folder + File.pathSeparator + classPath, "App");
    }

    @Test
    void theClassPathHasNothingElse() throws Exception {
        assertEquals(3, classPath().split(File.pathSeparator).length);
    }

    private static List<String> run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = process.waitFor();
        List<String> lines = Files.readAllLines(output);
        assertEquals(0, status, () -> String.join("\n", lines));
        return lines;
    }

    private static String classPath() throws URISyntaxException {
        Class<?> backend = ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::type)
                .filter(type -> type.getPackageName().startsWith("dev.cotangent.cpu"))
                .findFirst()
                .orElse(null);
        assertNotNull(backend, "the CPU backend is not among the services");
        List<String> places = new ArrayList<>();
        for (Class<?> type : List.of(Dtype.class, backend, org.slf4j.LoggerFactory.class)) places.add(place(type));
        return String.join(File.pathSeparator, places);
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
