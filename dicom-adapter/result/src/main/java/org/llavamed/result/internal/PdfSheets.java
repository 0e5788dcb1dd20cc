package org.llavamed.result.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.Calendar;
import java.util.zip.DeflaterOutputStream;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.color.PDColorSpace;
import org.apache.pdfbox.pdmodel.graphics.color.PDDeviceGray;
import org.apache.pdfbox.pdmodel.graphics.color.PDDeviceRGB;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.imaging.Picture;

/**
 * Sheets of A4 that are filled from the top, with the research notice above and below on each. The
 * same content gives the same bytes. Lengths are points, 1/72 inch.
 */
final class PdfSheets implements Closeable {
  static final float TEXT = 10;
  static final float HEADING = 13;

  private static final float MARGIN = 48;
  private static final float BAR = 22;
  private static final float LEADING = 1.3f;
  private static final float MOST_PICTURE_HEIGHT = 300;
  private static final float WIDTH = PDRectangle.A4.getWidth() - 2 * MARGIN;
  private static final float TOP = PDRectangle.A4.getHeight() - MARGIN - BAR;
  private static final float BOTTOM = MARGIN + BAR;

  private final PDDocument document = new PDDocument();
  private final PdfFont font;
  private PDPageContentStream content;
  private float y;

  PdfSheets() throws IOException {
    font = new PdfFont(document);
    content = sheet();
  }

  private PDPageContentStream sheet() throws IOException {
    PDPage page = new PDPage(PDRectangle.A4);
    document.addPage(page);
    y = TOP;
    return new PDPageContentStream(document, page);
  }

  private void turn() throws IOException {
    content.close();
    content = sheet();
  }

  /** Writes a text, broken into as many lines as it needs. */
  void write(String text, float size) throws IOException {
    for (String line : font.wrap(text, size, WIDTH)) {
      if (y - size * LEADING < BOTTOM) {
        turn();
      }
      y -= size * LEADING;
      line(content, line, size, MARGIN, y);
    }
  }

  /** Leaves some room; none at the top of a sheet. */
  void space(float height) {
    y = y == TOP ? y : y - height;
  }

  private void line(PDPageContentStream on, String shown, float size, float x, float base)
      throws IOException {
    on.beginText();
    on.setFont(font.font(), size);
    on.newLineAtOffset(x, base);
    on.showText(PdfFont.visual(shown));
    on.endText();
  }

  /** Begins a sheet where a picture and some lines above it would not stay together on this one. */
  void keepTogether(Picture picture, int lines) throws IOException {
    if (y - lines * HEADING * LEADING - scale(picture) * picture.height() < BOTTOM) {
      turn();
    }
  }

  /** As large as the sheet's width and a third of its height allow. */
  private static float scale(Picture picture) {
    return Math.min(WIDTH / picture.width(), MOST_PICTURE_HEIGHT / picture.height());
  }

  /** Draws a picture. */
  void draw(Picture picture) throws IOException {
    float scale = scale(picture);
    float height = picture.height() * scale;
    if (y - height < BOTTOM) {
      turn();
    }
    y -= height;
    content.drawImage(image(picture), MARGIN, y, picture.width() * scale, height);
  }

  private PDImageXObject image(Picture picture) throws IOException {
    byte[] pixels = new byte[picture.pixels().remaining()];
    picture.pixels().get(pixels);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
      deflater.write(pixels);
    }
    PDColorSpace space = picture.channels() == 1 ? PDDeviceGray.INSTANCE : PDDeviceRGB.INSTANCE;
    return new PDImageXObject(
        document,
        new ByteArrayInputStream(bytes.toByteArray()),
        COSName.FLATE_DECODE,
        picture.width(),
        picture.height(),
        Byte.SIZE,
        space);
  }

  /** Puts notices and page numbers on all sheets and returns the document. */
  byte[] bytes(String title, Calendar date, long id) throws IOException {
    content.close();
    for (int i = 0; i < document.getNumberOfPages(); i++) {
      frame(document.getPage(i), i + 1);
    }
    var information = document.getDocumentInformation();
    information.setTitle(title);
    information.setSubject(ResearchMark.NOTICE);
    information.setCreator(ResearchMark.MANUFACTURER);
    information.setCreationDate(date);
    document.getDocumentCatalog().setLanguage("en");
    document.setDocumentId(id);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    document.save(bytes, CompressParameters.NO_COMPRESSION);
    return bytes.toByteArray();
  }

  private void frame(PDPage page, int number) throws IOException {
    try (var over = new PDPageContentStream(document, page, AppendMode.APPEND, true, true)) {
      float top = PDRectangle.A4.getHeight() - MARGIN;
      over.setNonStrokingColor(0f);
      over.addRect(MARGIN, top, WIDTH, BAR);
      over.fill();
      over.setNonStrokingColor(1f);
      centred(over, ResearchMark.NOTICE, top + 6);
      over.setNonStrokingColor(0f);
      centred(
          over,
          "%s - page %d of %d".formatted(ResearchMark.NOTICE, number, document.getNumberOfPages()),
          MARGIN - 6);
    }
  }

  private void centred(PDPageContentStream on, String text, float base) throws IOException {
    String shown = font.shown(text);
    line(on, shown, TEXT, MARGIN + (WIDTH - font.width(shown, TEXT)) / 2, base);
  }

  @Override
  public void close() throws IOException {
    document.close();
  }
}
