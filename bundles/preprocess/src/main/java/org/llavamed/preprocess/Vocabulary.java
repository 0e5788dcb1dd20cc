package org.llavamed.preprocess;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Map;
import org.llavamed.preprocess.internal.TokenDecoding;
import org.llavamed.preprocess.internal.TokenTexts;

/**
 * The bytes of every token: what it adds to a text that it continues. The bytes of one token need
 * not be whole characters; the bytes of an answer's tokens together are its text in UTF-8, where
 * the model wrote valid UTF-8 (SentencePiece's first blank is in the bytes, not in the text).
 * Immutable.
 */
public final class Vocabulary {
  private final byte[] bytes;

  /** The bytes of token i are those from ends[i] to ends[i + 1]. */
  private final int[] ends;

  private final BitSet text = new BitSet();
  private final BitSet skipped = new BitSet();
  private final BitSet fallback = new BitSet();
  private final boolean byteLevel;

  private Vocabulary(TokenTexts tokens, TokenDecoding decoding) {
    Map<Integer, String> texts = tokens.texts();
    int size = texts.isEmpty() ? 0 : Collections.max(texts.keySet()) + 1;
    byteLevel = decoding.isByteLevel();
    ends = new int[size + 1];
    byte[] all = new byte[0];
    int end = 0;
    for (int id = 0; id < size; id++) {
      String token = texts.get(id);
      if (token != null) {
        byte[] own = decoding.bytes(token);
        if (end + own.length > all.length) {
          all = Arrays.copyOf(all, Math.max(2 * all.length, end + own.length));
        }
        System.arraycopy(own, 0, all, end, own.length);
        end += own.length;
        text.set(id, !tokens.isAdded(id));
        fallback.set(id, decoding.isByte(token));
      }
      skipped.set(id, token == null || tokens.isSpecial(id));
      ends[id + 1] = end;
    }
    bytes = Arrays.copyOf(all, end);
  }

  static Vocabulary of(TokenTexts tokens, TokenDecoding decoding) {
    return new Vocabulary(tokens, decoding);
  }

  /** Returns the highest id + 1. A model may have more rows than its tokenizer has tokens. */
  public int size() {
    return ends.length - 1;
  }

  /**
   * Returns a copy of a token's bytes: a blank where SentencePiece writes ▁, one byte for {@code
   * <0x0A>}, the bytes that GPT-2's characters stand for. Of an added token, the bytes of its name;
   * none for an id without a token.
   *
   * @param id 0 or more
   */
  public byte[] bytes(int id) {
    return id >= size() ? new byte[0] : Arrays.copyOfRange(bytes, ends[id], ends[id + 1]);
  }

  /**
   * Returns whether an id is none of the model's own pieces of text: an added token, flagged
   * special or not ({@code <s>}, {@code </s>}, {@code <image>}), or an id without a token.
   *
   * @param id 0 or more
   */
  public boolean special(int id) {
    return !text.get(id);
  }

  /** Returns whether decoding leaves an id out. */
  boolean skipped(int id) {
    return id >= size() || skipped.get(id);
  }

  /** Returns whether a token is one byte of a run that only makes characters as a whole. */
  boolean fallback(int id) {
    return fallback.get(id);
  }

  /** Returns whether each token is bytes, which join to characters across tokens. */
  boolean byteLevel() {
    return byteLevel;
  }
}
