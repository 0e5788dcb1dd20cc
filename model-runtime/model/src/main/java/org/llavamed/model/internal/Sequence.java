package org.llavamed.model.internal;

import java.nio.FloatBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llavamed.model.internal.Course.Move;
import org.llavamed.model.internal.Prompts.Prompt;

/** A request that has a row of the key-value cache, and how far it is. */
final class Sequence {
  private final Request request;
  private final FloatBuffer pictureRows;
  private int length;
  private int token;

  /**
   * Begins.
   *
   * @param length positions of the prompt that the row holds already
   */
  Sequence(Request request, int length) {
    this.request = request;
    this.pictureRows = request.features().rows();
    this.length = length;
  }

  Request request() {
    return request;
  }

  /** Returns rows of the picture that are still to be read. */
  FloatBuffer pictureRows() {
    return pictureRows;
  }

  /** Returns the positions that are read and kept. */
  int length() {
    return length;
  }

  /** Returns the token that is read next. */
  int token() {
    return token;
  }

  /**
   * Returns the next part of the prompt. Chunks are counted from its start up to the end of the
   * picture, and anew from there, so that the same prompt is always read in the same parts.
   */
  List<Integer> nextChunk(int chunk) {
    Prompt prompt = request.prompt();
    int part = length < prompt.prefix() ? prompt.prefix() : prompt.tokens().size();
    return prompt.tokens().subList(length, Math.min(part, length + chunk));
  }

  void read(int positions) {
    length += positions;
  }

  /** Returns the tokens of the prompt that are still to be read, but for the last one. */
  List<Integer> branch() {
    List<Integer> tokens = request.prompt().tokens();
    return tokens.subList(length, tokens.size() - 1);
  }

  /** Notes that {@link #branch} is read: the last token of the prompt is read in a step. */
  void branched() {
    length = request.prompt().tokens().size() - 1;
    token = request.prompt().tokens().get(length);
  }

  /** Returns whether the row holds the prompt up to the end of the picture, and no more. */
  boolean atPrefix() {
    return length == request.prompt().prefix();
  }

  /** Returns whether a token of the prompt is read next. */
  boolean readsPrompt() {
    return length < request.prompt().tokens().size();
  }

  boolean promptRead() {
    return length == request.prompt().tokens().size();
  }

  /**
   * Takes the logits after the last position.
   *
   * @return whether it goes on
   */
  boolean advance(FloatBuffer logits) {
    @Nullable Move move = request.course().next(logits, length, request.delivery()::piece);
    if (move == null) {
      return false;
    }
    length = move.past();
    token = move.token();
    return true;
  }
}
