package dev.cotangent.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.onnx.internal.importing.Operator;
import dev.cotangent.onnx.internal.importing.Operators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference of operators is that of the table; {@code -Donnx.write=true} writes it. */
class OnnxOperatorsPageTest {
    @Test
    void thePageIsThatOfTheTable() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/README.md"))) root = Objects.requireNonNull(root.getParent());
        Path page = root.resolve("docs/reference/onnx-operators.md");
        if (Boolean.getBoolean("onnx.write")) Files.writeString(page, text());
        assertEquals(text(), Files.readString(page), "run this test with -Donnx.write=true");
    }

    private static String text() {
        StringBuilder text = new StringBuilder("""
            # ONNX operators

            What `Onnx.load` reads, generated from the table of operators by `OnnxOperatorsPageTest`. An operator is computed as
            each of its versions says, from the first one here on; a model of an older operator set is refused if it has the
            operator, and one of an operator set after 28 in any case. How models are read and written is in
            [exchange models by ONNX](../how-to/onnx.md).

            Dtypes are those of this library: float32, float64, float16, bfloat16, int64, int32, int16, int8, uint8 and bool.
            Strings, other unsigned integers, complex numbers and floats of 8 bits and less are refused.

            | operator | versions |
            | --- | --- |
            """);
        for (Operator o : Operators.all().values()) {
            String versions =
                    Arrays.stream(o.versions()).mapToObj(String::valueOf).collect(Collectors.joining(", "));
            text.append("| `").append(o.name()).append("` | ").append(versions).append(" |\n");
        }
        return text.toString();
    }
}
