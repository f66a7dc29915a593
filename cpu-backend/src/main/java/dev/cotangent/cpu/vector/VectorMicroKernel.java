package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.MicroKernel;

/** A generated micro-kernel; {@link MicroKernelGenerator} writes its loops. */
abstract class VectorMicroKernel extends MicroKernel {
    @Override
    public final void packPanels(int panels, int k, Object b, int i, int ldb, Object to, int j, int further) {
        int p = 0;
        for (; p + PANELS <= panels; p += PANELS)
            packPanels(k, b, i + p * columns(), ldb, to, j + p * further, further);
        for (; p < panels; p++) packPanel(k, b, i + p * columns(), ldb, to, j + p * further, further);
    }

    abstract void packPanels(int k, Object b, int i, int ldb, Object to, int j, int further);

    abstract void packPanel(int k, Object b, int i, int ldb, Object to, int j, int further);
}
