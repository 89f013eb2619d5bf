package dev.sinq4j.cluster;

import dev.sinq4j.cluster.FailedAttempts.GivenUp;
import dev.sinq4j.experiment.Cluster.Work;
import dev.sinq4j.experiment.RemoteOutcome;
import dev.sinq4j.experiment.RemoteOutcome.Lost;
import dev.sinq4j.failure.Failure;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;

/**
 * One Spark job for all cells, one task a cell. Where a cell has cost its attempts, Spark gives the whole job up: that cell is
 * then reported as lost, and another job computes those that have no outcome yet.
 */
final class CellJobs {

    private static final Logger LOG = LoggerFactory.getLogger(CellJobs.class);
    private static final long MILLIS_TO_THE_FIRST_EXECUTOR = 60_000;
    private static final long QUIET_MILLIS = 1_500;
    private static final long EVENT_MILLIS = 5_000;

    private final SparkContext context;
    private final Work work;
    private final Consumer<RemoteOutcome> outcomes;
    private final boolean local;
    private final Executors executors = new Executors();
    private final FailedAttempts attempts;
    private final Set<Integer> done = ConcurrentHashMap.newKeySet();
    private volatile @Nullable RuntimeException refused;

    CellJobs(SparkContext context, SparkConf conf, Work work, Consumer<RemoteOutcome> outcomes) {
        this.context = context;
        this.work = work;
        this.outcomes = outcomes;
        this.local = conf.get("spark.master").startsWith("local[");
        this.attempts = new FailedAttempts(conf.getInt("spark.task.maxFailures", SparkSettings.ATTEMPTS));
        context.addSparkListener(executors);
        context.addSparkListener(attempts);
    }

    /**
     * Computes every cell.
     *
     * @throws Failure if no executor comes, or what the consumer threw
     */
    void run() throws InterruptedException {
        List<Integer> left = work.cells();
        while (!left.isEmpty()) {
            job(left);
            left = work.cells().stream().filter(cell -> !done.contains(cell)).toList();
        }
    }

    private void job(List<Integer> cells) throws InterruptedException {
        attempts.forget();
        Seq<Tuple2<Integer, Seq<String>>> placed = placed(cells);
        try {
            submit(cells, placed);
        } catch (Exception e) { // Scala does not declare what it throws: SparkException is a checked one
            if (refused != null) throw refused;
            GivenUp cell = attempts.await(EVENT_MILLIS)
                    .orElseThrow(() -> new UnavailableFailure(
                            "Spark gave up: " + firstLine(e) + "; finished cells are stored, run again", e));
            int number = cells.get(cell.partition());
            done.add(number);
            outcomes.accept(new Lost(
                    number, "no answer after " + SparkSettings.ATTEMPTS + " attempts; the last one: " + cell.reason()));
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private void submit(List<Integer> cells, Seq<Tuple2<Integer, Seq<String>>> placed) {
        RDD<Integer> partitions = context.makeRDD(placed, ClassTag.apply(Integer.class));
        List<Object> all =
                new ArrayList<>(IntStream.range(0, cells.size()).boxed().toList());
        context.runJob(
                partitions,
                new CellTask(work.order()),
                seq(all),
                (partition, outcome) -> {
                    take(cells.get((int) partition), outcome);
                    return BoxedUnit.UNIT;
                },
                ClassTag.apply(RemoteOutcome.class));
    }

    /** Called by one thread of Spark's; what it throws ends the job. */
    private void take(int cell, RemoteOutcome outcome) {
        if (!done.add(cell)) return;
        try {
            outcomes.accept(outcome);
        } catch (RuntimeException e) {
            refused = e;
            throw e;
        }
    }

    private Seq<Tuple2<Integer, Seq<String>>> placed(List<Integer> cells) throws InterruptedException {
        List<List<String>> places = Placement.of(cells.size(), places());
        List<Tuple2<Integer, Seq<String>>> placed = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) placed.add(new Tuple2<>(cells.get(i), seq(places.get(i))));
        return seq(placed);
    }

    private List<String> places() throws InterruptedException {
        if (local) return List.of();
        List<String> places = executors.await(MILLIS_TO_THE_FIRST_EXECUTOR, QUIET_MILLIS);
        if (context.isStopped())
            throw new UnavailableFailure("--cluster " + work.master() + ": the cluster ended the run, because no"
                    + " executor could be started; the workers' logs say why");
        if (places.isEmpty())
            throw new UnavailableFailure("--cluster " + work.master() + ": no executor with "
                    + context.getConf().get("spark.executor.cores") + " cores and "
                    + context.getConf().get("spark.executor.memory") + " has come in a minute; start workers, or ask"
                    + " for less with --threads N and -Dspark.executor.memory=SIZE");
        LOG.info("{} executors: {}", places.size(), new HashSet<>(places));
        return places;
    }

    private static <T> Seq<T> seq(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }
}
