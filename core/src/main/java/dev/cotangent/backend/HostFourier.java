package dev.cotangent.backend;

import dev.cotangent.Device;
import dev.cotangent.UnsupportedException;
import dev.cotangent.internal.Logs;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/** Runs Fourier transforms for a device that has none on the CPU's backend. */
final class HostFourier {
    private static final Logger LOG = Logs.of(HostFourier.class);
    private static final Set<Device> TOLD = ConcurrentHashMap.newKeySet();

    private HostFourier() {}

    static void run(Backend backend, FourierTransform transform, Strided in, Strided out, int dim) {
        Device device = backend.device();
        if (device.isCpu()) {
            throw new UnsupportedException("the CPU's backend has no Fourier transforms; put the artifact"
                    + " dev.cotangent:cotangent-cpu-backend on the class path");
        }
        if (TOLD.add(device)) LOG.info("Fourier transforms of {} run on the host", device);
        Backend cpu = Backends.of(Device.cpu());
        Strided from = Decompositions.fresh(cpu, in.dtype(), in.layout());
        Strided to = Decompositions.fresh(cpu, out.dtype(), out.layout());
        Transfers.copy(in, from);
        cpu.fourier(transform, from, to, dim);
        Transfers.copy(to, out);
    }
}
