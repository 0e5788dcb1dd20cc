package org.llavamed.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    assertThat(FileError.reading(error(() -> Files.readAllBytes(folder.resolve("none")))))
        .hasToString(missing);
    assertThat(FileError.reading(error(() -> Files.readAllBytes(file.resolve("below")))))
        .hasToString(missing);
    assertThat(FileError.reading(error(() -> Files.newDirectoryStream(file))))
        .hasToString("it is no folder. Name a folder");
    assertThat(FileError.reading(error(() -> Files.readAllBytes(folder))))
        .hasToString("it is a folder. Name a file");
    Path latin = Files.write(folder.resolve("latin"), new byte[] {(byte) 0xE4});
    assertThat(FileError.reading(error(() -> Files.readString(latin))).found())
        .isEqualTo("it is no UTF-8 text");
    assertThat(FileError.reading(new AccessDeniedException("x")))
        .hasToString("you may not read it. Give yourself the right to");
    assertThat(FileError.reading(saying("Input/output error")))
        .hasToString(
            "it cannot be read (Input/output error). Check its disk, and that nobody changes it");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatCannotBeWrittenIsSaidInWords() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    String inTheWay = "it cannot be written, since a file is in its way. Name another place";
    assertThat(FileError.writing(error(() -> Files.createFile(folder.resolve("none/file")))))
        .hasToString("it cannot be written, since its folder is not there. Make the folder");
    assertThat(FileError.writing(error(() -> Files.createFile(file.resolve("below")))))
        .hasToString(inTheWay);
    assertThat(FileError.writing(error(() -> Files.createDirectories(file)))).hasToString(inTheWay);
    assertThat(FileError.writing(new AccessDeniedException("x")))
        .hasToString("you may not write there. Name another place");
    assertThat(FileError.writing(saying("Read-only file system")))
        .hasToString("its disk takes no changes. Name another place");
    assertThat(FileError.writing(new IOException("No space left on device")))
        .hasToString("its disk is full. Make room, or name another place");
    assertThat(FileError.writing(saying("File name too long")))
        .hasToString("it cannot be written (File name too long). Name another place");
  }

  @Test
  void whatSaysNothingIsNamedByItsKind() {
    assertThat(FileError.writing(new DirectoryNotEmptyException("x")).found())
        .isEqualTo("it cannot be written (DirectoryNotEmptyException)");
    assertThat(FileError.reading(new IOException()).found())
        .isEqualTo("it cannot be read (IOException)");
  }
}
