package dev.cotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is made of the times of steps. */
class FirstSecondsTest {
    @Test
    void stepsAreCountedInTheSecondTheyBeginIn() {
        // Begins after 0.5 s; 100 steps of 10 ms, then one of 3 s.
        List<Double> ends = new ArrayList<>();
        for (int i = 0; i <= 100; i++) ends.add(0.5 + i / 100.0);
        ends.add(4.5);
        Map<String, Double> figures = FirstSeconds.figures(ends);
        assertEquals(List.of("first_steps/100", "second/1", "second/2"), List.copyOf(figures.keySet()));
        assertEquals(10_000, figures.get("first_steps/100"), 1e-3);
        assertEquals(10_000, figures.get("second/1"), 1e-3);
        assertEquals((50 * 10_000 + 3_000_000) / 51.0, figures.get("second/2"), 1e-3);
    }
}
