package org.llavamed.preprocess;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.internal.NativeTokenizers;
import org.llavamed.preprocess.internal.StrictJson;
import org.llavamed.preprocess.internal.TokenDecoding;
import org.llavamed.preprocess.internal.TokenTexts;

/**
 * Text to token ids and back, by the rules of a Hugging Face tokenizer.json. Safe for use by
 * several threads. Holds native memory: the one who opens it closes it.
 */
public final class Tokenizer implements AutoCloseable {
  private static final long MOST_BYTES = 256L << 20;

  private final Path file;
  private final TokenizersLibrary library;
  private final Optional<Vocabulary> vocabulary;
  private long handle;

  private Tokenizer(
      Path file, TokenizersLibrary library, Optional<Vocabulary> vocabulary, long handle) {
    this.file = file;
    this.library = library;
    this.vocabulary = vocabulary;
    this.handle = handle;
  }

  /**
   * Opens a tokenizer. Truncation and padding that the file asks for are switched off.
   *
   * @param file tokenizer.json
   * @throws ModelException if the file is missing, too large or no tokenizer, or this platform has
   *     no native tokenizers
   */
  public static Tokenizer open(Path file) {
    String json = read(file);
    TokenizersLibrary library;
    try {
      library = NativeTokenizers.library();
    } catch (IllegalStateException e) {
      throw ModelException.invalid(
          file,
          String.valueOf(e.getMessage()),
          "Use Linux (x86-64, aarch64), macOS (aarch64) or Windows (x86-64)",
          e);
    }
    try {
      StrictJson.check(json);
      TokenTexts tokens = TokenTexts.read(json);
      Optional<Vocabulary> vocabulary =
          TokenDecoding.of(tokens.decoder()).map(decoding -> Vocabulary.of(tokens, decoding));
      long handle = library.createTokenizerFromString(json);
      library.disablePadding(handle);
      library.disableTruncation(handle);
      return new Tokenizer(file, library, vocabulary, handle);
    } catch (JsonProcessingException e) {
      throw unreadable(file, e.getOriginalMessage(), e);
    } catch (RuntimeException e) {
      throw unreadable(file, e.getMessage(), e);
    }
  }

  private static ModelException unreadable(Path file, @Nullable String why, Exception cause) {
    return ModelException.invalid(
        file,
        "not a tokenizer that can be read (" + why + ")",
        "Take the tokenizer.json of the checkpoint",
        cause);
  }

  private static String read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw ModelException.invalid(
            file,
            "holds " + size + " bytes, expected at most " + MOST_BYTES,
            "Take the tokenizer.json of the checkpoint");
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw ModelException.invalid(
          file, "is not UTF-8 text", "Take the tokenizer.json of the checkpoint", e);
    } catch (IOException e) {
      throw ModelException.invalid(
          file, FileError.reading(file, e).found(), "Name a folder that holds a tokenizer.json", e);
    }
  }

  /**
   * Returns the token ids of a text. Nothing is added: neither a start nor an end token. Special
   * tokens that the text names, for example {@code <image>}, become their ids.
   */
  public synchronized List<Integer> encode(String text) {
    long encoding = library.encode(opened(), text, false);
    try {
      return Arrays.stream(library.getTokenIds(encoding)).mapToObj(Math::toIntExact).toList();
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /**
   * Returns the text of token ids. Special tokens are left out; bytes that form no character become
   * U+FFFD.
   */
  public synchronized String decode(List<Integer> ids) {
    return library.decode(opened(), ids.stream().mapToLong(Integer::longValue).toArray(), true);
  }

  /**
   * Returns the bytes of every token.
   *
   * @throws ModelException if the tokenizer joins tokens to texts by rules other than GPT-2's byte
   *     level and SentencePiece's
   */
  public Vocabulary vocabulary() {
    return vocabulary.orElseThrow(
        () ->
            ModelException.invalid(
                file,
                "its decoder is neither GPT-2's byte level nor SentencePiece's, so that the bytes"
                    + " of a token are not known",
                "Use a model with such a tokenizer where answers follow a schema"));
  }

  /** Returns a decoder for one text that grows token by token. */
  public TextStream stream() {
    return new TextStream(this::decode, vocabulary);
  }

  /** Frees the native memory. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    if (handle != 0) {
      library.deleteTokenizer(handle);
      handle = 0;
    }
  }

  private long opened() {
    if (handle == 0) {
      throw ModelException.invalid(file, "the tokenizer is closed", "Open the model again");
    }
    return handle;
  }
}
