package org.llavamed.dicom;

import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectJson;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Writes what {@link Part10Reader} reads as DICOM JSON, and back. Without state, safe for use by
 * several threads.
 */
@Component(service = ObjectJson.class)
public final class Part10Json implements ObjectJson {
  private static final int LONGEST = 1024;
  private static final int MEMORY_SHARE = 16;

  private final Part10Reader reader;
  private final long mostInline;

  /** Makes a converter. */
  @Activate
  public Part10Json() {
    this(Runtime.getRuntime().maxMemory() / MEMORY_SHARE);
  }

  Part10Json(long mostInline) {
    this.reader = new Part10Reader();
    this.mostInline = mostInline;
  }

  @Override
  public void write(Path file, Form form, Writer out) throws IOException {
    Part10Object object = reader.read(file);
    if (!form.inline()) {
      DicomJson.write(
          object.attributes(),
          object.storedPixels(),
          out,
          form.pretty(),
          (tag, value) -> address(tag, value.remaining()));
      return;
    }
    StoredPixels pixels = object.storedPixels();
    Inline inline = new Inline(file, mostInline);
    if (pixels != null && pixels.encapsulated()) {
      throw ImagingException.unsupported(
          "%s, %s".formatted(file, Dictionary.describe(pixels.tag())),
          "encapsulated pixel data inline in DICOM JSON",
          "Leave --inline out, or decompress the object first");
    }
    if (pixels != null) {
      inline.count(pixels.tag(), pixels.length());
    }
    DicomJson.write(object.whole(), null, out, form.pretty(), inline);
  }

  /** Leaves nothing out, and counts what is written. */
  private static final class Inline implements DicomJson.BulkStore {
    private final Path file;
    private final long most;
    private long bytes;

    Inline(Path file, long most) {
      this.file = file;
      this.most = most;
    }

    @Override
    public Optional<String> uri(int tag, ByteBuffer value) {
      boolean counted = tag == Tag.PixelData || tag == Tag.FloatPixelData;
      count(tag, counted || tag == Tag.DoubleFloatPixelData ? 0 : value.remaining());
      return Optional.empty();
    }

    void count(int tag, long more) {
      bytes += more;
      if (bytes > most) {
        throw ImagingException.unsupported(
            "%s, %s".formatted(file, Dictionary.describe(tag)),
            "More than %d bytes inline in DICOM JSON".formatted(most),
            "Leave --inline out, or give the JVM more memory (-Xmx)");
      }
    }
  }

  private static Optional<String> address(int tag, long length) {
    boolean bulk = Dictionary.vr(tag).isBulk() || Dictionary.isPrivate(tag);
    return bulk && length > LONGEST ? Optional.of(DicomJson.leftOut(length)) : Optional.empty();
  }

  @Override
  public void read(Path json, Path target) {
    DataSet dataSet;
    try {
      long most = Runtime.getRuntime().maxMemory() / MEMORY_SHARE;
      if (Files.size(json) > most) {
        throw ImagingException.damaged(
            json,
            "the text has %d bytes, %d fit".formatted(Files.size(json), most),
            "Give the JVM more memory (-Xmx)");
      }
      dataSet = DicomJson.read(Files.readString(json), Part10Json::refuse);
    } catch (CharacterCodingException e) {
      throw ImagingException.damaged(json, "the text is not UTF-8", "Name a JSON file", e);
    } catch (IOException e) {
      throw ImagingException.unreadable(json, e);
    }
    Part10Writer.write(dataSet, Uids.ExplicitVRLittleEndian, target);
  }

  private static ByteBuffer refuse(String uri) {
    throw ImagingException.unsupported(
        "BulkDataURI " + uri, "bulk data outside the JSON text", "Write the JSON with --inline");
  }
}
