package dev.cotangent.tests.golden;

/** The library has no such operation, or none that takes such arguments. */
final class NotOffered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotOffered(String message) {
        super(message);
    }
}
