package org.llavamed.dicom.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Byte strings of PS3.5 annexes H (Japanese), I (Korean), J (Chinese) and K. */
final class CharacterSetTest {
  private static final String NAME = "\\^=";

  private static String decode(List<String> terms, String hex, String delimiters) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    return CharacterSet.of(terms).decode(bytes, delimiters);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void japaneseNameWithKanji() {
    String hex =
        hex("Yamada^Tarou=")
            + "1b2442 3b33 4544 1b2842 5e 1b2442 4240 4f3a 1b2842 3d"
            + "1b2442 2464 245e 2440 1b2842 5e 1b2442 243f 246d 2426 1b2842";
    assertThat(decode(List.of("", "ISO 2022 IR 87"), hex, NAME))
        .isEqualTo("Yamada^Tarou=山田^太郎=やまだ^たろう");
  }

  @Test
  void japaneseNameWithKatakana() {
    String hex =
        "d4cfc0de 5e c0dbb3 3d 1b2442 3b33 4544 1b284a 5e 1b2442 4240 4f3a 1b284a 3d"
            + "1b2442 2464 245e 2440 1b284a 5e 1b2442 243f 246d 2426 1b284a";
    assertThat(decode(List.of("ISO 2022 IR 13", "ISO 2022 IR 87"), hex, NAME))
        .isEqualTo("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
  }

  @Test
  void supplementaryKanji() {
    byte[] coded = "丂".getBytes(Charset.forName("EUC-JP"));
    assertThat(coded).hasSize(3).startsWith(0x8F);
    String hex = "1b242844 %02x%02x 1b2842 41".formatted(coded[1] & 0x7F, coded[2] & 0x7F);
    assertThat(decode(List.of("", "ISO 2022 IR 87", "ISO 2022 IR 159"), hex, "\\")).isEqualTo("丂A");
  }

  @Test
  void koreanNameEndsItsCodeAtEachDelimiter() {
    String hex =
        hex("Hong^Gildong=")
            + "1b242943 fbf3 5e 1b242943 d1ce d4d7 3d 1b242943 c8ab 5e 1b242943 b1e6 b5bf";
    assertThat(decode(List.of("", "ISO 2022 IR 149"), hex, NAME))
        .isEqualTo("Hong^Gildong=洪^吉洞=홍^길동");
    assertThat(decode(List.of("", "ISO 2022 IR 149"), "1b242943 fbf3 5e fbf3", NAME))
        .isEqualTo("洪^ûó");
  }

  @Test
  void koreanTextEndsItsCodeAtEachLine() {
    assertThat(decode(List.of("", "ISO 2022 IR 149"), "1b242943 b1e6 0d0a 1b242943 b5bf", ""))
        .isEqualTo("길\r\n동");
  }

  @Test
  void chineseByCodeExtension() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(HexFormat.of().parseHex("1b242941"));
    bytes.write("王小东".getBytes(Charset.forName("GB2312")));
    assertThat(
            decode(
                List.of("", "ISO 2022 IR 58"), HexFormat.of().formatHex(bytes.toByteArray()), ""))
        .isEqualTo("王小东");
  }

  @ParameterizedTest
  @CsvSource({"GB18030, Wang^XiaoDong=王^小东, GB18030", "GBK, Wang^XiaoDong=王^小东, GBK"})
  void chineseAsAWhole(String term, String text, Charset charset) {
    String hex = HexFormat.of().formatHex(text.getBytes(charset));
    assertThat(decode(List.of(term), hex, NAME)).isEqualTo(text);
  }

  @Test
  void aTrailByteThatLooksLikeABackslashIsNone() {
    byte[] bytes = "俓".getBytes(Charset.forName("GBK"));
    assertThat(bytes[1]).isEqualTo((byte) 0x5C);
    assertThat(decode(List.of("GBK"), HexFormat.of().formatHex(bytes), "\\")).isEqualTo("俓");
  }

  @ParameterizedTest
  @CsvSource({
    "ISO_IR 100, Äneas, ISO-8859-1",
    "ISO_IR 101, Łódź, ISO-8859-2",
    "ISO_IR 109, ĉapelo, ISO-8859-3",
    "ISO_IR 110, Rīga, ISO-8859-4",
    "ISO_IR 144, Люкс, ISO-8859-5",
    "ISO_IR 127, قباني, ISO-8859-6",
    "ISO_IR 126, Διονυσιος, ISO-8859-7",
    "ISO_IR 138, שרון, ISO-8859-8",
    "ISO_IR 148, Çavuşoğlu, ISO-8859-9",
    "ISO_IR 166, นาย, TIS-620",
    "ISO_IR 192, Łódź 山, UTF-8",
    "ISO_IR_100, Äneas, ISO-8859-1",
    "ISO 2022 IR 101, Łódź, ISO-8859-2",
    "UTF8, Łódź 山, UTF-8",
  })
  void singleCharacterSets(String term, String text, Charset charset) {
    assertThat(decode(List.of(term), HexFormat.of().formatHex(text.getBytes(charset)), NAME))
        .isEqualTo(text);
    assertThat(CharacterSet.of(List.of(term)).unknown()).isEmpty();
  }

  @Test
  void twoSingleByteSetsInOneText() {
    String hex = "c4 1b2d4c bb 5c c4";
    assertThat(decode(List.of("ISO 2022 IR 100", "ISO 2022 IR 144"), hex, "\\")).isEqualTo("ÄЛ\\Ä");
  }

  @Test
  void unknownTermsAreNamedAndReadAsLatin() {
    CharacterSet unknown = CharacterSet.of(List.of("KLINGON"));
    assertThat(unknown.unknown()).containsExactly("KLINGON");
    assertThat(unknown.decode(ByteBuffer.wrap(new byte[] {(byte) 0xC4}), "")).isEqualTo("Ä");
  }

  @Test
  void brokenCodesGiveReplacementCharacters() {
    assertThat(decode(List.of("", "ISO 2022 IR 87"), "1b2441 41", "")).isEqualTo("\uFFFD$AA");
    assertThat(decode(List.of("", "ISO 2022 IR 87"), "1b2442 3b", "")).contains("\uFFFD");
    assertThat(decode(List.of("", "ISO 2022 IR 149"), "1b242943 b1", "")).contains("\uFFFD");
    assertThat(decode(List.of("ISO_IR 192"), "ff", "")).isEqualTo("\uFFFD");
  }
}
