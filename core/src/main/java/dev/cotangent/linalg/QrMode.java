package dev.cotangent.linalg;

import dev.cotangent.CotangentException;
import java.util.Locale;

/** The parts of a QR factorisation of an m x n matrix that are computed, k being the smaller of m and n. */
public enum QrMode {
    /** Q of size m x k, R of size k x n. */
    REDUCED,
    /** Q of size m x m, R of size m x n. */
    COMPLETE,
    /** R of size k x n alone; Q is empty. */
    R;

    /** Returns the mode of PyTorch's name; throws its error for another one. */
    public static QrMode of(String name) {
        for (QrMode m : values()) if (m.name().toLowerCase(Locale.ROOT).equals(name)) return m;
        throw new CotangentException("qr received unrecognized mode '" + name
                + "' but expected one of 'reduced' (default), 'r', or 'complete'");
    }
}
