package dev.cotangent.tests.conformance;

import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** The conformance suite of a backend, on the device that {@link Lab#DEVICE} names. */
class BackendConformanceTest {
    @TestFactory
    Stream<DynamicNode> conformance() {
        return nodes(Sample.fromProperties().of(BackendConformance.chapters()), Lab.fromProperties());
    }

    static Stream<DynamicNode> nodes(Map<String, Supplier<Stream<Check>>> chapters, Lab lab) {
        return nodes(chapters, check -> check.run(lab));
    }

    static Stream<DynamicNode> nodes(Map<String, Supplier<Stream<Check>>> chapters, ThrowingConsumer<Check> run) {
        return chapters.entrySet().stream()
                .map(chapter -> DynamicContainer.dynamicContainer(
                        chapter.getKey(),
                        chapter.getValue().get().map(c -> DynamicTest.dynamicTest(c.name(), () -> run.accept(c)))));
    }
}
