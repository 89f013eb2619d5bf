package dev.sinq4j.cli;

import dev.sinq4j.experiment.ModelLocator;
import dev.sinq4j.hub.FetchProgress;
import dev.sinq4j.hub.Hub;
import dev.sinq4j.hub.HubSettings;
import dev.sinq4j.hub.RepoId;
import dev.sinq4j.progress.Progress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hub as commands use it: the cache first, the network only for what is not there. */
final class HubAccess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HubAccess.class);

    private final Hub hub;

    HubAccess(Console console) {
        hub = new Hub(HubSettings.fromEnvironment(), new Shown(console.progress()));
    }

    Hub hub() {
        return hub;
    }

    /** Finds models, fetching those that are not on this machine. */
    ModelLocator models() {
        return new ModelLocator(hub::model);
    }

    @Override
    public void close() {
        hub.close();
    }

    /** Bytes on a progress bar, remarks in the log. */
    private static final class Shown implements FetchProgress {

        private final Progress progress;
        private Progress.@Nullable Task task;
        private long shown;

        Shown(Progress progress) {
            this.progress = progress;
        }

        @Override
        public void begin(RepoId repo, String commit, int files, long bytes) {
            shown = 0;
            task = progress.begin("fetch " + repo.name(), bytes);
        }

        @Override
        public void advanced(long done) {
            if (task != null && done > shown) task.advance(done - shown);
            shown = Math.max(shown, done);
        }

        @Override
        public void note(String message) {
            LOG.warn("{}", message);
        }

        @Override
        public void end() {
            if (task != null) task.close();
            task = null;
        }
    }
}
