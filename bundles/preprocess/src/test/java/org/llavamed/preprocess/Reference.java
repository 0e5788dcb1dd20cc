package org.llavamed.preprocess;

import ai.djl.sentencepiece.SpTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The SentencePiece library. */
final class Reference implements AutoCloseable {
  private static final Logger CHATTER = Logger.getLogger("ai.djl");

  private final SpTokenizer library;

  private Reference(SpTokenizer library) {
    this.library = library;
  }

  static Reference open(Path model) throws IOException {
    CHATTER.setLevel(Level.WARNING);
    return new Reference(new SpTokenizer(Files.readAllBytes(model)));
  }

  List<Integer> encode(String text) {
    return Arrays.stream(library.getProcessor().encode(text)).boxed().toList();
  }

  String decode(List<Integer> ids) {
    return library.getProcessor().decode(ids.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public void close() {
    library.close();
  }
}
