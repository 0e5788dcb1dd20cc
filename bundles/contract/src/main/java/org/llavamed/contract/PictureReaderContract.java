package org.llavamed.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;

/** What every {@link PictureReader} promises. */
public abstract class PictureReaderContract {
  @TempDir Path folder;

  /** Returns the reader. */
  protected abstract PictureReader reader();

  @Test
  void tellsAPictureByItsContentNotByItsName() throws IOException {
    Path file = Files.write(folder.resolve("scan.dcm"), bitmap());
    assertThat(reader().recognises(file)).isTrue();
    Picture picture = reader().read(file);
    assertThat(picture.width()).isEqualTo(2);
    assertThat(picture.height()).isEqualTo(1);
    assertThat(picture.channels()).isEqualTo(3);
    byte[] pixels = new byte[6];
    picture.pixels().get(pixels);
    assertThat(pixels).containsExactly(10, 20, 30, 40, 50, 60);
  }

  @Test
  void namesAnEmptyFile() throws IOException {
    Path file = Files.createFile(folder.resolve("empty.png"));
    assertThat(reader().recognises(file)).isFalse();
    assertThatThrownBy(() -> reader().read(file))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void namesAFileThatIsCutOff() throws IOException {
    Path file = folder.resolve("cut.bmp");
    Files.write(file, Arrays.copyOf(bitmap(), 20));
    assertThatThrownBy(() -> reader().read(file))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void namesAFileThatIsMissing() {
    Path file = folder.resolve("absent.png");
    assertThatThrownBy(() -> reader().recognises(file))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith(file.toString());
  }

  /** A bitmap of two pixels: R, G, B 10, 20, 30 and 40, 50, 60. */
  private static byte[] bitmap() {
    return ByteBuffer.allocate(62)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {'B', 'M'})
        .putInt(62)
        .putInt(0)
        .putInt(54)
        .putInt(40)
        .putInt(2)
        .putInt(1)
        .putShort((short) 1)
        .putShort((short) 24)
        .putInt(0)
        .putInt(8)
        .putInt(2835)
        .putInt(2835)
        .putInt(0)
        .putInt(0)
        .put(new byte[] {30, 20, 10, 60, 50, 40})
        .array();
  }
}
