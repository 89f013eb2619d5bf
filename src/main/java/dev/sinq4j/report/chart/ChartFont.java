package dev.sinq4j.report.chart;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The one font of all figures, taken from the class path, so that figures are the same whatever a machine has installed. */
final class ChartFont {

    /** Comes with PDFBox; SIL Open Font License. */
    private static final String RESOURCE = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    private static final Font FONT = load();

    private ChartFont() {}

    static Font size(float size) {
        return FONT.deriveFont(size);
    }

    private static Font load() {
        try (InputStream font = ChartFont.class.getResourceAsStream(RESOURCE)) {
            if (font == null) throw new FileNotFoundException(RESOURCE + " is not on the class path");
            return Font.createFont(Font.TRUETYPE_FONT, font);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FontFormatException e) {
            throw new IllegalStateException(RESOURCE + " is damaged", e);
        }
    }
}
