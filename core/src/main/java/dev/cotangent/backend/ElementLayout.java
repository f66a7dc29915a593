package dev.cotangent.backend;

/**
 * Where elements are in a storage, without the storage.
 *
 * @param layout sizes, strides and offset; in pairs of numbers if the elements are complex
 * @param form how an element is made of the numbers in memory
 */
public record ElementLayout(Layout layout, ElementForm form) {
    /** Returns where a tensor's elements are. */
    public static ElementLayout of(Strided data) {
        return new ElementLayout(data.layout(), data.form());
    }

    /** Returns whether elements of another kind are seen: conjugates, or parts of complex numbers. */
    public boolean isReinterpreted(ElementLayout other) {
        return form != other.form;
    }
}
