package dev.sinq4j.cluster;

import dev.sinq4j.experiment.Cluster;
import dev.sinq4j.experiment.RemoteOutcome;
import dev.sinq4j.failure.Failure;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;

/** Apache Spark as a {@link Cluster}: one task a cell. */
public final class SparkCluster implements Cluster {

    /** For {@link java.util.ServiceLoader}. */
    public SparkCluster() {}

    @Override
    public void compute(Work work, Consumer<RemoteOutcome> outcomes) {
        SparkConf conf = SparkSettings.of(work);
        SparkContext context = connect(conf, work.master());
        try {
            new CellJobs(context, conf, work, outcomes).run();
        } catch (InterruptedException e) {
            context.cancelAllJobs();
            Thread.currentThread().interrupt();
            throw new UnavailableFailure("interrupted; finished cells are stored", e);
        } finally {
            context.stop();
            ExecutorCells.release();
        }
    }

    private static SparkContext connect(SparkConf conf, String master) {
        try {
            return new SparkContext(conf);
        } catch (RuntimeException e) {
            throw unreachable(master, e);
        } catch (Exception e) { // Scala does not declare what it throws: SparkException is a checked one
            if (!(e instanceof SparkException)) throw e;
            throw unreachable(master, e);
        }
    }

    private static Failure unreachable(String master, Exception e) {
        String hint = master.startsWith("k8s://") || master.equals("yarn")
                ? "start it with the spark-submit of a Spark distribution, which has the parts for it; see"
                        + " docs/cluster.md"
                : "expected local[N], spark://HOST:PORT, yarn or k8s://HOST:PORT";
        String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new UnavailableFailure("--cluster " + master + ": " + reason + "; " + hint, e);
    }
}
