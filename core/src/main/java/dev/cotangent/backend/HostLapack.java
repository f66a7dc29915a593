package dev.cotangent.backend;

import dev.cotangent.Device;
import dev.cotangent.UnsupportedException;
import dev.cotangent.internal.Logs;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/** LAPACK's routines for a device that has none: by way of the host, on the CPU's backend. */
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
        if (TOLD.add(device)) LOG.info("Linear algebra of {} goes by way of the host", device);
        Backend cpu = Backends.of(Device.cpu());
        Strided[] there = new Strided[operands.length];
        for (int i = 0; i < operands.length; i++) {
            there[i] = Decompositions.fresh(cpu, operands[i].dtype(), operands[i].layout());
            if (routine.reads(i)) move(backend, operands[i], cpu, there[i]);
        }
        cpu.lapack(routine, there, flags);
        for (int i = 0; i < operands.length; i++) {
            if (routine.writes(i)) move(cpu, there[i], backend, operands[i]);
        }
    }

    /** Copies through memory of the host; {@code to} may have any layout. */
    private static void move(Backend source, Strided from, Backend target, Strided to) {
        if (from.numel() == 0) return;
        Strided packed = from;
        if (!from.layout().isContiguous()) {
            packed = Decompositions.fresh(source, from.dtype(), from.layout());
            source.copy(from, packed);
        }
        byte[] bytes = new byte
                [Math.toIntExact(Math.multiplyExact(from.numel(), from.dtype().bytes()))];
        source.read(packed.storage(), packed.layout().offset(), MemorySegment.ofArray(bytes));
        Strided landed = to.layout().isContiguous() ? to : Decompositions.fresh(target, to.dtype(), to.layout());
        target.write(landed.storage(), landed.layout().offset(), MemorySegment.ofArray(bytes));
        if (landed != to) target.copy(landed, to);
    }
}
