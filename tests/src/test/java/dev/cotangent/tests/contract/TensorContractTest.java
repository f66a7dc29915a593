package dev.cotangent.tests.contract;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The contract of tensors, on the device that {@link Lab#DEVICE} names. */
class TensorContractTest {
    @TestFactory
    Stream<DynamicNode> contract() {
        return BackendContractTest.nodes(Sample.fromProperties().of(TensorContract.chapters()), Lab.fromProperties());
    }
}
