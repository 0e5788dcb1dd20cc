package org.llavamed.preprocess.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * What a SentencePiece model file says that matters for encoding. The fields are those of
 * sentencepiece_model.proto; what is absent has the default given there.
 *
 * @param pieces the vocabulary, by id
 * @param trainer how it was trained
 * @param normalizer what is done to a text before it is cut
 */
public record SentencePieceFile(List<Piece> pieces, Trainer trainer, Normalizer normalizer) {
  /** Most pieces that are read. */
  public static final int MOST = 1 << 20;

  /** The kinds of pieces. */
  public static final int NORMAL = 1;

  public static final int UNKNOWN = 2;
  public static final int CONTROL = 3;
  public static final int USER_DEFINED = 4;
  public static final int UNUSED = 5;
  public static final int BYTE = 6;

  /** The model type whose pieces are merged pair by pair. */
  public static final int BPE = 2;

  public SentencePieceFile {
    pieces = List.copyOf(pieces);
  }

  /**
   * A piece of text.
   *
   * @param text with ▁ for a blank
   * @param score the higher, the earlier two pieces are merged to this one
   * @param type one of the kinds
   */
  public record Piece(String text, float score, int type) {}

  /**
   * Of the trainer's settings, what the encoder reads.
   *
   * @param modelType 1 Unigram, 2 BPE, 3 words, 4 characters
   * @param byteFallback whether an unknown character becomes its UTF-8 bytes
   * @param whitespaceAsSuffix whether ▁ ends words instead of beginning them
   * @param begin the piece that starts a text
   * @param end the piece that ends a text
   * @param pad the piece that fills up
   */
  public record Trainer(
      int modelType,
      boolean byteFallback,
      boolean whitespaceAsSuffix,
      String begin,
      String end,
      String pad) {
    static final Trainer DEFAULT = new Trainer(1, false, false, "<s>", "</s>", "<pad>");
  }

  /**
   * What is done to a text before it is cut.
   *
   * @param name of the rules
   * @param charsmap bytes of the compiled rules; 0 where characters stay as they are
   * @param dummyPrefix whether a blank is put before the text
   * @param removeExtraWhitespaces whether blanks at the ends go and several become one
   * @param escapeWhitespaces whether blanks become ▁
   */
  public record Normalizer(
      String name,
      int charsmap,
      boolean dummyPrefix,
      boolean removeExtraWhitespaces,
      boolean escapeWhitespaces) {
    static final Normalizer DEFAULT = new Normalizer("", 0, true, true, true);
  }

  /**
   * Reads a model file's bytes.
   *
   * @throws IllegalStateException if they are none; says where
   */
  public static SentencePieceFile of(byte[] bytes) {
    List<Piece> pieces = new ArrayList<>();
    Trainer trainer = Trainer.DEFAULT;
    Normalizer normalizer = Normalizer.DEFAULT;
    for (WireReader in = WireReader.of(bytes); in.next(); ) {
      switch (in.field()) {
        case 1 -> pieces.add(piece(in.message()));
        case 2 -> trainer = trainer(in.message());
        case 3 -> normalizer = normalizer(in.message());
        default -> in.skip();
      }
      if (pieces.size() > MOST) {
        throw new IllegalStateException("it has more than " + MOST + " pieces");
      }
    }
    return new SentencePieceFile(pieces, trainer, normalizer);
  }

  private static Piece piece(WireReader in) {
    String text = "";
    float score = 0;
    int type = NORMAL;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> text = in.text();
        case 2 -> score = in.float32();
        case 3 -> type = (int) Math.max(-1, Math.min(in.integer(), 1 << 8));
        default -> in.skip();
      }
    }
    return new Piece(text, score, type);
  }

  private static Trainer trainer(WireReader in) {
    Trainer t = Trainer.DEFAULT;
    long modelType = t.modelType();
    boolean fallback = t.byteFallback();
    boolean suffix = t.whitespaceAsSuffix();
    String begin = t.begin();
    String end = t.end();
    String pad = t.pad();
    while (in.next()) {
      switch (in.field()) {
        case 3 -> modelType = in.integer();
        case 24 -> suffix = in.integer() != 0;
        case 35 -> fallback = in.integer() != 0;
        case 46 -> begin = in.text();
        case 47 -> end = in.text();
        case 48 -> pad = in.text();
        default -> in.skip();
      }
    }
    return new Trainer(
        (int) Math.max(-1, Math.min(modelType, 1 << 8)), fallback, suffix, begin, end, pad);
  }

  private static Normalizer normalizer(WireReader in) {
    Normalizer n = Normalizer.DEFAULT;
    String name = n.name();
    int charsmap = n.charsmap();
    boolean prefix = n.dummyPrefix();
    boolean remove = n.removeExtraWhitespaces();
    boolean escape = n.escapeWhitespaces();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> charsmap = in.length();
        case 3 -> prefix = in.integer() != 0;
        case 4 -> remove = in.integer() != 0;
        case 5 -> escape = in.integer() != 0;
        default -> in.skip();
      }
    }
    return new Normalizer(name, charsmap, prefix, remove, escape);
  }
}
