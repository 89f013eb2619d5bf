package dev.sinq4j.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** The executors there are now, as Spark writes preferred places: {@code executor_HOST_ID}. */
final class Executors extends SparkListener {

    private final Map<String, String> places = new LinkedHashMap<>();
    private boolean ended;

    @Override
    public synchronized void onExecutorAdded(SparkListenerExecutorAdded added) {
        places.put(added.executorId(), "executor_" + added.executorInfo().executorHost() + "_" + added.executorId());
        notifyAll();
    }

    @Override
    public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        places.remove(removed.executorId());
    }

    @Override
    public synchronized void onApplicationEnd(SparkListenerApplicationEnd end) {
        ended = true;
        notifyAll();
    }

    /**
     * Waits for the first executor, and then until no further one has come for a while.
     *
     * @return where they are; empty if none came
     */
    synchronized List<String> await(long millis, long quietMillis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (places.isEmpty() && !ended && System.nanoTime() < end)
            wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        int known = 0;
        while (places.size() > known) {
            known = places.size();
            wait(quietMillis);
        }
        return new ArrayList<>(places.values());
    }
}
