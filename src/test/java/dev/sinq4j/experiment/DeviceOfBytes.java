package dev.sinq4j.experiment;

import dev.sinq4j.engine.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.OptionalLong;

/** A backend that says it has a device's memory, of which nothing is left once a weight lies there; another one computes. */
final class DeviceOfBytes {

    private final Backend computing;
    private boolean taken;

    private DeviceOfBytes(Backend computing) {
        this.computing = computing;
    }

    /** @param computing closed with it */
    static Backend of(Backend computing, long bytes) {
        DeviceOfBytes device = new DeviceOfBytes(computing);
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "freeDeviceBytes" -> OptionalLong.of(device.taken ? 0 : bytes);
                    case "peakDeviceBytes" -> OptionalLong.of(7);
                    default -> {
                        if (method.getName().equals("prepare")) device.taken = true;
                        try {
                            yield method.invoke(device.computing, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }
                });
    }
}
