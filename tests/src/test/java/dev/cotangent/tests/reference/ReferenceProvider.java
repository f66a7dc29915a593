package dev.cotangent.tests.reference;

import dev.cotangent.Device;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.BackendProvider;

/** Offers two reference devices, so that what goes from one device to another can be tried anywhere. */
public final class ReferenceProvider implements BackendProvider {
    /** The kind of device. */
    public static final String TYPE = "reference";

    @Override
    public String deviceType() {
        return TYPE;
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Probe probe() {
        return new Probe(2, "computes element by element in double");
    }

    @Override
    public Backend open(int index) {
        return new ReferenceBackend(new Device(TYPE, index));
    }
}
