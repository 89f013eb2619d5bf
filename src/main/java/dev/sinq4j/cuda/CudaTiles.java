package dev.sinq4j.cuda;

import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.RoundedTiles;
import dev.sinq4j.quant.SearchTask;
import dev.sinq4j.quant.TileDevice;
import dev.sinq4j.quant.TileTask;
import dev.sinq4j.tensor.Tensor;

/** Quantizes layers on a device, one at a time; memory for the largest stays until this is closed. */
final class CudaTiles implements TileDevice, AutoCloseable {

    private final Gpu gpu;
    private final Workspace memory;

    CudaTiles(Gpu gpu) {
        this.gpu = gpu;
        memory = new Workspace(gpu);
    }

    @Override
    public boolean knows(TileTask task) {
        return TileShape.fits(task.group());
    }

    @Override
    public synchronized boolean round(Tensor weight, TileTask task, RoundedTiles out) {
        TileRounder rounder = TileRounder.in(memory, gpu, weight, task);
        if (!rounder.tiles().gather(weight, task.toHalf())) return false;
        rounder.tiles().normalize();
        rounder.round();
        rounder.read(out);
        return true;
    }

    @Override
    public boolean knows(SearchTask task) {
        return TileShape.fits(task.group());
    }

    @Override
    public synchronized double[] outputErrors(Tensor weight, SearchTask task, Inputs inputs, float[][] candidates) {
        CandidateErrors errors = CandidateErrors.in(memory, gpu, weight, task, inputs.tokens(), candidates.length);
        errors.tiles().gather(weight, task.toHalf());
        if (task.normalizes()) errors.tiles().normalize();
        return errors.of(inputs, candidates);
    }

    @Override
    public void close() {
        memory.close();
    }
}
