package dev.cotangent.onnx;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** BERT's tokenizer for lower-case text, with the vocabulary of a tokenizer.json: J. Devlin et al., 2018, appendix A. */
final class WordPiece {
    private static final Pattern ENTRY = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"\\s*:\\s*(\\d+)");
    private final Map<String, Long> vocabulary = new HashMap<>();

    WordPiece(InputStream json) throws java.io.IOException {
        String text = new String(json.readAllBytes(), StandardCharsets.UTF_8);
        Matcher m = ENTRY.matcher(text.substring(text.indexOf("\"vocab\"")));
        while (m.find()) vocabulary.put(unescaped(m.group(1)), Long.parseLong(m.group(2)));
    }

    private static String unescaped(String s) {
        Matcher m = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)").matcher(s);
        return m.replaceAll(r -> {
            String e = r.group(1);
            String c = e.length() == 5 ? String.valueOf((char) Integer.parseInt(e.substring(1), 16)) : e;
            return Matcher.quoteReplacement(c);
        });
    }

    long[] encode(String text) {
        List<Long> ids = new ArrayList<>(List.of(id("[CLS]")));
        String plain = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .replaceAll("\\p{Mn}", "");
        // Punctuation is a word of its own.
        for (String word : plain.replaceAll("([\\p{P}\\p{S}])", " $1 ").trim().split("\\s+")) ids.addAll(pieces(word));
        ids.add(id("[SEP]"));
        return ids.stream().mapToLong(Long::longValue).toArray();
    }

    private long id(String piece) {
        return vocabulary.get(piece);
    }

    private List<Long> pieces(String word) {
        List<Long> ids = new ArrayList<>();
        for (int start = 0; start < word.length(); ) {
            int end = word.length();
            String prefix = start == 0 ? "" : "##";
            while (end > start && !vocabulary.containsKey(prefix + word.substring(start, end))) end--;
            if (end == start) return List.of(id("[UNK]"));
            ids.add(id(prefix + word.substring(start, end)));
            start = end;
        }
        return ids;
    }
}
