package dev.sinq4j.report.paper;

import dev.sinq4j.report.cells.Numerals;
import java.util.List;

/** What became of one number of a paper. */
public sealed interface Verdict {

    /** One word a kind, for files. */
    String kind();

    /** For readers. */
    String text();

    /**
     * Measured as in the paper, and close.
     *
     * @param within percent of the paper's value, or percentage points
     */
    record Reproduced(double within, boolean points) implements Verdict {
        @Override
        public String kind() {
            return "reproduced";
        }

        @Override
        public String text() {
            return "reproduced within " + Numerals.significant(within, 1) + (points ? " points" : " %");
        }
    }

    /** Measured as in the paper, and not close. */
    record NotReproduced() implements Verdict {
        @Override
        public String kind() {
            return "not-reproduced";
        }

        @Override
        public String text() {
            return "not reproduced";
        }
    }

    /** Measured otherwise than in the paper, so that equal figures would be chance. */
    record SettingDiffers(List<String> differences) implements Verdict {
        @Override
        public String kind() {
            return "setting-differs";
        }

        @Override
        public String text() {
            return "setting differs: " + String.join("; ", differences);
        }
    }

    /** Not measured. */
    record NotRun() implements Verdict {
        @Override
        public String kind() {
            return "not-run";
        }

        @Override
        public String text() {
            return "not run here";
        }
    }
}
