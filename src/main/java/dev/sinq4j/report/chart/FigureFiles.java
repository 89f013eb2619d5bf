package dev.sinq4j.report.chart;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.chart.Figure.Panel;
import dev.sinq4j.report.chart.Figure.Point;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A figure as bytes of a file; the same figure gives the same bytes. */
public final class FigureFiles {

    private static final String SVG = "http://www.w3.org/2000/svg";

    /** Pixels of a PNG per unit of a figure, for screens and print alike. */
    private static final int PNG_SCALE = 2;

    private FigureFiles() {}

    /** A PNG of twice the figure's size. */
    public static byte[] png(Figure figure) throws IOException {
        BufferedImage image =
                new BufferedImage(figure.width() * PNG_SCALE, figure.height() * PNG_SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = image.createGraphics();
        canvas.scale(PNG_SCALE, PNG_SCALE);
        FigurePainter.paint(figure, canvas);
        canvas.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    /** A PDF of one page in the figure's size, without dates; its identifier comes from the figure's name. */
    public static byte[] pdf(Figure figure) throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle(figure.width(), figure.height()));
            document.addPage(page);
            var canvas = new PdfBoxGraphics2D(document, figure.width(), figure.height());
            FigurePainter.paint(figure, canvas);
            canvas.dispose();
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawForm(canvas.getXFormObject());
            }
            document.getDocumentInformation().setTitle(figure.title());
            document.getDocumentInformation().getCOSObject().removeItem(COSName.MOD_DATE);
            document.setDocumentId((long) figure.name().hashCode());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    /** An SVG, without declarations so that it can also stand inside a page, that scales, names itself to screen readers and tells the values of its points where the pointer rests. */
    public static String svg(Figure figure) throws IOException {
        Document document = emptyDocument();
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setComment("sinq4j");
        context.setPrecision(2);
        context.setIDGenerator(new PrefixedIds(figure.name()));
        SVGGraphics2D canvas = new SVGGraphics2D(context, true);
        FigurePainter.paint(figure, canvas);
        Element root = canvas.getRoot();
        describe(root, figure);
        for (int i = 0; i < figure.panels().size(); i++) addPoints(root, figure, i);
        StringWriter text = new StringWriter();
        canvas.stream(root, text, true, false);
        return text.toString().replaceFirst("(?s)^.*?(?=<svg)", "");
    }

    private static Document emptyDocument() {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's own XML parser cannot be configured", e);
        }
    }

    private static void describe(Element root, Figure figure) {
        root.setAttribute("viewBox", "0 0 " + figure.width() + " " + figure.height());
        root.setAttribute("width", Integer.toString(figure.width()));
        root.setAttribute("height", Integer.toString(figure.height()));
        root.setAttribute("role", "img");
        root.setAttribute("aria-label", figure.title() + ". " + figure.description());
    }

    private static void addPoints(Element root, Figure figure, int index) {
        Panel panel = figure.panels().get(index);
        AxesChart<?, ?> chart = panel.chart();
        for (Point point : panel.points()) {
            Element spot = root.getOwnerDocument().createElementNS(SVG, "circle");
            spot.setAttribute("cx", pixel(FigurePainter.left(figure, index) + chart.getScreenXFromChart(point.x())));
            spot.setAttribute("cy", pixel(FigurePainter.top(figure, index) + chart.getScreenYFromChart(point.y())));
            spot.setAttribute("r", "7");
            spot.setAttribute("fill", "#fff");
            spot.setAttribute("fill-opacity", "0");
            spot.setAttribute("stroke", "none");
            Element title = root.getOwnerDocument().createElementNS(SVG, "title");
            title.setTextContent(point.text());
            spot.appendChild(title);
            root.appendChild(spot);
        }
    }

    private static String pixel(double value) {
        return Numerals.fixed(value, 1);
    }

    /** Identifiers that stay apart when several figures stand in one page. */
    private static final class PrefixedIds extends SVGIDGenerator {

        private final String prefix;

        PrefixedIds(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public String generateID(String kind) {
            return prefix + "-" + super.generateID(kind);
        }
    }
}
