package org.llavamed.preprocess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.internal.Merges;
import org.llavamed.preprocess.internal.SentencePieceFile;
import org.llavamed.preprocess.internal.SentencePieceFile.Normalizer;
import org.llavamed.preprocess.internal.SentencePieceFile.Piece;

/**
 * A SentencePiece model of type BPE, such as LLaMA's and Mistral's tokenizer.model, which can be
 * written as tokenizer.json. The tokenizer.json gives the ids that SentencePiece gives; texts
 * around an added token are encoded each on its own, each with SentencePiece's leading blank, as
 * Hugging Face's LLaMA tokenizers do ("legacy"). Immutable.
 */
public final class SentencePieceModel {
  private static final String ADVICE = "Take the tokenizer.model of the checkpoint";
  private static final String NEEDS_JSON =
      "Save the tokenizer with save_pretrained of transformers' fast tokenizer, which writes"
          + " tokenizer.json";
  private static final long MOST_BYTES = 16 << 20;
  private static final int LONGEST_PIECE = 256;
  private static final int BYTES = 256;

  private final Path file;
  private final SentencePieceFile model;
  private final Map<String, Integer> ids;
  private final int unknown;

  private SentencePieceModel(Path file, SentencePieceFile model) {
    this.file = file;
    this.model = model;
    this.ids = index();
    checkKind();
    checkPieces();
    List<Integer> unknowns = ofType(SentencePieceFile.UNKNOWN);
    if (unknowns.size() != 1) {
      throw invalid("it has " + unknowns.size() + " pieces of type UNKNOWN, expected 1", ADVICE);
    }
    unknown = unknowns.get(0);
  }

