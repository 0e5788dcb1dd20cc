package org.llavamed.dicom;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.PixelData;

/** An object as {@link Part10Reader} read it. Safe for use by several threads. */
public final class Part10Object implements DicomObject {
  private final Path file;
  private final String transferSyntaxUid;
  private final DataSet fileMeta;
  private final DataSet dataSet;
  private final @Nullable StoredPixels pixels;
  private final @Nullable String leftOut;

  Part10Object(
      Path file,
      String transferSyntaxUid,
      DataSet fileMeta,
      DataSet dataSet,
      @Nullable StoredPixels pixels,
      @Nullable String leftOut) {
    this.file = file;
    this.transferSyntaxUid = transferSyntaxUid;
    this.fileMeta = fileMeta;
    this.dataSet = dataSet;
    this.pixels = pixels;
    this.leftOut = leftOut;
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String transferSyntaxUid() {
    return transferSyntaxUid;
  }

  /** Returns the file meta information; without attributes where the file has none. */
  public DataSet fileMeta() {
    return fileMeta;
  }

  @Override
  public DataSet attributes() {
    return dataSet;
  }

  @Override
  public Optional<PixelData> pixelData() {
    return Optional.ofNullable(pixels);
  }

  /**
   * Returns why something behind the pixel data could not be read and was left out; empty where the
   * whole file was read.
   */
  public Optional<String> leftOut() {
    return Optional.ofNullable(leftOut);
  }

  @Nullable StoredPixels storedPixels() {
    return pixels;
  }

  /**
   * Returns a copy of the data set with the pixel data in memory, and with the SOP Class and
   * Instance UID of the file meta information, as {@link Part10Writer} takes it.
   *
   * @throws org.llavamed.imaging.ImagingException if the pixel data cannot be read or takes more
   *     than 1 GiB or a quarter of the heap, or its fragments together more than half of it
   */
  public DataSet whole() {
    DataSet whole = DataSet.copyOf(dataSet);
    whole.copyFrom(fileMeta, Tag.MediaStorageSOPClassUID, Tag.MediaStorageSOPInstanceUID);
    return pixels == null ? whole : whole.put(pixels.tag(), pixels.element());
  }
}
