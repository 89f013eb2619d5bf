package dev.sinq4j.cli.doctor;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.util.Map;

/** Whether text can be drawn into figures without a screen. */
final class FontCheck {

    private static final String REMEDY =
            "apt install libfontconfig1 libfreetype6 fonts-dejavu-core; until then figures are left out, numbers are"
                    + " not";

    private FontCheck() {}

    static Finding look() {
        try {
            int families = GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length;
            Graphics2D graphics = new BufferedImage(64, 16, BufferedImage.TYPE_INT_RGB).createGraphics();
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            graphics.drawString("bits", 0, 12);
            graphics.dispose();
            return Finding.ok("fonts", families + " font families", Map.of("families", families));
        } catch (Throwable e) {
            return Finding.limited("fonts", "no text can be drawn (" + e + ")", REMEDY, Map.of());
        }
    }
}
