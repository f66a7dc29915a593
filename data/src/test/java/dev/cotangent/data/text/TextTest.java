package dev.cotangent.data.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.data.DataLoader;
import dev.cotangent.data.Example;
import dev.cotangent.data.SampleIterator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TextTest {
    @TempDir
    private Path folder = Path.of("");

    private static void assertMessage(String part, Executable call) {
        String message =
                String.valueOf(assertThrows(CotangentException.class, call).getMessage());
        assertTrue(message.contains(part), message);
    }

    @Test
    void textIsReadLineByLine() throws Exception {
        Path file = Files.writeString(folder.resolve("t.txt"), "one\n\ntwo\u00e4\r\n");
        List<String> lines = new ArrayList<>();
        new TextLines(file).forEach(lines::add);
        assertEquals(List.of("one", "", "two\u00e4"), lines);
        Files.write(file, new byte[] {'a', '\n', (byte) 0xff, '\n'});
        assertEquals(
                "\u00ff",
                new TextLines(file, StandardCharsets.ISO_8859_1)
                        .chain(List.<String>of()::iterator)
                        .filter(l -> l.length() == 1 && l.charAt(0) > 'z')
                        .iterator()
                        .next());
        assertMessage("the text is not in the expected encoding", () -> new TextLines(file).forEach(l -> {}));
        try (SampleIterator<String> open = new TextLines(file, StandardCharsets.ISO_8859_1).iterator()) {
            assertEquals("a", open.next());
        }
        assertMessage("there is no such file", () -> new TextLines(folder.resolve("none")).iterator());
    }

    @Test
    void charactersBecomeBlocks() {
        String text = "abcabd\ud83d\ude00";
        CharVocabulary vocabulary = CharVocabulary.of(text);
        assertEquals(5, vocabulary.size());
        Tensor tokens = vocabulary.encode(text);
        assertEquals("tensor([0, 1, 2, 0, 1, 3, 4])", tokens.toString());
        assertEquals(text, vocabulary.decode(tokens));
        TextBlocks blocks = TextBlocks.of(tokens, 3);
        assertEquals(4, blocks.size());
        Example<Tensor> last = blocks.get(3);
        assertEquals("tensor([0, 1, 3])tensor([1, 3, 4])", "" + last.input() + last.target());
        assertEquals(2, blocks.stride(3).size());
        assertEquals("tensor([0, 1, 3])", blocks.stride(3).get(1).input().toString());
        assertEquals(1, TextBlocks.of(tokens, 6).size());
        var batch = DataLoader.of(blocks, DataLoader.options().batchSize(4))
                .iterator()
                .next();
        assertEquals("[4, 3]", Arrays.toString(batch.target().shape().toArray()));
        assertMessage("the vocabulary has no 'z' (U+007A)", () -> vocabulary.encode("z"));
        assertMessage("token 5 is none", () -> vocabulary.decode(Tensor.of(5)));
        assertMessage("a block and its target need 8", () -> TextBlocks.of(tokens, 7));
        assertMessage("out of range of 4 blocks", () -> blocks.get(4));
    }

    @Test
    void bytesAreMapped() throws Exception {
        Path file = Files.write(folder.resolve("b"), new byte[] {1, 2, (byte) 255, 4});
        assertEquals(
                "tensor([  2, 255])", TextBlocks.ofBytes(file, 2).get(1).input().toString());
        assertMessage("it has 4 bytes, a block and its target need 5", () -> TextBlocks.ofBytes(file, 4));
    }
}
