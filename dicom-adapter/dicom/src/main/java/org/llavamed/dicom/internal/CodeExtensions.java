package org.llavamed.dicom.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Decodes one value field with the code extensions of ISO 2022 (PS3.5 section 6.1.2.5). */
final class CodeExtensions {
  static final int ESCAPE = 0x1B;
  private static final int SINGLE_SHIFT_3 = 0x8F;
  private static final int LONGEST_ESCAPE = 3;

  private final CodeElement initial;
  private final String delimiters;
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream run = new ByteArrayOutputStream();
  private CodeElement runElement = CodeElement.ASCII;
  private CodeElement g0 = CodeElement.ASCII;
  private CodeElement g1;

  /**
   * Makes a decoder for one value field.
   *
   * @param initial what value 1 of Specific Character Set designates as G1
   */
  CodeExtensions(CodeElement initial, String delimiters) {
    this.initial = initial;
    this.delimiters = delimiters;
    this.g1 = initial;
  }

  String decode(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      int next = bytes.get() & 0xFF;
      if (next == ESCAPE) {
        designate(bytes);
      } else if (next <= ' ' || next == 0x7F) {
        control(next);
      } else if (next < 0x80) {
        firstHalf(next, bytes);
      } else {
        secondHalf(next, bytes);
      }
    }
    flush();
    return text.toString();
  }

  private void designate(ByteBuffer bytes) {
    StringBuilder start = new StringBuilder();
    for (int i = 0; i < Math.min(LONGEST_ESCAPE, bytes.remaining()); i++) {
      start.append((char) (bytes.get(bytes.position() + i) & 0xFF));
    }
    CodeElement element = CodeElement.byEscape(start.toString());
    if (element == null) {
      flush();
      text.append('\uFFFD');
      return;
    }
    bytes.position(bytes.position() + element.escapeLength());
    if (element.isSecondHalf()) {
      g1 = element;
    } else {
      g0 = element;
    }
  }

  private void control(int next) {
    if (next == '\t' || next == '\n' || next == '\f' || next == '\r') {
      reset();
    }
    put(CodeElement.ASCII, next);
  }

  private void reset() {
    g0 = CodeElement.ASCII;
    g1 = initial;
  }

  private void firstHalf(int next, ByteBuffer bytes) {
    if (g0.width() == 1) {
      if (delimiters.indexOf(next) >= 0) {
        reset();
      }
      put(g0, next);
    } else if (bytes.hasRemaining()) {
      if (g0 == CodeElement.SUPPLEMENTARY_KANJI) {
        put(g0, SINGLE_SHIFT_3);
      }
      put(g0, next | 0x80);
      put(g0, bytes.get() | 0x80);
    } else {
      put(CodeElement.ASCII, 0x80);
    }
  }

  private void secondHalf(int next, ByteBuffer bytes) {
    put(g1, next);
    if (g1.width() == 2 && bytes.hasRemaining()) {
      put(g1, bytes.get());
    }
  }

  private void put(CodeElement element, int value) {
    if (element != runElement) {
      flush();
      runElement = element;
    }
    run.write(value);
  }

  private void flush() {
    boolean ascii = runElement.width() == 1 && !runElement.isSecondHalf();
    text.append(run.toString(ascii ? StandardCharsets.US_ASCII : runElement.charset()));
    run.reset();
  }
}
