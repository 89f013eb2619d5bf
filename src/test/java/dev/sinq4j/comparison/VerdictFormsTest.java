package dev.sinq4j.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class VerdictFormsTest {

    private static final String HOSTILE = "a <b> & \"c\" | d\u0000e]]>";

    private static final Verdict VERDICT = new Verdict(
            List.of(
                    new Finding(HOSTILE, "perplexity of x", Outcome.REGRESSION, HOSTILE, null),
                    new Finding("cell", "", Outcome.EXTRA_CELL, "new", null)),
            List.of(),
            List.of());

    @Test
    void junitXmlHoldsEveryCharacterThatXmlCan() throws Exception {
        Document document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(VerdictJunit.of(VERDICT).getBytes(StandardCharsets.UTF_8)));
        Element suite = document.getDocumentElement();
        assertEquals("2", suite.getAttribute("tests"));
        assertEquals("1", suite.getAttribute("failures"));
        assertEquals("1", suite.getAttribute("skipped"));
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertEquals("regression", failure.getAttribute("type"));
        assertEquals(HOSTILE.replace('\u0000', '\uFFFD'), failure.getAttribute("message"));
    }

    @Test
    void aMarkdownTableKeepsItsColumns() {
        String markdown = VerdictText.markdown(VERDICT);
        assertTrue(markdown.startsWith("### Accuracy: FAILED (regression 1): 1 figures compared, 0 improved\n"));
        assertTrue(markdown.contains("| **regression** | a &lt;b> & \"c\" \\| d"), markdown);
    }

    @Test
    void whatIsWithinItsToleranceIsFoldedUpInMarkdown() {
        Verdict verdict = new Verdict(
                List.of(
                        new Finding("sound", "perplexity of x", Outcome.WITHIN, "equal", null),
                        new Finding("new", "", Outcome.EXTRA_CELL, "the baseline has no such cell", null),
                        new Finding("gone", "", Outcome.MISSING_CELL, "the candidate has no such cell", null)),
                List.of(),
                List.of());
        assertEquals("""
            ### Accuracy: FAILED (missing cell 1): 1 figures compared, 0 improved

            | outcome | cell | figure | found |
            |---|---|---|---|
            | **missing cell** | gone |  | the candidate has no such cell |
            | extra cell | new |  | the baseline has no such cell |

            <details><summary>1 within tolerance</summary>

            | outcome | cell | figure | found |
            |---|---|---|---|
            | within tolerance | sound | perplexity of x | equal |

            </details>
            """, VerdictText.markdown(verdict));
    }

    @Test
    void jsonHoldsTheVerdictAndEveryDifference() {
        Verdict verdict = Comparison.of(
                Runs.of(Runs.cell(Runs.shifted(0.01))), Runs.of(Runs.cell(Runs.LOSSES)), Tolerances.standard());
        JsonNode json = new ObjectMapper().valueToTree(verdict);
        assertEquals(false, json.required("passed").booleanValue());
        JsonNode finding = json.required("findings").required(0);
        assertEquals("regression", finding.required("outcome").textValue());
        JsonNode change = finding.required("change");
        assertEquals(0.010050, change.required("relative").doubleValue(), 1e-6);
        assertEquals(4, change.required("noise").required("items").intValue());
    }
}
