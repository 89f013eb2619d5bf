package dev.sinq4j.report.page;

/**
 * A figure inside the page.
 *
 * @param width pixels it was drawn for; it is never shown wider
 * @param svg   an svg element, which names itself to screen readers
 */
public record PageFigure(String name, String title, String description, int width, String svg) {}
