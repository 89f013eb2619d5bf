package dev.sinq4j.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Copies between host and device by way of two pieces of page-locked memory: while the device copies one, the host fills or
 * empties the other. Needs the context to be current.
 */
final class PinnedStaging implements AutoCloseable {

    private static final long PIECE_BYTES = 8L << 20;

    /** One piece, and when the device is done with it. */
    private static final class Piece {
        final HostAddress address = new HostAddress();
        final CUevent done = new CUevent();
        final MemorySegment memory;

        Piece() {
            JCudaDriver.cuMemAllocHost(address, PIECE_BYTES);
            JCudaDriver.cuEventCreate(done, CUevent_flags.CU_EVENT_DISABLE_TIMING);
            memory = MemorySegment.ofAddress(address.value()).reinterpret(PIECE_BYTES);
        }

        void await() {
            JCudaDriver.cuEventSynchronize(done); // an event never recorded counts as done
        }
    }

    private final CUstream stream;
    private final Piece[] pieces = {new Piece(), new Piece()};
    private int next;

    PinnedStaging(CUstream stream) {
        this.stream = stream;
    }

    private Piece turn() {
        next = 1 - next;
        return pieces[next];
    }

    /** Returns when the host's memory was read; the device may still be copying. */
    void upload(MemorySegment from, long to, long bytes) {
        for (long at = 0; at < bytes; at += PIECE_BYTES) {
            long count = Math.min(PIECE_BYTES, bytes - at);
            Piece piece = turn();
            piece.await();
            MemorySegment.copy(from, at, piece.memory, 0, count);
            JCudaDriver.cuMemcpyHtoDAsync(DeviceAddress.of(to + at), piece.address, count, stream);
            JCudaDriver.cuEventRecord(piece.done, stream);
        }
    }

    /** Returns when everything has arrived. */
    void download(long from, MemorySegment to, long bytes) {
        for (long at = 0; at < bytes + PIECE_BYTES; at += PIECE_BYTES) {
            Piece earlier = pieces[next];
            if (at < bytes) start(from + at, Math.min(PIECE_BYTES, bytes - at));
            long before = at - PIECE_BYTES;
            if (before < 0) continue;
            earlier.await();
            MemorySegment.copy(earlier.memory, 0, to, before, Math.min(PIECE_BYTES, bytes - before));
        }
    }

    private void start(long from, long count) {
        Piece piece = turn();
        piece.await();
        JCudaDriver.cuMemcpyDtoHAsync(piece.address, DeviceAddress.of(from), count, stream);
        JCudaDriver.cuEventRecord(piece.done, stream);
    }

    @Override
    public void close() {
        for (Piece piece : pieces) {
            JCudaDriver.cuEventDestroy(piece.done);
            JCudaDriver.cuMemFreeHost(piece.address);
        }
    }
}
