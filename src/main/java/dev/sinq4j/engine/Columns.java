package dev.sinq4j.engine;

/**
 * Some columns of a matrix: number c of row r is {@code of[first + r * stride + c]}.
 *
 * @param of     the matrix's memory
 * @param stride numbers from one row to the next
 * @param first  where row 0 starts
 */
public record Columns(Activations of, int stride, int first) {}
