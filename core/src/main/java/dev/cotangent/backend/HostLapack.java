package dev.cotangent.backend;

import dev.cotangent.Device;
import dev.cotangent.UnsupportedException;
import dev.cotangent.internal.Logs;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/** Runs LAPACK's routines for a device that has none on the CPU's backend. */
final class HostLapack {
    private static final Logger LOG = Logs.of(HostLapack.class);
    private static final Set<Device> TOLD = ConcurrentHashMap.newKeySet();

    private HostLapack() {}

    static void run(Backend backend, LapackRoutine routine, Strided[] operands, boolean... flags) {
        Device device = backend.device();
        if (device.isCpu()) {
            throw new UnsupportedException("the CPU's backend has no linear algebra; put the artifact"
                    + " dev.cotangent:cotangent-cpu-backend on the class path");
        }
        if (TOLD.add(device)) LOG.info("Linear algebra of {} runs on the host", device);
        Backend cpu = Backends.of(Device.cpu());
        Strided[] there = new Strided[operands.length];
        for (int i = 0; i < operands.length; i++) {
            there[i] = Decompositions.fresh(cpu, operands[i].dtype(), operands[i].layout());
            if (routine.reads(i)) Transfers.copy(operands[i], there[i]);
        }
        cpu.lapack(routine, there, flags);
        for (int i = 0; i < operands.length; i++) {
            if (routine.writes(i)) Transfers.copy(there[i], operands[i]);
        }
    }
}
