package dev.sinq4j.report.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The page as one HTML file that loads nothing else. */
public final class PageText {

    private PageText() {}

    /** The whole file. */
    public static String of(Page page) {
        TemplateEngine templates = TemplateEngine.createPrecompiled(
                null, ContentType.Html, PageText.class.getClassLoader(), PageText.class.getPackageName());
        StringOutput text = new StringOutput();
        templates.render(
                "report.jte",
                Map.of("page", page, "style", resource("report.css"), "script", resource("report.js")),
                text);
        return text.toString();
    }

    private static String resource(String name) {
        try (InputStream resource = PageText.class.getResourceAsStream(name)) {
            if (resource == null) throw new FileNotFoundException(name + " is not on the class path");
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
