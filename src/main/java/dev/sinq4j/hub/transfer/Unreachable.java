package dev.sinq4j.hub.transfer;

import java.io.IOException;

/** No connection could be made at all, though none was lost: this machine has no way to the server, and trying again is idle. */
public final class Unreachable extends IOException {

    private static final long serialVersionUID = 1L;

    Unreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
