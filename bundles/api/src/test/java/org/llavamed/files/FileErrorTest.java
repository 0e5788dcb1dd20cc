package org.llavamed.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class FileErrorTest {
  @TempDir Path folder;

  private static IOException error(Executable work) {
    return assertThrows(IOException.class, work);
  }

  private static IOException saying(String reason) {
    return new FileSystemException("x", null, reason);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatCannotBeReadIsSaidInWords() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    String missing = "there is no such file. Check the path";
    assertThat(
            FileError.reading(
                folder.resolve("none"), error(() -> Files.readAllBytes(folder.resolve("none")))))
        .hasToString(missing);
    assertThat(
            FileError.reading(
                file.resolve("below"), error(() -> Files.readAllBytes(file.resolve("below")))))
        .hasToString(missing);
    assertThat(FileError.reading(file, error(() -> Files.newDirectoryStream(file))))
        .hasToString("it is no folder. Name a folder");
    assertThat(FileError.reading(folder, error(() -> Files.readAllBytes(folder))))
        .hasToString("it is a folder. Name a file");
    Path latin = Files.write(folder.resolve("latin"), new byte[] {(byte) 0xE4});
    assertThat(FileError.reading(latin, error(() -> Files.readString(latin))).found())
        .isEqualTo("it is no UTF-8 text");
    assertThat(FileError.reading(folder, new AccessDeniedException("x")))
        .hasToString("you may not read it. Give yourself the right to");
    assertThat(FileError.reading(folder, saying("Input/output error")))
        .hasToString(
            "it cannot be read (Input/output error). Check its disk, and that nobody changes it");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatCannotBeWrittenIsSaidInWords() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    String inTheWay = "it cannot be written, since a file is in its way. Name another place";
    assertThat(
            FileError.writing(
                folder.resolve("none/file"),
                error(() -> Files.createFile(folder.resolve("none/file")))))
        .hasToString("it cannot be written, since its folder is not there. Make the folder");
    assertThat(
            FileError.writing(
                file.resolve("below"), error(() -> Files.createFile(file.resolve("below")))))
        .hasToString(inTheWay);
    assertThat(FileError.writing(file, error(() -> Files.createDirectories(file))))
        .hasToString(inTheWay);
    assertThat(FileError.writing(folder, new AccessDeniedException("x")))
        .hasToString("you may not write there. Name another place");
    assertThat(FileError.writing(folder, saying("File name too long")))
        .hasToString("it cannot be written (File name too long). Name another place");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theLanguageOfTheSystemDoesNotMatter() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(FileError.reading(folder, new IOException("Ist ein Verzeichnis")).found())
        .isEqualTo("it is a folder");
    assertThat(FileError.reading(file.resolve("below/it"), saying("Ist kein Verzeichnis")).found())
        .isEqualTo("there is no such file");
    assertThat(FileError.writing(file.resolve("below/it"), saying("Ist kein Verzeichnis")).found())
        .isEqualTo("it cannot be written, since a file is in its way");
  }

  @Test
  void aDiskThatIsFullOrTakesNoChangesIsTheReason() throws IOException {
    assertThat(FileError.ofDisk(new Disk(true, 1 << 30)).orElseThrow())
        .hasToString("its disk takes no changes. Name another place");
    assertThat(FileError.ofDisk(new Disk(false, 4096)).orElseThrow())
        .hasToString("its disk is full. Make room, or name another place");
    assertThat(FileError.ofDisk(new Disk(false, 1 << 20))).isEmpty();
  }

  @Test
  void whatSaysNothingIsNamedByItsKind() {
    assertThat(FileError.writing(folder, new DirectoryNotEmptyException("x")).found())
        .isEqualTo("it cannot be written (DirectoryNotEmptyException)");
    assertThat(FileError.reading(folder.resolve("x"), new IOException()).found())
        .isEqualTo("it cannot be read (IOException)");
  }

  /** A disk that is as it is told. */
  private static final class Disk extends FileStore {
    private final boolean readOnly;
    private final long usable;

    Disk(boolean readOnly, long usable) {
      this.readOnly = readOnly;
      this.usable = usable;
    }

    @Override
    public String name() {
      return "disk";
    }

    @Override
    public String type() {
      return "told";
    }

    @Override
    public boolean isReadOnly() {
      return readOnly;
    }

    @Override
    public long getTotalSpace() {
      return 1L << 40;
    }

    @Override
    public long getUsableSpace() {
      return usable;
    }

    @Override
    public long getUnallocatedSpace() {
      return usable;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
      return false;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
      return false;
    }

    @Override
    public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
      return null;
    }

    @Override
    public Object getAttribute(String attribute) {
      throw new UnsupportedOperationException();
    }
  }
}
