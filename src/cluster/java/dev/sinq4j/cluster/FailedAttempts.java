package dev.sinq4j.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts how often each partition of the present job ended without an answer, and remembers why. */
final class FailedAttempts extends SparkListener {

    private final int limit;
    private final Map<Integer, Integer> counts = new HashMap<>();
    private final Map<Integer, String> reasons = new HashMap<>();

    /** @param limit attempts after which Spark gives the job up */
    FailedAttempts(int limit) {
        this.limit = limit;
    }

    /** A partition that was tried in vain as often as allowed, and the last reason. */
    record GivenUp(int partition, String reason) {}

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (!(end.reason() instanceof TaskFailedReason failed) || !failed.countTowardsTaskFailures()) return;
        int partition = end.taskInfo().partitionId();
        counts.merge(partition, 1, Integer::sum);
        reasons.put(partition, failed.toErrorString().lines().findFirst().orElse("no reason given"));
        notifyAll();
    }

    /** Waits a little, since Spark tells of a job's end and of its tasks' ends on different threads. */
    synchronized Optional<GivenUp> await(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (find().isEmpty() && System.nanoTime() < end) wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        return find();
    }

    private Optional<GivenUp> find() {
        return counts.entrySet().stream()
                .filter(each -> each.getValue() >= limit)
                .findFirst()
                .map(each -> new GivenUp(each.getKey(), reasons.getOrDefault(each.getKey(), "no reason given")));
    }

    /** Begins with the next job. */
    synchronized void forget() {
        counts.clear();
        reasons.clear();
    }
}
