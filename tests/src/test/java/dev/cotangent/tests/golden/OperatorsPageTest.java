package dev.cotangent.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The page of operators says what the code does; {@code -Dpages.write=true} writes it anew. */
class OperatorsPageTest {
    @Test
    void isUpToDate() throws IOException {
        if (Boolean.getBoolean("pages.write")) OperatorsPage.write();
        assertEquals(OperatorsPage.text(), Files.readString(OperatorsPage.FILE), "run with -Dpages.write=true");
    }
}
