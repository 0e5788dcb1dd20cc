package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.model.internal.VerifiedFiles.Content;
import org.llavamed.model.internal.VerifiedFiles.Entry;
import org.llavamed.model.internal.VerifiedFiles.Stamp;

class VerifiedFilesTest {
  private static final String NAME = "onnx/a.onnx_data";
  private static final String LIE = "f".repeat(64);

  @TempDir Path folder;
  private Path file;
  private Notes notes;

  @BeforeEach
  void aLargeFile() throws IOException {
    Files.createDirectories(folder.resolve("model/onnx"));
    file = Files.writeString(folder.resolve("model").resolve(NAME), "weights");
    notes = new Notes(folder.resolve("model"), folder.resolve("cache/x"));
  }

  private String hash(boolean trusting) throws IOException {
    VerifiedFiles verified = new VerifiedFiles(notes, trusting, 4);
    String hash = verified.hash(NAME, file);
    verified.keep();
    return hash;
  }

  /** Replaces the hash that is kept: what is believed is seen by that. */
  private void keepALie() throws IOException {
    Path kept = folder.resolve("model").resolve(VerifiedFiles.NAME);
    Files.writeString(
        kept, Files.readString(kept).replaceAll("(\"sha256\" : \")[0-9a-f]{64}", "$1" + LIE));
  }

  @Test
  void anUnchangedFileIsNotHashedAgain() throws IOException {
    assertThat(hash(true)).isEqualTo(Hashes.of(file));
    keepALie();
    assertThat(hash(true)).isEqualTo(LIE);
  }

  @Test
  void verifyingHashesAllTheSameAndKeepsWhatItFinds() throws IOException {
    String hash = hash(true);
    keepALie();
    assertThat(hash(false)).isEqualTo(hash);
    assertThat(hash(true)).isEqualTo(hash);
  }

  @Test
  void bytesWrittenInPlaceWithTheOldTimePutBackAreSeen() throws IOException {
    hash(true);
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "Weights");
    Files.setLastModifiedTime(file, time);
    assertThat(hash(true)).isEqualTo(Hashes.of(file));
  }

  @Test
  void aCopyWithTheSameTimesInItsPlaceIsSeen() throws IOException {
    hash(true);
    keepALie();
    Path copy = folder.resolve("copy");
    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
    assertThat(hash(true)).isEqualTo(Hashes.of(file));
  }

  /** A file system in a ZIP file tells no more of its files than Windows does. */
  @Test
  void whereTheTimeOfTheLastChangeIsNotToldNothingIsBelievedOrKept() throws IOException {
    Path zip = folder.resolve("a.zip");
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path inside = Files.writeString(system.getPath("/weights"), "weights");
      Stamp stamp = Stamp.of(inside);
      assertThat(stamp.changed()).isEmpty();
      VerifiedFiles first = new VerifiedFiles(notes, true, 4);
      assertThat(first.hash(NAME, inside)).isEqualTo(Hashes.of(file));
      first.keep();
      assertThat(folder.resolve("model").resolve(VerifiedFiles.NAME)).doesNotExist();
      notes.write(VerifiedFiles.NAME, new Content(Map.of(NAME, new Entry(stamp, LIE))));
      assertThat(new VerifiedFiles(notes, true, 4).hash(NAME, inside)).isEqualTo(Hashes.of(file));
    }
  }

  @Test
  void smallFilesAreAlwaysHashedAndNothingIsKeptOfThem() throws IOException {
    VerifiedFiles verified = new VerifiedFiles(notes, true);
    assertThat(verified.hash(NAME, file)).isEqualTo(Hashes.of(file));
    verified.keep();
    assertThat(folder.resolve("model").resolve(VerifiedFiles.NAME)).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "{}",
        "{\"files\":null}",
        "{\"files\":{\"onnx/a.onnx_data\":null}}",
        "{\"files\":{\"onnx/a.onnx_data\":{\"stamp\":null,\"sha256\":\"0\"}}}",
        "{\"files\":{\"onnx/a.onnx_data\":{\"sha256\":\"0\"}}}"
      })
  void whatWasKeptDamagedIsFoundOutAgain(String text) throws IOException {
    Files.writeString(folder.resolve("model").resolve(VerifiedFiles.NAME), text);
    assertThat(hash(true)).isEqualTo(Hashes.of(file));
    keepALie();
    assertThat(hash(true)).isEqualTo(LIE);
  }

  @Test
  void whereTheModelsFolderCannotBeWrittenToTheUsersCacheIsTaken() throws IOException {
    Path closed = folder.resolve("no-folder/model");
    Notes elsewhere = new Notes(closed, folder.resolve("cache/x"));
    VerifiedFiles verified = new VerifiedFiles(elsewhere, true, 4);
    verified.hash(NAME, file);
    verified.keep();
    assertThat(folder.resolve("cache/x").resolve(VerifiedFiles.NAME)).isRegularFile();
    assertThat(elsewhere.read(VerifiedFiles.NAME, VerifiedFiles.Content.class)).hasSize(1);
  }

  @Test
  void whatAnotherMachineKeptInTheModelsFolderDoesNotHideWhatThisOneKeptElsewhere()
      throws IOException {
    hash(true);
    keepALie();
    Path kept = folder.resolve("model").resolve(VerifiedFiles.NAME);
    Path own = Files.createDirectories(folder.resolve("cache/x")).resolve(VerifiedFiles.NAME);
    Files.copy(kept, own);
    String foreign = Files.readString(kept).replaceAll("(\"place\" : \")", "$1another ");
    Files.writeString(kept, foreign);
    assertThat(hash(true)).isEqualTo(LIE);
    assertThat(kept).as("nothing is new").hasContent(foreign);
  }

  @Test
  void whereNothingCanBeKeptNothingFails() throws IOException {
    Notes nowhere = new Notes(folder.resolve("none"), file.resolve("below-a-file"));
    VerifiedFiles verified = new VerifiedFiles(nowhere, true, 4);
    assertThat(verified.hash(NAME, file)).isEqualTo(Hashes.of(file));
    verified.keep();
    assertThat(nowhere.write("a.json", List.of())).isEmpty();
  }

  @Test
  void nothingHalfWrittenIsLeft() throws IOException {
    hash(true);
    try (Stream<Path> files = Files.list(folder.resolve("model"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("onnx", VerifiedFiles.NAME);
    }
  }
}
