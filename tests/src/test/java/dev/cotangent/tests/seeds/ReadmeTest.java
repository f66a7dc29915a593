package dev.cotangent.tests.seeds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.examples.tour.Seed;
import dev.cotangent.examples.tour.seeds.Readme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example that the README opens with runs, and prints what the README says. */
class ReadmeTest {
    @Test
    void exampleIsWhatRuns() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        Matcher example = Pattern.compile("```java\n(.*?)\n```\n\n```text\n(.*?)```", Pattern.DOTALL)
                .matcher(readme);
        assertTrue(example.find());
        Seed.Code code = Seed.of("README", "", Readme.class).fragments().getFirst();
        assertEquals(code.text(), example.group(1));
        assertEquals(code.run().printed(), example.group(2));
    }
}
