package dev.cotangent.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.Test;

/** How JCuda's library for cuBLAS 12 is made to take cuBLAS 13. */
class JcudaTest {
    @Test
    void anotherVersionOfALibraryIsNamedEverywhere() throws IOException {
        byte[] before;
        try (InputStream in = CUresult.class.getResourceAsStream("/lib/libJCublas2-12.6.0-linux-x86_64.so")) {
            assertTrue(in != null, "JCuda's natives are on the class path");
            before = in.readAllBytes();
        }
        byte[] after = Jcuda.adapt(before, "libcublas.so.12", "libcublas.so.13");
        assertEquals(before.length, after.length);
        assertTrue(text(before).contains("\0libcublas.so.12\0"));
        assertFalse(text(after).contains("\0libcublas.so.12\0"));
        assertTrue(text(after).contains("\0libcublas.so.13\0"));
        assertArrayEquals(before, Jcuda.adapt(after, "libcublas.so.13", "libcublas.so.12"));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