  /**
   * Reads a model file.
   *
   * @param file tokenizer.model
   * @throws ModelException if the file is missing, too large or no SentencePiece model, or of a
   *     kind that tokenizer.json cannot follow: another type than BPE, rules that change
   *     characters, pieces that the user defined
   */
  public static SentencePieceModel read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw ModelException.invalid(
            file, "holds " + size + " bytes, expected at most " + MOST_BYTES, ADVICE);
      }
      return new SentencePieceModel(file, SentencePieceFile.of(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw ModelException.invalid(file, FileError.reading(file, e).found(), ADVICE, e);
    } catch (IllegalStateException e) {
      throw ModelException.invalid(
          file, "is no SentencePiece model (" + e.getMessage() + ")", ADVICE, e);
    }
  }

  private Map<String, Integer> index() {
    Map<String, Integer> index = new HashMap<>();
    for (int id = 0; id < model.pieces().size(); id++) {
      String text = model.pieces().get(id).text();
      Integer other = index.put(text, id);
      if (text.isEmpty() || text.length() > LONGEST_PIECE || other != null) {
        throw invalid(
            "piece %d has %d characters%s, expected 1 to %d that no other piece has"
                .formatted(
                    id,
                    text.length(),
                    other == null ? "" : " and is piece " + other,
                    LONGEST_PIECE),
            ADVICE);
      }
    }
    return Map.copyOf(index);
  }

  private void checkKind() {
    Normalizer rules = model.normalizer();
    int type = model.trainer().modelType();
    if (type != SentencePieceFile.BPE) {
      throw invalid(
          "its model type is %d, expected 2 (BPE); 1 is Unigram".formatted(type), NEEDS_JSON);
    }
    if (rules.charsmap() > 0) {
      throw invalid(
          "its rules '%s' change characters (%d bytes), expected none, as 'identity' has"
              .formatted(rules.name(), rules.charsmap()),
          NEEDS_JSON);
    }
    if (!rules.escapeWhitespaces() || model.trainer().whitespaceAsSuffix()) {
      throw invalid(
          "it keeps blanks or puts them behind words, expected ▁ before words", NEEDS_JSON);
    }
  }

  private void checkPieces() {
    for (int id = 0; id < model.pieces().size(); id++) {
      Piece piece = model.pieces().get(id);
      switch (piece.type()) {
        case SentencePieceFile.NORMAL -> checkCharacters(id, piece.text());
        case SentencePieceFile.UNKNOWN, SentencePieceFile.CONTROL, SentencePieceFile.BYTE -> {}
        default ->
            throw invalid(
                "piece %d '%s' has the type %d, expected 1 (normal), 2 (unknown), 3 (control) or 6 (byte)"
                    .formatted(id, piece.text(), piece.type()),
                NEEDS_JSON);
      }
    }
    long bytes =
        IntStream.range(0, BYTES)
            .filter(b -> isOfType("<0x%02X>".formatted(b), SentencePieceFile.BYTE))
            .count();
    int expected = model.trainer().byteFallback() ? BYTES : 0;
    if (bytes != expected || ofType(SentencePieceFile.BYTE).size() != expected) {
      throw invalid(
          "it has %d pieces <0x00> to <0xFF>, expected %d".formatted(bytes, expected), ADVICE);
    }
  }

  /** A piece with a character that is no piece could be merged by SentencePiece alone. */
  private void checkCharacters(int id, String text) {
    text.codePoints()
        .filter(c -> !isOfType(Character.toString(c), SentencePieceFile.NORMAL))
        .findFirst()
        .ifPresent(
            c -> {
              throw invalid(
                  "the character U+%04X of piece %d '%s' is no piece of its own"
                      .formatted(c, id, text),
                  NEEDS_JSON);
            });
  }

  private boolean isOfType(String text, int type) {
    Integer id = ids.get(text);
    return id != null && model.pieces().get(id).type() == type;
  }

  private List<Integer> ofType(int type) {
    return IntStream.range(0, model.pieces().size())
        .filter(id -> model.pieces().get(id).type() == type)
        .boxed()
        .toList();
  }

  /** Returns the number of pieces. */
  public int size() {
    return model.pieces().size();
  }

  /** Returns the piece of an id below {@link #size}. */
  public String piece(int id) {
    return model.pieces().get(id).text();
  }

  /** Returns the id of a piece, where there is one of this text. */
  public OptionalInt id(String piece) {
    Integer id = ids.get(piece);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** Returns the id of what is not known. */
  public int unknownId() {
    return unknown;
  }

  /** Returns the id of the piece that starts a text, where there is one. */
  public OptionalInt beginId() {
    return control(model.trainer().begin());
  }

  /** Returns the id of the piece that ends a text, where there is one. */
  public OptionalInt endId() {
    return control(model.trainer().end());
  }

  /** Returns the id of the piece that fills up, where there is one. */
  public OptionalInt padId() {
    return control(model.trainer().pad());
  }

  private OptionalInt control(String text) {
    return isOfType(text, SentencePieceFile.CONTROL) ? id(text) : OptionalInt.empty();
  }

  /**
   * Returns the text of a tokenizer.json with the same effect. Unknown and control pieces are
   * special tokens of it; the one that starts a text is named in its post-processor.
   *
   * @param added tokens beside the pieces: their ids follow the pieces' without a gap. One with the
   *     id of a piece has its text and stands for it
   * @throws ModelException if an added token has another id or text, or comes twice
   */
  public String tokenizerJson(List<AddedToken> added) {
    return tokenizerJson(added, beginId());
  }

  /**
   * As {@link #tokenizerJson(List)}, where the checkpoint starts a text by another token.
   *
   * @param begin its id; empty where nothing starts a text
   */
  public String tokenizerJson(List<AddedToken> added, OptionalInt begin) {
    Map<Integer, AddedToken> tokens = tokens(added);
    Optional<AddedToken> start = Optional.empty();
    if (begin.isPresent()) {
      start = Optional.ofNullable(tokens.get(begin.getAsInt()));
      if (start.isEmpty()) {
        throw invalid(
            "the token %d that starts a text is neither a control piece nor an added token"
                .formatted(begin.getAsInt()),
            ADVICE);
      }
    }
    Map<String, Integer> normal = new HashMap<>();
    ofType(SentencePieceFile.NORMAL).forEach(id -> normal.put(piece(id), id));
    try {
      List<String> merges = Merges.of(model.pieces(), normal);
      return new TokenizerWriter(model)
          .write(merges, piece(unknown), List.copyOf(tokens.values()), start);
    } catch (IllegalStateException e) {
      throw ModelException.invalid(file, String.valueOf(e.getMessage()), ADVICE, e);
    }
  }

  private Map<Integer, AddedToken> tokens(List<AddedToken> added) {
    Map<Integer, AddedToken> tokens = new TreeMap<>();
    tokens.put(unknown, AddedToken.special(unknown, piece(unknown)));
    ofType(SentencePieceFile.CONTROL)
        .forEach(id -> tokens.put(id, AddedToken.special(id, piece(id))));
    Set<Integer> seen = new HashSet<>();
    Set<String> contents = new HashSet<>();
    for (AddedToken token : added) {
      int own = ids.getOrDefault(token.content(), token.id());
      if (own != token.id() || (token.id() < size() && !piece(own).equals(token.content()))) {
        throw misfit(
            token, "has the id " + token.id() + ", which is another piece's or not its own");
      }
      if (!seen.add(token.id()) || !contents.add(token.content())) {
        throw misfit(token, "comes twice");
      }
      tokens.put(token.id(), token);
    }
    int next = size();
    for (AddedToken token : tokens.values()) {
      if (token.id() >= size() && token.id() != next++) {
        throw misfit(
            token, "has the id %d, expected %d, the next free one".formatted(token.id(), next - 1));
      }
    }
    return tokens;
  }

  private ModelException misfit(AddedToken token, String found) {
    return invalid(
        "the added token '" + token.content() + "' " + found,
        "Take tokenizer files of one checkpoint");
  }

  private ModelException invalid(String found, String advice) {
    return ModelException.invalid(file, found, advice);
  }
}
