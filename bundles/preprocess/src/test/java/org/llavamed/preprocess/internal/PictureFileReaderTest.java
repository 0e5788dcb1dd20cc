package org.llavamed.preprocess.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.contract.PictureReaderContract;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;

class PictureFileReaderTest extends PictureReaderContract {
  @TempDir Path files;

  private final PictureFileReader reader = new PictureFileReader();

  @Override
  protected PictureReader reader() {
    return reader;
  }

  record Expected(List<Integer> shape, String sha256) {}

  static Map<String, Expected> expected() throws IOException {
    return new ObjectMapper()
        .readValue(
            PictureFileReaderTest.class.getResource("expected.json"), new TypeReference<>() {});
  }

  static List<String> names() throws IOException {
    return expected().keySet().stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void readsTheSamePixelsAsPillow(String name) throws Exception {
    Path file = file(name);
    assertThat(reader.recognises(file)).isTrue();
    Picture picture = reader.read(file);
    Expected expected = Objects.requireNonNull(expected().get(name));
    assertThat(List.of(picture.height(), picture.width(), picture.channels()))
        .isEqualTo(expected.shape());
    assertThat(sha256(picture.pixels())).isEqualTo(expected.sha256());
  }

  @Test
  void namesAFileOfNoKnownKind() throws IOException {
    Path file = Files.writeString(files.resolve("a.png"), "no picture at all");
    assertThat(reader.recognises(file)).isFalse();
    assertThatThrownBy(() -> reader.read(file))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            file
                + ": a file that is neither PNG, JPEG, TIFF, GIF nor BMP is not supported. Name a"
                + " picture of one of these kinds, or a DICOM file.");
  }

  @Test
  void saysWhyAFileCannotBeRead() {
    Path file = files.resolve("absent.png");
    assertThatThrownBy(() -> reader.read(file))
        .isInstanceOf(ImagingException.class)
        .hasMessage(file + ": there is no such file. Check the path.");
  }

  @Test
  void refusesADeclaredSizeBeforeDecoding() throws Exception {
    byte[] png = Files.readAllBytes(file("grey.png"));
    ByteBuffer bytes = ByteBuffer.wrap(png).putInt(16, 2_000_000_000).putInt(20, 2_000_000_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    bytes.putInt(29, (int) crc.getValue());
    Path bomb = Files.write(files.resolve("bomb.png"), png);
    assertThatThrownBy(() -> reader.read(bomb))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            bomb
                + ": the PNG data are damaged (2000000000 x 2000000000 pixels, expected 1 to"
                + " 67108864 in all). Write the picture again with another program.");
  }

  @ParameterizedTest
  @MethodSource("names")
  void neverFailsOnDamageButByName(String name) throws Exception {
    byte[] whole = Files.readAllBytes(file(name));
    Random random = new Random(name.hashCode());
    for (int i = 0; i < 60; i++) {
      byte[] damaged = whole.clone();
      for (int n = 0; n <= i % 4; n++) {
        damaged[8 + random.nextInt(damaged.length - 8)] = (byte) random.nextInt();
      }
      int length = i % 3 == 0 ? random.nextInt(damaged.length) : damaged.length;
      Path file = Files.write(files.resolve(name), Arrays.copyOf(damaged, length));
      try {
        assertThat(reader.read(file).width()).isPositive();
      } catch (ImagingException e) {
        assertThat(e).hasMessageStartingWith(file.toString());
      }
    }
  }

  private static Path file(String name) throws URISyntaxException {
    return Path.of(PictureFileReaderTest.class.getResource(name).toURI());
  }

  private static String sha256(ByteBuffer bytes) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(bytes);
    return HexFormat.of().formatHex(digest.digest());
  }
}
