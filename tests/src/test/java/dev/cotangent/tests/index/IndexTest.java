package dev.cotangent.tests.index;

import static dev.cotangent.Index.all;
import static dev.cotangent.Index.at;
import static dev.cotangent.Index.ellipsis;
import static dev.cotangent.Index.every;
import static dev.cotangent.Index.from;
import static dev.cotangent.Index.newAxis;
import static dev.cotangent.Index.range;
import static dev.cotangent.Index.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Index;
import dev.cotangent.IndexException;
import dev.cotangent.ValueException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexTest {
    @Test
    void readsEveryKindOfPart() {
        assertEquals(
                List.of(range(0, 3), ellipsis(), newAxis(), every(2), at(-1), all()),
                Index.parse("0:3, ..., None, ::2, -1, :"));
        assertEquals(List.of(from(1), until(-2), range(1, 7, 3)), Index.parse("1:,:-2,1:7:3"));
        assertEquals(List.of(all(), from(2), until(2), every(2)), Index.parse("None:None:None, 2:None, None:2, ::2"));
        assertEquals(List.of(at(5), at(-5), at(5)), Index.parse(" 5 ,\t- 5,\n+5 , "));
        assertEquals(List.of(newAxis()), Index.parse("None"));
        assertEquals(List.of(at(0), ellipsis()), Index.parse("0,..."));
    }

    @Test
    void writesWhatItReads() {
        String text = "0:3, ..., None, ::2, -1, :, 4:, :-4, 1:9:3";
        List<String> parts = Index.parse(text).stream().map(Index::toString).toList();
        assertEquals(text, String.join(", ", parts));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 7, 100})
    void slicesAsPython(long size) {
        Long[] bounds = {null, Long.MIN_VALUE, -200L, -100L, -7L, -2L, -1L, 0L, 1L, 3L, 6L, 7L, 8L, 99L, Long.MAX_VALUE
        };
        for (Long start : bounds) {
            for (Long stop : bounds) {
                for (long step : new long[] {1, 2, 3, 50, Long.MAX_VALUE}) {
                    Index.Slice slice = new Index.Slice(start, stop, step);
                    List<Long> found = new ArrayList<>();
                    for (long i = 0; i < slice.length(size); i++) found.add(slice.first(size) + i * step);
                    assertEquals(expected(start, stop, step, size), found, slice + " of " + size);
                }
            }
        }
    }

    /**
     * Computes by definition the indices, counted from either end, between the bounds and a multiple of the step after
     * the first.
     */
    private static List<Long> expected(Long start, Long stop, long step, long size) {
        List<Long> kept = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            boolean after = start == null || (start < 0 ? i - size >= start : i >= start);
            boolean before = stop == null || (stop < 0 ? i - size < stop : i < stop);
            if (after && before && (kept.isEmpty() || i - kept.getLast() == step)) kept.add(i);
        }
        return kept;
    }

    @Test
    void takesBoundsOfAnySizeButNoSuchIndex() {
        assertEquals(
                List.of(range(Long.MIN_VALUE, Long.MAX_VALUE)),
                Index.parse("-99999999999999999999:99999999999999999999"));
        assertMessage(
                ValueException.class,
                "Overflow when unpacking long long\n    0, 99999999999999999999\n       ^",
                "0, 99999999999999999999");
    }

    @Test
    void refusesStepsAsPyTorch() {
        assertEquals(
                "step must be greater than zero",
                assertThrows(ValueException.class, () -> range(0, 3, -1)).getMessage());
        assertEquals(
                "slice step cannot be zero",
                assertThrows(ValueException.class, () -> every(0)).getMessage());
        assertMessage(ValueException.class, "step must be greater than zero\n    1, ::-1\n         ^", "1, ::-1");
        assertMessage(ValueException.class, "slice step cannot be zero\n    ::0\n      ^", "::0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\" | 0 | an integer, a slice, None or ..., but the text ends",
                "0, , 1 | 3 | an integer, a slice, None or ..., but there is ','",
                ", | 0 | an integer, a slice, None or ..., but there is ','",
                "0, x | 3 | an integer, a slice, None or ..., but there is 'x'",
                "True | 0 | an integer, a slice, None or ..., but there is 'T'",
                ".. | 0 | an integer, a slice, None or ..., but there is '.'",
                "0 1 | 2 | a comma or the end, but there is '1'",
                "1:2:3:4 | 5 | a comma or the end, but there is ':'",
                "[0] | 0 | an integer, a slice, None or ..., but there is '['",
                "1, - | 4 | an integer, but the text ends",
                "1:-x | 3 | an integer, but there is 'x'",
                "Nonesuch | 4 | a comma or the end, but there is 's'",
                "0\u0661 | 1 | a comma or the end, but there is '\u0661'"
            })
    void showsThePlaceThatIsWrong(String text, int place, String wanted) {
        String message = "invalid index: expected " + wanted + "\n    " + text + "\n    " + " ".repeat(place) + "^";
        assertMessage(IndexException.class, message, text);
    }

    @Test
    void refusesFractionsAndASecondEllipsis() {
        assertMessage(
                IndexException.class,
                "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got"
                        + " float)\n    0, 1.5\n       ^",
                "0, 1.5");
        assertMessage(
                IndexException.class,
                "an index can only have a single ellipsis ('...')\n    ..., 0, ...\n            ^",
                "..., 0, ...");
    }

    private static void assertMessage(Class<? extends CotangentException> type, String message, String text) {
        assertEquals(message, assertThrows(type, () -> Index.parse(text)).getMessage());
    }
}
