package dev.cotangent.tests.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Device;
import dev.cotangent.emulator.EmulatedCuda;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Both contracts on the emulated CUDA devices, a check on each at a time, and what the emulator saw meanwhile: no
 * complaint, and no memory left in use.
 *
 * <p>Every program has to be compiled, so of the chapters with many programs some checks are run, and some rounds of
 * each; all of them with {@code -Dcontract.thorough=true}.
 */
class EmulatedContract {
    private static final boolean THOROUGH = Boolean.getBoolean("contract.thorough");
    private static final int ROUNDS = 4;
    private static final Map<String, Integer> SHARES =
            Map.of("pointwise", 4, "programs", 4, "reductions", 4, "elementwise", 4, "fusion", 25);
    private static final BlockingQueue<Lab> LABS = new ArrayBlockingQueue<>(EmulatedCuda.DEVICES);

    @BeforeAll
    static void install() {
        assumeTrue(EmulatedDevice.isThere(), EmulatedCuda::obstacle);
        EmulatedDevice.open();
        for (int d = 0; d < EmulatedCuda.DEVICES; d++) LABS.add(Lab.of(Device.cuda(d), THOROUGH ? 1 : ROUNDS));
    }

    @TestFactory
    Stream<DynamicNode> contract() {
        return BackendContractTest.nodes(chapters(), EmulatedContract::run);
    }

    private static void run(Check check) throws InterruptedException {
        Lab lab = LABS.take();
        try {
            check.run(lab);
        } finally {
            LABS.add(lab);
        }
    }

    private static Map<String, Supplier<Stream<Check>>> chapters() {
        Map<String, Supplier<Stream<Check>>> all = new LinkedHashMap<>(BackendContract.chapters());
        all.putAll(TensorContract.chapters());
        if (THOROUGH) return all;
        all.replaceAll((name, checks) -> {
            int one = SHARES.getOrDefault(name, 1);
            return () -> checks.get().filter(c -> Math.floorMod(c.name().hashCode(), one) == 0);
        });
        return all;
    }

    @AfterAll
    static void nothingIsLeft() throws InterruptedException {
        if (EmulatedDevice.isThere()) assertEquals("", EmulatedDevice.left());
    }
}
