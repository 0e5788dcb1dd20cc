package org.llavamed.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.ObjectCheck.Problem;
import org.llavamed.imaging.ObjectCheck.Severity;

/** A file is read to its end, and its meta information tells what is in it. */
class FileRulesTest {
  private static final byte[] CUT_OFF = {0x20, 0, 0x20, 0, 'L', 'O', 9, 0, 'x'};

  @TempDir Path folder;

  private static byte[] capture() throws IOException {
    try (InputStream in =
        FileRulesTest.class.getResourceAsStream("highdicom/secondary-capture.dcm")) {
      return in.readAllBytes();
    }
  }

  private Stream<String> errors(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("file.dcm"), bytes);
    return new DocumentCheck()
        .check(new Part10Reader().read(file)).stream()
            .filter(problem -> problem.severity() == Severity.ERROR)
            .map(Problem::toString);
  }

  @Test
  void anHonestFileHasNoError() throws IOException {
    assertThat(errors(capture())).isEmpty();
  }

  @Test
  void dataBehindThePixelsThatCannotBeReadAreAnError() throws IOException {
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    longer.write(capture());
    longer.write(CUT_OFF);
    assertThat(errors(longer.toByteArray()))
        .singleElement()
        .asString()
        .startsWith("file: ")
        .endsWith("(PS3.10 7)");
  }

  @Test
  void theMetaInformationHasTheUidsOfTheDataSet() throws IOException {
    DataSet object = Documents.read("secondary-capture");
    List<String> uids =
        List.of(
            object.string(Tag.SOPClassUID).orElseThrow(),
            object.string(Tag.SOPInstanceUID).orElseThrow());
    byte[] bytes = capture();
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    for (String uid : uids) {
      int last = text.indexOf(uid) + uid.length() - 1;
      bytes[last] = (byte) (bytes[last] == '8' ? '9' : '8');
    }
    assertThat(errors(bytes))
        .hasSize(2)
        .anyMatch(error -> error.startsWith("Media Storage SOP Class UID (0002,0002): is '"))
        .anyMatch(error -> error.endsWith("as SOP Instance UID (0008,0018) (PS3.10 7.1)"));
  }
}
