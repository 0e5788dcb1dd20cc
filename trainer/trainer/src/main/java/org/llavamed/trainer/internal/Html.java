package org.llavamed.trainer.internal;

/** Writes text into HTML and SVG. */
final class Html {
  private Html() {}

  /** Returns the text so that it stands as it is between tags and within quotes. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
