package dev.cotangent.emulator.ptx;

import java.util.Collections;
import java.util.Map;

/** A module of PTX: its kernels by name. */
public final class PtxModule {
    private final Map<String, PtxKernel> kernels;

    private PtxModule(Map<String, PtxKernel> kernels) {
        this.kernels = kernels;
    }

    /**
     * Reads PTX.
     *
     * @throws PtxException naming the line, if it has what this engine does not know
     */
    public static PtxModule parse(String text) {
        return new PtxModule(new PtxParser(text).kernels());
    }

    /** Returns the kernels by name. */
    public Map<String, PtxKernel> kernels() {
        return Collections.unmodifiableMap(kernels);
    }

    /** Returns the kernel of a name. */
    public PtxKernel kernel(String name) {
        PtxKernel kernel = kernels.get(name);
        if (kernel != null) return kernel;
        throw new PtxException("the module has no kernel " + name + ", only " + kernels.keySet());
    }
}
