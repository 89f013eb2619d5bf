package dev.sinq4j.statistics;

/** How small a true difference an experiment of a given size can show. */
public final class DetectableDifference {

    private DetectableDifference() {}

    /**
     * The mean paired difference that a two-sided 5 % test finds with a chance of 80 %.
     *
     * @param deviation standard deviation of the difference from item to item
     * @param size      items
     */
    public static double ofMean(double deviation, int size) {
        return (Normal.quantile(0.975) + Normal.quantile(0.8)) * deviation / Math.sqrt(size);
    }
}
