package dev.cotangent.backend;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.internal.Logs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The registry of backends: found as services, probed on first use of their device type, opened once per device. */
public final class Backends {
    private static final Logger LOG = Logs.of(Backends.class);
    private static final ConcurrentHashMap<Device, Backend> OPEN = new ConcurrentHashMap<>();
    private static final ConcurrentHashMap<String, Found> FOUND = new ConcurrentHashMap<>();
    private static volatile List<BackendProvider> all = List.of();
    private static volatile @Nullable Backend last;

    private record Found(BackendProvider provider, BackendProvider.Probe probe) {}

    private Backends() {}

    /**
     * Returns the backend of a device, or what the thread has put in front of it ({@link Interception}); throws with the
     * reason if there is none.
     */
    public static Backend of(Device device) {
        return Interception.of(direct(device));
    }

    private static Backend direct(Device device) {
        Backend recent = last;
        if (recent != null && recent.device().equals(device)) return recent;
        Backend b = OPEN.get(device);
        if (b == null) b = OPEN.computeIfAbsent(device, Backends::open);
        last = b;
        return b;
    }

    /** Returns the backends opened so far. */
    public static List<Backend> opened() {
        return List.copyOf(OPEN.values());
    }

    private static Backend open(Device device) {
        Found found = find(device.type());
        if (device.index() >= found.probe.devices()) {
            String why = found.probe.usable()
                    ? "there "
                            + (found.probe.devices() == 1 ? "is 1 device" : "are " + found.probe.devices() + " devices")
                            + " of that kind, numbered from 0"
                    : found.probe.message();
            throw new CotangentException("Device " + device + " cannot be used: " + why);
        }
        return found.provider.open(device.index());
    }

    /** Returns the probe of a device type; without a backend on the class path, says so. */
    public static BackendProvider.Probe probe(String deviceType) {
        try {
            return find(deviceType).probe;
        } catch (CotangentException e) {
            return new BackendProvider.Probe(0, e.getMessage());
        }
    }

    private static Found find(String deviceType) {
        Found found = FOUND.get(deviceType);
        if (found != null) return found;
        List<String> reasons = new ArrayList<>();
        for (BackendProvider p : providers()) {
            if (!p.deviceType().equals(deviceType)) continue;
            BackendProvider.Probe probe = p.probe();
            LOG.debug("{}: {}", p.name(), probe.message());
            if (probe.usable()) {
                FOUND.putIfAbsent(deviceType, new Found(p, probe));
                return FOUND.get(deviceType);
            }
            reasons.add(p.name() + ": " + probe.message());
        }
        if (reasons.isEmpty()) {
            reasons.add("no backend for it is on the class path; add the artifact dev.cotangent:cotangent-" + deviceType
                    + "-backend");
        }
        throw new CotangentException("Device " + deviceType + " cannot be used: " + String.join("; ", reasons));
    }

    /** Returns all providers on the class path, the highest rank first. */
    public static List<BackendProvider> providers() {
        List<BackendProvider> known = all;
        if (!known.isEmpty()) return known;
        List<BackendProvider> list = new ArrayList<>();
        var services = ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader())
                .iterator();
        while (true) {
            try {
                if (!services.hasNext()) break;
                list.add(services.next());
            } catch (ServiceConfigurationError e) {
                LOG.warn("A backend is on the class path but cannot be loaded: {}", e.getMessage());
            }
        }
        list.sort(Comparator.comparingInt(BackendProvider::rank).reversed());
        all = List.copyOf(list);
        return list;
    }
}
