package dev.sinq4j.config.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What is known of one key of a configuration beyond its type: the loader checks it, the schema says it. A component that
 * has neither a fallback nor {@code @Nullable} is required. Keys are the component names in kebab-case.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Setting {

    /** One sentence for editors and for the message about a missing key. */
    String value();

    /** The default, as YAML; empty for none. */
    String fallback() default "";

    /** Smallest number, of each item if it is a list. */
    long min() default Long.MIN_VALUE;

    /** Largest number, of each item if it is a list. */
    long max() default Long.MAX_VALUE;

    /** The only texts allowed; empty for any. */
    String[] allowed() default {};

    /** What a text must match as a whole; empty for any. */
    String pattern() default "";

    /** The pattern in words, to follow "is not". */
    String patternSays() default "";

    /** Fewest items of a list. */
    int minItems() default 1;

    /** One value may stand for a list of one. */
    boolean oneOrMany() default false;
}
