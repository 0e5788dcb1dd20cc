package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.contract.FakeAttributes;
import org.llavamed.contract.FakeObject;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;
import org.llavamed.imaging.Presentation;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;
import org.llavamed.inference.Progress;
import org.llavamed.preprocess.PictureFiles;

/** With services that read any file: its text is the grey value, or the manufacturer. */
final class DicomPicturesTest {
  private static final int MANUFACTURER = 0x00080070;

  @TempDir private Path folder;

  private final PictureReader pictures = PictureFiles.reader();
  private final List<Path> read = new ArrayList<>();

  /** Texts of files that have none. */
  private final Map<Path, String> dicom = new HashMap<>();

  @Test
  void dicomFilesAreRenderedAndShownInPlaceOfThemselves() throws IOException {
    Path images = folder.resolve("images");
    Pictures.png(images.resolve("a.png"), 7);
    Files.writeString(images.resolve("b.dcm"), "99");
    DicomPictures.Outcome outcome = render(images, "a.png", "b.dcm", "b.dcm", "gone.dcm");
    assertThat(outcome.rendered()).isEqualTo(1);
    assertThat(outcome.failed()).isZero();
    PictureFolder shown = outcome.folder();
    assertThat(shown.file("a.png")).isEqualTo(images.resolve("a.png"));
    assertThat(shown.file("gone.dcm")).isEqualTo(images.resolve("gone.dcm"));
    Picture picture = pictures.read(shown.file("b.dcm"));
    assertThat(List.of(picture.width(), picture.height(), picture.channels()))
        .containsExactly(3, 2, 1);
    assertThat(Pictures.at(picture, 1, 1, 0)).isEqualTo(99);
    assertThat(new PictureFolder(images).file("b.dcm")).isEqualTo(images.resolve("b.dcm"));
  }

  @Test
  void aFileIsRenderedAgainOnlyWhenItChanges() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    Path file = Files.writeString(images.resolve("b.dcm"), "9");
    render(images, "b.dcm");
    render(images, "b.dcm");
    assertThat(read).hasSize(1);
    Files.writeString(file, "200");
    Picture picture = pictures.read(render(images, "b.dcm").folder().file("b.dcm"));
    assertThat(Pictures.at(picture, 0, 0, 0)).isEqualTo(200);
    assertThat(read).hasSize(2);
  }

  @Test
  void aColourPictureKeepsItsColours() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    Files.writeString(images.resolve("b.dcm"), "RGB");
    Picture picture = pictures.read(render(images, "b.dcm").folder().file("b.dcm"));
    assertThat(picture.channels()).isEqualTo(3);
    assertThat(
            List.of(
                Pictures.at(picture, 1, 1, 0),
                Pictures.at(picture, 1, 1, 1),
                Pictures.at(picture, 1, 1, 2)))
        .containsExactly(10, 20, 30);
  }

  /** PS3.10 section 7.1: what the preamble holds is free, and some writers put a TIFF there. */
  @Test
  void aDicomFileWhosePreambleIsOfATiffIsDicom() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    byte[] head = Arrays.copyOf(new byte[] {'I', 'I', 42, 0}, 132);
    System.arraycopy("DICM".getBytes(StandardCharsets.US_ASCII), 0, head, 128, 4);
    Path file = Files.write(images.resolve("b.dcm"), head);
    assertThat(pictures.recognises(file)).isTrue();
    dicom.put(file, "50");
    DicomPictures.Outcome outcome = render(images, "b.dcm");
    assertThat(outcome.rendered()).isEqualTo(1);
    Picture picture = pictures.read(outcome.folder().file("b.dcm"));
    assertThat(Pictures.at(picture, 0, 0, 0)).isEqualTo(50);
    assertThat(Pictures.at(any().read(file), 0, 0, 0)).isEqualTo(50);
  }

  @Test
  void whatCannotBeRenderedIsToldWhenPicturesAreChecked() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    Files.writeString(images.resolve("b.dcm"), "broken");
    Files.writeString(images.resolve("c.dcm"), ResearchMark.MANUFACTURER);
    DicomPictures.Outcome outcome = render(images, "b.dcm", "c.dcm");
    assertThat(outcome.failed()).isEqualTo(2);
    var check = new PictureCheck(pictures, folder.resolve("findings"));
    assertThat(check.broken(outcome.folder(), List.of("b.dcm", "c.dcm"), Progress.NONE))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "b.dcm",
                "is no DICOM. Copy it again.",
                "c.dcm",
                "a result of LLaVA-Med for DICOM as an input is not supported. Name the original."));
  }

  private AnyPicture any() {
    return new AnyPicture(pictures, this::object, (object, index) -> frame(), renderer());
  }

  private DicomPictures.Outcome render(Path images, String... names) {
    return new DicomPictures(pictures, this::object, (object, index) -> frame(), renderer())
        .render(images, List.of(names), folder.resolve("cache"), Progress.NONE);
  }

  private DicomObject object(Path file) {
    read.add(file);
    String text;
    try {
      text = dicom.containsKey(file) ? dicom.get(file) : Files.readString(file);
    } catch (IOException e) {
      throw ImagingException.unreadable(file, e);
    }
    if (text.equals("broken")) {
      throw ImagingException.damaged(file, "is no DICOM", "Copy it again");
    }
    return new FakeObject(
        file, "1.2", new FakeAttributes(Map.of(MANUFACTURER, text)), Optional.empty());
  }

  private static StoredFrame frame() {
    return new StoredFrame(1, 1, 1, SampleType.UINT8, ByteBuffer.allocate(1));
  }

  private static FrameRenderer renderer() {
    return (DicomObject object, StoredFrame frame, int index, Presentation presentation) -> {
      String text = object.attributes().string(MANUFACTURER).orElseThrow();
      Picture picture =
          text.equals("RGB")
              ? Pictures.of(3, 2, 3, (x, y, c) -> 10 + 10 * c)
              : Pictures.of(3, 2, 1, (x, y, c) -> Integer.parseInt(text));
      return new RenderedFrame(picture, new Rendering(Rendering.Rule.FULL_RANGE, Optional.empty()));
    };
  }
}
