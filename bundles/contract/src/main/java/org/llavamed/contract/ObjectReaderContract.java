package org.llavamed.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.PixelData;

/** What every {@link ObjectReader} promises. */
public abstract class ObjectReaderContract {
  private static final int ROWS = 0x00280010;
  private static final int PATIENT_NAME = 0x00100010;
  private static final int PIXEL_DATA = 0x7FE00010;

  /** The folder of the test's files. */
  @TempDir protected Path folder;

  /** Returns the reader. */
  protected abstract ObjectReader reader();

  @Test
  void readsTheAttributesAndKeepsThePixelDataApart() throws IOException {
    Path file = Files.write(folder.resolve("scan"), scan());
    DicomObject object = reader().read(file);
    assertThat(object.file()).isEqualTo(file);
    assertThat(object.transferSyntaxUid()).isEqualTo("1.2.840.10008.1.2.1");
    assertThat(object.attributes().tags()).containsExactly(ROWS);
    assertThat(object.attributes().integer(ROWS)).hasValue(2);
    PixelData data = object.pixelData().orElseThrow();
    assertThat(data.tag()).isEqualTo(PIXEL_DATA);
    assertThat(data.encapsulated()).isFalse();
    assertThat(data.length()).isEqualTo(4);
    ByteBuffer end = data.slice(2, 2);
    assertThat(end.isReadOnly()).isTrue();
    assertThat(new byte[] {end.get(), end.get()}).containsExactly(7, 8);
    assertThatThrownBy(() -> data.slice(2, 3)).isInstanceOf(ImagingException.class);
    assertThatThrownBy(() -> data.frame(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anAttributeThatIsAbsentIsEmptyAndNeverNull() throws IOException {
    Attributes attributes = reader().read(Files.write(folder.resolve("scan"), scan())).attributes();
    assertThat(attributes.contains(PATIENT_NAME)).isFalse();
    assertThat(attributes.vr(PATIENT_NAME)).isEmpty();
    assertThat(attributes.strings(PATIENT_NAME)).isEmpty();
    assertThat(attributes.numbers(PATIENT_NAME)).isEmpty();
    assertThat(attributes.items(PATIENT_NAME)).isEmpty();
    assertThat(attributes.bytes(PATIENT_NAME).hasRemaining()).isFalse();
  }

  @Test
  void namesAFileThatCannotBeRead() throws IOException {
    names(folder.resolve("absent.dcm"));
    names(folder);
    names(Files.createFile(folder.resolve("empty.dcm")));
    names(Files.writeString(folder.resolve("text.dcm"), "This is a text."));
    names(Files.write(folder.resolve("cut.dcm"), Arrays.copyOf(scan(), scan().length - 1)));
  }

  @Test
  void severalThreadsReadTheSame() throws Exception {
    Path file = Files.write(folder.resolve("scan"), scan());
    DicomObject shared = reader().read(file);
    Threads.agree(
        () -> {
          DicomObject own = reader().read(file);
          return List.of(
              own.attributes().strings(ROWS),
              own.pixelData().orElseThrow().slice(0, 4),
              shared.attributes().strings(ROWS),
              shared.pixelData().orElseThrow().slice(0, 4));
        });
  }

  private void names(Path file) {
    assertThatThrownBy(() -> reader().read(file))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageEndingWith(".");
  }

  /** A file of explicit little endian with two rows and the pixel data 5, 6, 7, 8. */
  private static byte[] scan() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[128]);
    out.write("DICM".getBytes(StandardCharsets.US_ASCII));
    out.write(HexFormat.of().parseHex("02000000554c04001c000000"));
    out.write(HexFormat.of().parseHex("0200100055491400"));
    out.write("1.2.840.10008.1.2.1\0".getBytes(StandardCharsets.US_ASCII));
    out.write(HexFormat.of().parseHex("28001000555302000200"));
    out.write(HexFormat.of().parseHex("e07f10004f4200000400000005060708"));
    return out.toByteArray();
  }
}
