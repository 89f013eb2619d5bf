/** Moving bytes from a server into files, safely: requests, retries, locks, verification. Knows nothing of the hub. */
@NullMarked
package dev.sinq4j.hub.transfer;

import org.jspecify.annotations.NullMarked;
