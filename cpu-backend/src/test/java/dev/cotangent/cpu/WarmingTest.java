package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plain loops until the others are the faster ones. */
class WarmingTest {
    private static final long PLENTY = 1L << 40;

    @Test
    void littleWorkWarmsNothing() {
        Warming<String> warming = new Warming<>("plain", () -> fail("was made"), form -> fail("was run"));
        for (int i = 0; i < 1000; i++) assertEquals("plain", warming.choose(1));
    }

    @Test
    @Timeout(60)
    void takesTheVectorsWhenTheyAreFaster() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger left = new AtomicInteger(5);
        Warming<String> warming = new Warming<>(
                "plain",
                () -> {
                    made.incrementAndGet();
                    return "vectors";
                },
                form -> {
                    if (form.equals("vectors") && left.getAndDecrement() <= 1) return;
                    sleep(form.equals("plain") ? 20 : 40);
                });
        assertEquals("plain", warming.choose(PLENTY));
        while (warming.choose(PLENTY).equals("plain")) Thread.sleep(1);
        assertSame("vectors", warming.choose(1));
        assertEquals(1, made.get());
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
