package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Architecture;

/** Reads the configurations of one model family. */
interface Family {

    /** Value of {@code model_type}. */
    String modelType();

    /** transformers' class of the language model, as listed in {@code architectures}. */
    String className();

    /** @throws dev.sinq4j.failure.UnavailableFailure if a field is missing, wrong or asks for what is not supported */
    Architecture read(ConfigJson config);
}
