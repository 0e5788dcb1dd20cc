package org.llavamed.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.inference.ModelException;

class SentencePieceErrorsTest {
  private static final Path GOOD =
      Path.of("src/test/resources/org/llavamed/preprocess/sentencepiece-llama.model");
  private static final String TAKE = " Take the tokenizer.model of the checkpoint.";
  private static final String SAVE =
      " Save the tokenizer with save_pretrained of transformers' fast tokenizer, which writes"
          + " tokenizer.json.";

  @TempDir Path folder;

  /** Bytes of messages in wire format. */
  private static final class Wire {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Wire number(int field, int value) {
      bytes.write(field << 3 > 127 ? (field << 3 & 127) | 128 : field << 3);
      if (field << 3 > 127) {
        bytes.write(field << 3 >> 7);
      }
      bytes.write(value);
      return this;
    }

    Wire bytes(int field, byte[] value) {
      bytes.write(field << 3 | 2);
      bytes.write((value.length & 127) | 128);
      bytes.write(value.length >> 7);
      bytes.writeBytes(value);
      return this;
    }

    Wire piece(String text, int type) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      return bytes(1, new Wire().bytes(1, utf8).number(3, type).bytes.toByteArray());
    }

    Wire settings(Wire trainer, Wire normalizer) {
      return bytes(2, trainer.bytes.toByteArray()).bytes(3, normalizer.bytes.toByteArray());
    }
  }

  private static Wire bpe(Wire normalizer) {
    return new Wire().piece("<unk>", 2).settings(new Wire().number(3, 2), normalizer);
  }

  private void assertError(Wire model, String found, String advice) throws IOException {
    assertError(model.bytes.toByteArray(), found, advice);
  }

  private void assertError(byte[] model, String found, String advice) throws IOException {
    Path file = Files.write(folder.resolve("tokenizer.model"), model);
    assertThatThrownBy(() -> SentencePieceModel.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessage(file + ": " + found + "." + advice);
  }

  @Test
  void namesAFileThatIsMissing() {
    Path file = folder.resolve("absent");
    assertThatThrownBy(() -> SentencePieceModel.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessage("%s: there is no such file.%s".formatted(file, TAKE));
  }

  @Test
  void namesAnotherModelType() throws IOException {
    assertError(
        new Wire().piece("<unk>", 2), "its model type is 1, expected 2 (BPE); 1 is Unigram", SAVE);
  }

  @Test
  void namesRulesThatChangeCharacters() throws IOException {
    Wire rules = new Wire().bytes(1, "nmt_nfkc".getBytes(StandardCharsets.UTF_8));
    assertError(
        bpe(rules.bytes(2, new byte[300])),
        "its rules 'nmt_nfkc' change characters (300 bytes), expected none, as 'identity' has",
        SAVE);
  }

  @Test
  void namesBlanksThatStay() throws IOException {
    String found = "it keeps blanks or puts them behind words, expected ▁ before words";
    assertError(bpe(new Wire().number(5, 0)), found, SAVE);
    assertError(
        new Wire().piece("<unk>", 2).settings(new Wire().number(3, 2).number(24, 1), new Wire()),
        found,
        SAVE);
  }

  @Test
  void namesPiecesOfTheUsersOwn() throws IOException {
    assertError(
        bpe(new Wire()).piece("<x>", 4),
        "piece 1 '<x>' has the type 4, expected 1 (normal), 2 (unknown), 3 (control) or 6 (byte)",
        SAVE);
  }

  @Test
  void namesAPieceWhoseCharacterIsNone() throws IOException {
    assertError(
        bpe(new Wire()).piece("a", 1).piece("ab", 1),
        "the character U+0062 of piece 2 'ab' is no piece of its own",
        SAVE);
  }

  @Test
  void namesAPieceThatComesTwiceOrIsEmptyOrTooLong() throws IOException {
    String expected = ", expected 1 to 256 that no other piece has";
    assertError(
        bpe(new Wire()).piece("a", 1).piece("a", 1),
        "piece 2 has 1 characters and is piece 1" + expected,
        TAKE);
    assertError(bpe(new Wire()).piece("", 1), "piece 1 has 0 characters" + expected, TAKE);
    assertError(
        bpe(new Wire()).piece("a".repeat(300), 1), "piece 1 has 300 characters" + expected, TAKE);
  }

  @Test
  void namesTheUnknownPieceThatIsMissing() throws IOException {
    assertError(
        new Wire().piece("a", 1).settings(new Wire().number(3, 2), new Wire()),
        "it has 0 pieces of type UNKNOWN, expected 1",
        TAKE);
  }

  @Test
  void namesBytesThatAreMissing() throws IOException {
    assertError(
        new Wire()
            .piece("<unk>", 2)
            .piece("<0x00>", 6)
            .settings(new Wire().number(3, 2).number(35, 1), new Wire()),
        "it has 1 pieces <0x00> to <0xFF>, expected 256",
        TAKE);
  }

  @Test
  void saysWhereAFileIsDamaged() throws IOException {
    String damaged = "is no SentencePiece model (at byte ";
    assertError(
        new byte[] {0x0A, 0x7F, 1}, damaged + "2: 127 bytes are announced, 1 remain)", TAKE);
    byte[] longest = new byte[12];
    Arrays.fill(longest, (byte) 0xFF);
    assertError(longest, damaged + "10: an integer has more than 10 bytes)", TAKE);
    assertError(new byte[] {0x0B}, damaged + "1: field 1 has wire type 3, expected 2)", TAKE);
    assertError(new byte[] {0x23}, damaged + "1: wire type 3 is not in use)", TAKE);
    assertError(new byte[] {0x02}, damaged + "1: a field's number is out of range)", TAKE);
    assertError(
        new byte[] {0x0A, 2, 0x15, 0}, damaged + "3: 4 bytes are expected, 1 remain)", TAKE);
    assertError(
        new byte[] {0x0A, 3, 0x0A, 1, (byte) 0xFF},
        "is no SentencePiece model (a text before byte 5 is not UTF-8)",
        TAKE);
  }

  @Test
  void aDamagedFileIsReadOrNamedButNeverFailsOtherwise() throws IOException {
    byte[] good = Files.readAllBytes(GOOD);
    SplittableRandom random = new SplittableRandom(5);
    System.out.println("seed 5");
    int named = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] damaged = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      Path file = Files.write(folder.resolve("damaged.model"), damaged);
      try {
        SentencePieceModel.read(file).tokenizerJson(List.of());
      } catch (ModelException e) {
        named++;
        assertThat(e.getMessage()).startsWith(file + ": ");
      }
    }
    assertThat(named).isGreaterThan(500);
  }

  @Test
  void namesAnAddedTokenThatDoesNotFit() {
    SentencePieceModel model = SentencePieceModel.read(GOOD);
    int size = model.size();
    String advice = ". Take tokenizer files of one checkpoint.";
    assertAddedError(
        List.of(AddedToken.special(size + 1, "<image>")),
        "the added token '<image>' has the id %d, expected %d, the next free one"
                .formatted(size + 1, size)
            + advice);
    String other = "the added token '%s' has the id %d, which is another piece's or not its own";
    assertAddedError(List.of(AddedToken.special(5, "x")), other.formatted("x", 5) + advice);
    assertAddedError(
        List.of(AddedToken.special(size, "</s>")), other.formatted("</s>", size) + advice);
    assertAddedError(
        List.of(AddedToken.special(size, "<a>"), AddedToken.special(size + 1, "<a>")),
        "the added token '<a>' comes twice" + advice);
    assertAddedError(
        List.of(AddedToken.special(size, "<a>"), AddedToken.special(size, "<b>")),
        "the added token '<b>' comes twice" + advice);
    assertThatThrownBy(() -> model.tokenizerJson(List.of(), OptionalInt.of(300)))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            GOOD
                + ": the token 300 that starts a text is neither a control piece nor an added"
                + " token."
                + TAKE);
  }

  private static void assertAddedError(List<AddedToken> added, String message) {
    assertThatThrownBy(() -> SentencePieceModel.read(GOOD).tokenizerJson(added))
        .isInstanceOf(ModelException.class)
        .hasMessage(GOOD + ": " + message);
  }

  @Test
  void refusesAnAddedTokenWithoutATextOrWithANegativeId() {
    assertThatThrownBy(() -> AddedToken.special(3, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The added token '' has the id 3, expected a text and an id of 0 or more.");
    assertThatThrownBy(() -> AddedToken.special(-1, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The added token 'x' has the id -1, expected a text and an id of 0 or more.");
  }
}
