package org.llavamed.dicom;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.llavamed.imaging.ImagingException;

/**
 * Writes objects as Part 10 files (PS3.10 section 7). The same data set gives the same bytes.
 * Attributes of group 0002 in the data set go to the file meta information, all others to the data
 * set; Specific Character Set (0008,0005) becomes ISO_IR 192 where the text asks for it. The
 * offsets within a DICOMDIR are written as they are, not counted anew.
 */
public final class Part10Writer {
  /** Implementation Class UID (0002,0012) of the files that we write. */
  public static final String IMPLEMENTATION_CLASS_UID =
      "2.25.286251200467733444040301536546717611362";

  /** Implementation Version Name (0002,0013) of the files that we write. */
  public static final String IMPLEMENTATION_VERSION_NAME = "LLAVAMED_0.1";

  private static final int PREAMBLE = 128;

  private Part10Writer() {}

  /**
   * Writes a file: whole, or not at all.
   *
   * @throws ImagingException if SOP Class or Instance UID is missing, pixel data does not fit the
   *     transfer syntax, or the file cannot be written
   */
  public static void write(DataSet dataSet, String transferSyntaxUid, Path file) {
    Path whole = file.toAbsolutePath();
    Path part = whole.resolveSibling("." + whole.getFileName() + ".part");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
        write(dataSet, transferSyntaxUid, out);
      }
      move(part, whole);
    } catch (IOException e) {
      throw ImagingException.unwritable(file, e);
    } finally {
      discard(part);
    }
  }

  private static void move(Path part, Path whole) throws IOException {
    try {
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      System.getLogger(Part10Writer.class.getName())
          .log(System.Logger.Level.WARNING, "{0} cannot be deleted: {1}", part, e);
    }
  }

  /**
   * Writes to a stream, which stays open.
   *
   * @throws ImagingException if SOP Class or Instance UID is missing or pixel data does not fit the
   *     transfer syntax
   */
  public static void write(DataSet dataSet, String transferSyntaxUid, OutputStream out)
      throws IOException {
    checkPixelData(dataSet, transferSyntaxUid);
    DataSet meta = meta(dataSet, transferSyntaxUid);
    DataSet body = body(Texts.consistent(dataSet));
    writeMeta(meta, out);
    writeBody(body, Encoding.of(transferSyntaxUid), out);
  }

  /**
   * Writes what stands before a data set that is already coded: preamble, mark and file meta
   * information. The stream stays open. SOP Class and Instance UID are those of another program,
   * and written as they are, be they valid or not.
   *
   * @throws ImagingException if one of them is empty
   */
  public static void writeStart(
      String sopClassUid, String sopInstanceUid, String transferSyntaxUid, OutputStream out)
      throws IOException {
    DataSet uids =
        new DataSet()
            .putBytes(Tag.SOPClassUID, Vr.UI, sopClassUid.getBytes(StandardCharsets.US_ASCII))
            .putBytes(
                Tag.SOPInstanceUID, Vr.UI, sopInstanceUid.getBytes(StandardCharsets.US_ASCII));
    writeMeta(meta(uids, transferSyntaxUid), out);
  }

  private static void writeMeta(DataSet meta, OutputStream out) throws IOException {
    out.write(new byte[PREAMBLE]);
    out.write("DICM".getBytes(StandardCharsets.US_ASCII));
    new DataSetEncoder(out, Encoding.EXPLICIT).write(meta);
  }

  private static void writeBody(DataSet body, Encoding encoding, OutputStream out)
      throws IOException {
    if (!encoding.deflated()) {
      new DataSetEncoder(out, encoding).write(body);
      return;
    }
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      DeflaterOutputStream deflated = new DeflaterOutputStream(out, deflater);
      new DataSetEncoder(deflated, encoding).write(body);
      deflated.finish();
      if (deflater.getBytesWritten() % 2 != 0) {
        out.write(0);
      }
    } finally {
      deflater.end();
    }
  }

  private static DataSet meta(DataSet dataSet, String transferSyntaxUid) {
    DataSet meta = new DataSet();
    meta.putInts(Tag.FileMetaInformationGroupLength, Vr.UL, 0);
    meta.putBytes(Tag.FileMetaInformationVersion, Vr.OB, new byte[] {0, 1});
    copyUid(dataSet, Tag.SOPClassUID, meta, Tag.MediaStorageSOPClassUID);
    copyUid(dataSet, Tag.SOPInstanceUID, meta, Tag.MediaStorageSOPInstanceUID);
    for (Map.Entry<Integer, Element> entry : dataSet.entries()) {
      if (isMeta(entry.getKey())) {
        meta.put(entry.getKey(), entry.getValue());
      }
    }
    for (int tag : new int[] {Tag.MediaStorageSOPClassUID, Tag.MediaStorageSOPInstanceUID}) {
      if (meta.string(tag).isEmpty()) {
        throw ImagingException.damaged(
            Dictionary.describe(tag),
            "the object has no value for it",
            "Put SOP Class UID (0008,0016) and SOP Instance UID (0008,0018) into the data set");
      }
    }
    return meta.putString(Tag.TransferSyntaxUID, Vr.UI, transferSyntaxUid)
        .putString(Tag.ImplementationClassUID, Vr.UI, IMPLEMENTATION_CLASS_UID)
        .putString(Tag.ImplementationVersionName, Vr.SH, IMPLEMENTATION_VERSION_NAME);
  }

  private static void copyUid(DataSet source, int from, DataSet meta, int to) {
    Element uid = source.get(from);
    if (uid != null) {
      meta.put(to, uid);
    }
  }

  private static DataSet body(DataSet dataSet) {
    DataSet body = new DataSet();
    for (Map.Entry<Integer, Element> entry : dataSet.entries()) {
      if (!isMeta(entry.getKey())) {
        body.put(entry.getKey(), entry.getValue());
      }
    }
    return body;
  }

  private static boolean isMeta(int tag) {
    return tag >>> 16 == 0x0002;
  }

  private static void checkPixelData(DataSet dataSet, String transferSyntaxUid) {
    Element pixels = dataSet.get(Tag.PixelData);
    if (pixels == null) {
      return;
    }
    boolean encapsulated = pixels.value() instanceof Element.Fragments;
    if (encapsulated != Encoding.of(transferSyntaxUid).encapsulated()) {
      throw ImagingException.damaged(
          Dictionary.describe(Tag.PixelData),
          "%s pixel data does not go with transfer syntax %s (%s)"
              .formatted(
                  encapsulated ? "encapsulated" : "native",
                  transferSyntaxUid,
                  Dictionary.uid(transferSyntaxUid).map(Dictionary.Uid::name).orElse("unknown")),
          "Choose a transfer syntax of the other kind, or put the pixel data in that form");
    }
  }
}
