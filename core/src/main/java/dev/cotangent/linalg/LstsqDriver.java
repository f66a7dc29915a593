package dev.cotangent.linalg;

import dev.cotangent.CotangentException;
import java.util.Locale;

/** Algorithms of least squares, by the names of LAPACK's routines. */
public enum LstsqDriver {
    /** By QR; the matrix must have full rank. */
    GELS,
    /** For any rank; the default. */
    GELSY,
    /** For any rank, with singular values. */
    GELSD,
    /** As GELSD. */
    GELSS;

    /** Returns the driver of PyTorch's name; throws its error for another one. */
    public static LstsqDriver of(String name) {
        for (LstsqDriver d : values()) if (d.name().toLowerCase(Locale.ROOT).equals(name)) return d;
        throw new CotangentException(
                "torch.linalg.lstsq: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)");
    }
}
