package dev.cotangent.tests.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Device;
import dev.cotangent.backend.Backends;
import dev.cotangent.emulator.EmulatedCuda;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Both contracts on the emulated CUDA device, and what it saw meanwhile: no complaint, and no memory left in use. */
class EmulatedContract {
    private static final int PATIENCE = 50;
    private static final Set<String> MANY_PROGRAMS = Set.of("pointwise", "programs", "reductions", "elementwise");

    @BeforeAll
    static void install() {
        assumeTrue(EmulatedCuda.obstacle().isEmpty(), EmulatedCuda::obstacle);
        System.setProperty(
                "cotangent.cuda.path", EmulatedCuda.install().folder().toString());
    }

    @TestFactory
    Stream<DynamicNode> contract() {
        return BackendContractTest.nodes(chapters());
    }

    /**
     * All chapters; but since every program has to be compiled, one check in four of those that have many programs, and
     * few of those that join them, or with {@code -Dcontract.thorough=true} every one.
     */
    static Map<String, Supplier<Stream<Check>>> chapters() {
        Map<String, Supplier<Stream<Check>>> all = new LinkedHashMap<>(BackendContract.chapters());
        all.putAll(TensorContract.chapters());
        if (Boolean.getBoolean("contract.thorough")) return all;
        all.replaceAll((name, checks) -> {
            int one = name.equals("fusion") ? 25 : MANY_PROGRAMS.contains(name) ? 4 : 1;
            return () -> checks.get().filter(c -> Math.floorMod(c.name().hashCode(), one) == 0);
        });
        return all;
    }

    @AfterAll
    static void nothingIsLeft() throws InterruptedException {
        if (!EmulatedCuda.obstacle().isEmpty()) return;
        EmulatedCuda emulator = EmulatedCuda.install();
        var device = Backends.of(Device.cuda());
        for (int i = 0; i < PATIENCE && device.memoryStats().live() > 0; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertEquals(0, device.memoryStats().live(), "bytes in use at the end");
        assertEquals("", emulator.complaint());
    }
}
