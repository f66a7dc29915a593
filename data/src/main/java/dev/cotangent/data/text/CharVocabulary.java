package dev.cotangent.data.text;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.Arrays;

/** The characters of a text, numbered in the order of their code points: the tokens of a language model of characters. */
public final class CharVocabulary {
    private final int[] characters;

    private CharVocabulary(int[] characters) {
        this.characters = characters;
    }

    /** Creates the vocabulary of the characters that occur in a text. */
    public static CharVocabulary of(CharSequence text) {
        Arguments.notNull("CharVocabulary", "text", text);
        return new CharVocabulary(text.codePoints().distinct().sorted().toArray());
    }

    /** Returns the number of different characters. */
    public int size() {
        return characters.length;
    }

    /** Returns the numbers of a text's characters, int64; throws of a character that the vocabulary has not. */
    public Tensor encode(CharSequence text) {
        Arguments.notNull("encode", "text", text);
        return Tensors.tensor(text.codePoints().mapToLong(this::number).toArray());
    }

    private long number(int character) {
        int at = Arrays.binarySearch(characters, character);
        if (at >= 0) return at;
        throw new ValueException("the vocabulary has no '" + Character.toString(character) + "' (U+"
                + "%04X".formatted(character) + "); make it of all texts that are encoded");
    }

    /** Returns the text of numbers, of any shape, in row-major order. */
    public String decode(Tensor tokens) {
        Arguments.notNull("decode", "tokens", tokens);
        StringBuilder text = new StringBuilder();
        for (long token : tokens.toLongArray()) {
            if (token < 0 || token >= characters.length) {
                throw new ValueException("token " + token + " is none of the vocabulary's " + characters.length);
            }
            text.appendCodePoint(characters[(int) token]);
        }
        return text.toString();
    }

    /** Returns the characters as one text. */
    @Override
    public String toString() {
        return new String(characters, 0, characters.length);
    }
}
