package dev.sinq4j.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Loads the classes of {@code dev.sinq4j.kernel.vector} anew, so that a vector width, and whether codes are converted, can be
 * constants in them and yet be chosen, and several choices can live in one JVM.
 */
public final class SpeciesLoader extends ClassLoader {

    private static final String VECTOR = "dev.sinq4j.kernel.vector.";

    private final int bits;
    private final boolean converting;

    SpeciesLoader(int bits, boolean converting) {
        super(SpeciesLoader.class.getClassLoader());
        this.bits = bits;
        this.converting = converting;
    }

    /** Bits of a vector. */
    public int bits() {
        return bits;
    }

    /** Whether codes are converted to fp32 even where {@link Subnormals} are fast. */
    public boolean converting() {
        return converting;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(VECTOR)) return super.loadClass(name, resolve);
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) throw new ClassNotFoundException(name);
            byte[] bytes = file.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
