package org.llavamed.dicom;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value representation of PS3.5 section 6.2. */
public enum Vr {
  AE(Kind.TEXT, 1, 16),
  AS(Kind.TEXT, 1, 4),
  AT(Kind.BINARY, 2, 0),
  CS(Kind.TEXT, 1, 16),
  DA(Kind.TEXT, 1, 8),
  DS(Kind.TEXT, 1, 16),
  DT(Kind.TEXT, 1, 26),
  FD(Kind.BINARY, 8, 0),
  FL(Kind.BINARY, 4, 0),
  IS(Kind.TEXT, 1, 12),
  LO(Kind.CODED_TEXT, 1, 64),
  LT(Kind.CODED_TEXT, 1, 10240),
  OB(Kind.BULK, 1, 0),
  OD(Kind.BULK, 8, 0),
  OF(Kind.BULK, 4, 0),
  OL(Kind.BULK, 4, 0),
  OV(Kind.BULK, 8, 0),
  OW(Kind.BULK, 2, 0),
  PN(Kind.CODED_TEXT, 1, 64),
  SH(Kind.CODED_TEXT, 1, 16),
  SL(Kind.BINARY, 4, 0),
  SQ(Kind.SEQUENCE, 1, 0),
  SS(Kind.BINARY, 2, 0),
  ST(Kind.CODED_TEXT, 1, 1024),
  SV(Kind.BINARY, 8, 0),
  TM(Kind.TEXT, 1, 14),
  UC(Kind.CODED_TEXT, 1, 0),
  UI(Kind.TEXT, 1, 64),
  UL(Kind.BINARY, 4, 0),
  UN(Kind.BULK, 1, 0),
  UR(Kind.TEXT, 1, 0),
  US(Kind.BINARY, 2, 0),
  UT(Kind.CODED_TEXT, 1, 0),
  UV(Kind.BINARY, 8, 0);

  private enum Kind {
    TEXT,
    CODED_TEXT,
    BINARY,
    BULK,
    SEQUENCE
  }

  private static final Optional<Vr> NONE = Optional.empty();
  private static final Vr[] BY_LETTERS = byLetters();

  private final Kind kind;
  private final int unit;
  private final int limit;

  Vr(Kind kind, int unit, int limit) {
    this.kind = kind;
    this.unit = unit;
    this.limit = limit;
  }

  /** Returns the value representation with this two-letter name. */
  public static Optional<Vr> of(String name) {
    return name.length() == 2 ? Optional.ofNullable(of(name.charAt(0), name.charAt(1))) : NONE;
  }

  private static Vr[] byLetters() {
    Vr[] table = new Vr[26 * 26];
    for (Vr vr : values()) {
      table[(vr.name().charAt(0) - 'A') * 26 + vr.name().charAt(1) - 'A'] = vr;
    }
    return table;
  }

  static @Nullable Vr of(int first, int second) {
    return first < 'A' || first > 'Z' || second < 'A' || second > 'Z'
        ? null
        : BY_LETTERS[(first - 'A') * 26 + second - 'A'];
  }

  /** Returns whether values are text. */
  public boolean isText() {
    return kind == Kind.TEXT || kind == Kind.CODED_TEXT;
  }

  /** Returns whether Specific Character Set (0008,0005) applies to the text. */
  public boolean isCodedText() {
    return kind == Kind.CODED_TEXT;
  }

  /** Returns whether values are numbers in binary form, not to be confused with bulk data. */
  public boolean isBinaryNumber() {
    return kind == Kind.BINARY;
  }

  /** Returns whether the value is bulk data: OB, OD, OF, OL, OV, OW or UN. */
  public boolean isBulk() {
    return kind == Kind.BULK;
  }

  /** Returns whether a backslash separates values; in ST, LT, UT and UR it is a character. */
  public boolean isMultiValued() {
    return isText() && this != ST && this != LT && this != UT && this != UR;
  }

  /** Returns the most characters of a value of text; 0 where there is no limit. */
  public int limit() {
    return limit;
  }

  /** Returns the bytes of the unit whose order big endian reverses: 1, 2, 4 or 8. */
  public int unit() {
    return unit;
  }

  /** Returns the bytes of one value: 4 for AT, else {@link #unit}. */
  public int size() {
    return this == AT ? 4 : unit;
  }

  /** Returns whether the length takes 32 bits in an explicit header (PS3.5 table 7.1-1). */
  public boolean hasLongLength() {
    return switch (this) {
      case OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV -> true;
      default -> false;
    };
  }

  /** Returns the byte that makes the length even: zero for UI and binary, else a space. */
  byte padding() {
    return isText() && this != UI ? (byte) ' ' : 0;
  }

  /**
   * Checks one value of text against the rules of PS3.5 table 6.2-1.
   *
   * @return what is wrong, as a part of a sentence; empty where the value is allowed
   */
  public Optional<String> problem(String value) {
    if (!isText()) {
      return Optional.of("%s holds no text".formatted(this));
    }
    return TextRules.problem(this, limit, value);
  }
}
