package dev.sinq4j.comparison;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A verdict as JUnit XML, which continuous integration shows as test cases: one for each finding, named after the figure, in
 * a class named after the cell.
 */
public final class VerdictJunit {

    private static final String SUITE = "accuracy";
    private static final String WHOLE_CELL = "cell";
    /** What XML 1.0 cannot hold. */
    private static final String FORBIDDEN =
            "[^\\x09\\x0A\\x0D\\x20-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]";

    private final XMLStreamWriter xml;

    private VerdictJunit(XMLStreamWriter xml) {
        this.xml = xml;
    }

    /** The whole document. */
    public static String of(Verdict verdict) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            new VerdictJunit(xml).suite(verdict);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing XML to a string", e);
        }
        return text.append('\n').toString();
    }

    private void suite(Verdict verdict) throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("testsuite");
        attribute("name", SUITE);
        attribute("tests", String.valueOf(verdict.findings().size()));
        attribute("failures", String.valueOf(verdict.failures()));
        attribute("errors", "0");
        attribute(
                "skipped",
                String.valueOf(verdict.findings().stream()
                        .filter(VerdictJunit::isExtra)
                        .count()));
        for (Finding finding : verdict.findings()) testCase(finding);
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private void testCase(Finding finding) throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement("testcase");
        attribute("classname", finding.cell());
        attribute("name", finding.figure().isEmpty() ? WHOLE_CELL : finding.figure());
        if (finding.outcome().isFailure()) {
            xml.writeStartElement("failure");
            attribute("type", finding.outcome().words());
            attribute("message", finding.message());
            xml.writeEndElement();
        } else if (isExtra(finding)) {
            xml.writeEmptyElement("skipped");
            attribute("message", finding.message());
        } else {
            xml.writeStartElement("system-out");
            xml.writeCharacters(legal(finding.outcome().words() + ": " + finding.message()));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static boolean isExtra(Finding finding) {
        return finding.outcome() == Outcome.EXTRA_CELL || finding.outcome() == Outcome.EXTRA_FIGURE;
    }

    private void attribute(String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, legal(value));
    }

    private static String legal(String text) {
        return text.replaceAll(FORBIDDEN, "\uFFFD");
    }
}
