package dev.sinq4j.cluster;

import dev.sinq4j.experiment.RemoteOutcome;
import dev.sinq4j.experiment.WorkOrder;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import scala.Option;
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
        Option<ResourceInformation> gpu = context.resources().get("gpu");
        if (gpu.isDefined() && gpu.get().addresses().length > 0)
            System.setProperty(DEVICE, gpu.get().addresses()[0]);
        return ExecutorCells.compute(order, cell.next());
    }
}
