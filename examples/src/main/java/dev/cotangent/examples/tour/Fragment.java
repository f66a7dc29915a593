package dev.cotangent.examples.tour;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a static method without parameters as a fragment of a tutorial: its id and, after a blank, its title. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Fragment {
    /** Returns the id, such as {@code 000.1}, and optionally a title. */
    String value();
}
