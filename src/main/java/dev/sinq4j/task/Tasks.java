package dev.sinq4j.task;

import java.util.List;
import java.util.Optional;

/** The tasks there are. */
public final class Tasks {

    private static final List<Task> ALL = List.of(
            new Piqa(), new HellaSwag(), new Mmlu(), Arc.easy(), Arc.challenge(), new WinoGrande(), new Lambada());

    private Tasks() {}

    public static Optional<Task> find(String name) {
        return ALL.stream().filter(task -> task.name().equals(name)).findFirst();
    }

    public static List<String> names() {
        return ALL.stream().map(Task::name).toList();
    }
}
