package dev.sinq4j.report.page;

/**
 * A figure inside the page.
 *
 * @param svg an svg element, which names itself to screen readers
 */
public record PageFigure(String name, String title, String description, String svg) {}
