package dev.cotangent.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Autograd;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sentence embeddings of MiniLM-L6, where its files are: with {@code -Pfull}. */
class MiniLmTest {
    @Test
    void embeddingsEqualThoseOfOnnxruntime(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("model.onnx");
        try (InputStream model = MiniLmTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            assumeTrue(model != null, "MiniLM-L6 is on the class path with -Pfull alone");
            Files.copy(model, file);
        }
        WordPiece words;
        try (InputStream json = MiniLmTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            words = new WordPiece(json);
        }
        assertArrayEquals(
                new long[] {101, 1996, 4937, 2938, 2006, 1996, 13523, 1012, 102},
                words.encode("The cat sat on the mat."));
        OnnxModule encoder = Onnx.load(file);
        List<String> texts = List.of(
                "The cat sat on the mat.",
                "A kitten rested upon a rug.",
                "Quarterly revenue rose by 12% in São Paulo.");
        Tensor[] embeddings = new Tensor[texts.size()];
        for (int i = 0; i < embeddings.length; i++) {
            long[] ids = words.encode(texts.get(i));
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            for (OnnxValue v : encoder.inputs()) {
                long[] values = ids.clone();
                if (v.name().equals("attention_mask")) Arrays.fill(values, 1);
                if (v.name().equals("token_type_ids")) Arrays.fill(values, 0);
                inputs.put(v.name(), Tensors.tensor(values).unsqueeze(0));
            }
            Tensor hidden;
            try (var _ = Autograd.noGrad()) {
                hidden = encoder.run(inputs).values().iterator().next();
            }
            Tensor expected =
                    Runtime.run(file, inputs.values().toArray(Tensor[]::new)).getFirst();
            assertTrue(
                    hidden.allclose(expected, 0, 1e-5, false),
                    () -> "difference " + hidden.sub(expected).abs().amax());
            embeddings[i] = hidden.mean(1, false).normalize();
        }
        double near = embeddings[0].mul(embeddings[1]).sum().itemDouble();
        double far = embeddings[0].mul(embeddings[2]).sum().itemDouble();
        assertTrue(near > far + 0.3, near + " and " + far);
    }
}
