package dev.cotangent.examples.tour;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a static method without parameters as a fragment of a seed: its id and, after a blank, its title. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Fragment {
    /** The id, such as {@code 000.1}, and perhaps a title. */
    String value();
}
