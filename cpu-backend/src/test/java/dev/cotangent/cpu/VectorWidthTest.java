package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorWidthTest {
    @ParameterizedTest
    @CsvSource({"64, 0", "128, 128", "256, 256", "512, 512", "2048, 512"})
    void theWidestIsTheDefault(int available, int bits) {
        assertEquals(bits, VectorWidth.choose(null, available));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 128, 256})
    void thePropertyChooses(int bits) {
        assertEquals(bits, VectorWidth.choose(bits + " ", 256));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "512", "-128", "wide"})
    void othersAreRefused(String wanted) {
        var e = assertThrows(CotangentException.class, () -> VectorWidth.choose(wanted, 256));
        assertTrue(e.getMessage().endsWith("at most the 256 bits available here, not '" + wanted + "'"));
    }

    @Test
    void anUnusableWidthIsNotIgnored() {
        assertThrows(CotangentException.class, () -> VectorWidth.choose("256", 128));
    }
}
