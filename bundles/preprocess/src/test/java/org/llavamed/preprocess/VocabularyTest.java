package org.llavamed.preprocess;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.inference.ModelException;

class VocabularyTest {
  private static final Path BYTE_LEVEL = Path.of("../../dist/models/tiny-vqa/tokenizer.json");

  private static final String PIECES =
      """
      {"version":"1.0","truncation":null,"padding":null,
       "added_tokens":[
         {"id":0,"content":"<unk>","single_word":false,"lstrip":false,"rstrip":false,
          "normalized":false,"special":true},
         {"id":6,"content":"<im_patch>","single_word":false,"lstrip":false,"rstrip":false,
          "normalized":false,"special":false}],
       "normalizer":null,"pre_tokenizer":null,"post_processor":null,
       "decoder":DECODER,
       "model":{"type":"BPE","dropout":null,"unk_token":"<unk>","continuing_subword_prefix":null,
         "end_of_word_suffix":null,"fuse_unk":true,"byte_fallback":true,
         "vocab":{"<unk>":0,"<0x0A>":1,"<0xE2>":2,"\u2581no":3,"\u00b5m":4},"merges":[]}}
      """;

  private static final String SENTENCE_PIECE =
      """
      {"type":"Sequence","decoders":[
        {"type":"Replace","pattern":{"String":"\u2581"},"content":" "},
        {"type":"ByteFallback"},{"type":"Fuse"},
        {"type":"Strip","content":" ","start":1,"stop":0}]}
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"plain text", " two  blanks", "Größe: 3 µm", "肺結節 \uD83E\uDE7B\u0000"})
  void bytesOfByteLevelTokensAreTheTextInUtf8(String text) {
    try (Tokenizer tokenizer = Tokenizer.open(BYTE_LEVEL)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      tokenizer.encode(text).forEach(id -> bytes.writeBytes(tokenizer.vocabulary().bytes(id)));
      assertThat(bytes.toString(UTF_8)).isEqualTo(text);
    }
  }

  @Test
  void everyByteLevelTokenDecodesToItsBytes() {
    try (Tokenizer tokenizer = Tokenizer.open(BYTE_LEVEL)) {
      Vocabulary vocabulary = tokenizer.vocabulary();
      assertThat(vocabulary.size()).isEqualTo(1461);
      assertThat(IntStream.range(0, 1461).filter(vocabulary::special))
          .containsExactly(0, 1, 2, 3, 4);
      for (int id = 5; id < vocabulary.size(); id++) {
        assertThat(new String(vocabulary.bytes(id), UTF_8))
            .as("token %d", id)
            .isEqualTo(tokenizer.decode(List.of(id)));
      }
    }
  }

  @Test
  void bytesOfPiecesHaveBlanksAndSingleBytes() throws IOException {
    try (Tokenizer tokenizer = open(SENTENCE_PIECE)) {
      Vocabulary vocabulary = tokenizer.vocabulary();
      assertThat(vocabulary.bytes(1)).containsExactly(0x0A);
      assertThat(vocabulary.bytes(2)).containsExactly(0xE2);
      assertThat(vocabulary.bytes(3)).isEqualTo(" no".getBytes(UTF_8));
      assertThat(vocabulary.bytes(4)).isEqualTo("µm".getBytes(UTF_8));
      assertThat(vocabulary.bytes(6)).isEqualTo("<im_patch>".getBytes(UTF_8));
    }
  }

  @Test
  void addedTokensAndIdsWithoutATokenAreSpecial() throws IOException {
    try (Tokenizer tokenizer = open(SENTENCE_PIECE)) {
      Vocabulary vocabulary = tokenizer.vocabulary();
      assertThat(vocabulary.size()).isEqualTo(7);
      assertThat(IntStream.range(0, 9).filter(vocabulary::special)).containsExactly(0, 5, 6, 7, 8);
      assertThat(vocabulary.bytes(5)).isEmpty();
      assertThat(vocabulary.bytes(8)).isEmpty();
    }
  }

  @Test
  void changesToTheBytesThatItGaveDoNotReachIt() throws IOException {
    try (Tokenizer tokenizer = open(SENTENCE_PIECE)) {
      tokenizer.vocabulary().bytes(1)[0] = 7;
      assertThat(tokenizer.vocabulary().bytes(1)).containsExactly(0x0A);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true}",
        "{\"type\":\"Replace\",\"pattern\":{\"String\":\"x\"},\"content\":\"more than four\"}",
        "{\"type\":\"Fuse\"}"
      })
  void namesADecoderOfAnotherFamily(String decoder) throws IOException {
    try (Tokenizer tokenizer = open(decoder)) {
      assertThatThrownBy(tokenizer::vocabulary)
          .isInstanceOf(ModelException.class)
          .hasMessage(
              folder.resolve("tokenizer.json")
                  + ": its decoder is neither GPT-2's byte level nor SentencePiece's, so that the"
                  + " bytes of a token are not known. Use a model with such a tokenizer where"
                  + " answers follow a schema.");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "4194304", "99999999999", "[]"})
  void namesATokenWhoseIdIsOutOfRange(String id) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, PIECES.replace("DECODER", "null").replace("m\":4", "m\":" + id));
    String found = id.equals("[]") ? "-1" : id;
    assertThatThrownBy(() -> Tokenizer.open(file))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "%s: not a tokenizer that can be read (a token's id is %s, expected 0 to 4194303)."
                    .formatted(file, found)
                + " Take the tokenizer.json of the checkpoint.");
  }

  private Tokenizer open(String decoder) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    return Tokenizer.open(Files.writeString(file, PIECES.replace("DECODER", decoder)));
  }
}
