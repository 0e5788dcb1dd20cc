package org.llavamed.dicom.internal;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the bytes of text become characters: the values of Specific Character Set (0008,0005). */
public final class CharacterSet {
  /** ISO_IR 192. */
  public static final CharacterSet UTF_8 =
      new CharacterSet(List.of("ISO_IR 192"), StandardCharsets.UTF_8);

  /** What holds where the attribute is absent: ISO_IR 6, read as ISO 8859-1. */
  public static final CharacterSet DEFAULT =
      new CharacterSet(List.of(), StandardCharsets.ISO_8859_1);

  private final List<String> terms;
  private final Charset charset;

  private CharacterSet(List<String> terms, Charset charset) {
    this.terms = terms;
    this.charset = charset;
  }

  /** Returns the character set of these defined terms. */
  public static CharacterSet of(List<String> terms) {
    return terms.equals(UTF_8.terms)
        ? UTF_8
        : new CharacterSet(List.copyOf(terms), StandardCharsets.ISO_8859_1);
  }

  /** Returns the defined terms. */
  public List<String> terms() {
    return terms;
  }

  /** Returns the text of a value. */
  public String decode(ByteBuffer bytes) {
    return charset.decode(bytes.duplicate()).toString();
  }

  /** Returns the bytes of a text. */
  public byte[] encode(String text) {
    return text.getBytes(charset);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CharacterSet that && terms.equals(that.terms);
  }

  @Override
  public int hashCode() {
    return terms.hashCode();
  }
}
