package dev.cotangent.tests.conformance;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The conformance suite of tensors, on the device that {@link Lab#DEVICE} names. */
class TensorConformanceTest {
    @TestFactory
    Stream<DynamicNode> conformance() {
        return BackendConformanceTest.nodes(
                Sample.fromProperties().of(TensorConformance.chapters()), Lab.fromProperties());
    }
}
