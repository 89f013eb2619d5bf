package dev.sinq4j.cluster;

import dev.sinq4j.experiment.RemoteOutcome;
import dev.sinq4j.experiment.WorkOrder;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** Runs on an executor: the one cell of a partition. */
final class CellTask extends AbstractFunction2<TaskContext, Iterator<Integer>, RemoteOutcome> implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Where the program looks for the CUDA device it shall use. */
    static final String DEVICE = "sinq4j.cuda.device";

    private final WorkOrder order;

    CellTask(WorkOrder order) {
        this.order = order;
    }

    @Override
    public RemoteOutcome apply(TaskContext context, Iterator<Integer> cell) {
        device(context.resourcesJMap()).ifPresent(address -> System.setProperty(DEVICE, address));
        return ExecutorCells.compute(order, cell.next());
    }

    /** The address of the first GPU that Spark assigned to a task. */
    static Optional<String> device(Map<String, ResourceInformation> resources) {
        return Optional.ofNullable(resources.get("gpu"))
                .flatMap(gpu -> Stream.of(gpu.addresses()).findFirst());
    }
}
