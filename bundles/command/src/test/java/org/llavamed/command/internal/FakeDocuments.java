package org.llavamed.command.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.llavamed.contract.FakeAttributes;
import org.llavamed.contract.FakeObject;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectCheck.Problem;
import org.llavamed.imaging.ObjectCheck.Severity;
import org.llavamed.imaging.ObjectListing;
import org.llavamed.imaging.ObjectReader;

/** Stand-ins for files whose text is their SOP Class UID; the check finds an error in each. */
final class FakeDocuments {
  static final String DOCUMENT = "1.2.840.10008.5.1.4.1.1.88.33";
  static final String PICTURE = "1.2.840.10008.5.1.4.1.1.7";
  static final String REFUSAL =
      "not sent: 1 errors against the standard, the first is: Modality: is wrong (PS3.3)."
          + " --unchecked sends it anyway.";

  private FakeDocuments() {}

  static DicomObject read(Path file) {
    try {
      String text = Files.readString(file);
      if (!text.startsWith("1.2.")) {
        throw ImagingException.damaged(file, "no DICOM object", "Name a DICOM file");
      }
      return new FakeObject(
          file,
          "1.2.840.10008.1.2.1",
          new FakeAttributes(Map.of(DocumentGate.SOP_CLASS_UID, text)),
          Optional.empty());
    } catch (IOException e) {
      throw ImagingException.damaged(file, "cannot be read", "Name a DICOM file", e);
    }
  }

  /** Reads as {@link #read}; a file whose name ends in {@code .txt} is a text. */
  static ObjectReader reader() {
    return new ObjectReader() {
      @Override
      public DicomObject read(Path file) {
        return FakeDocuments.read(file);
      }

      @Override
      public Optional<String> otherKind(Path file) {
        return file.toString().endsWith(".txt") ? Optional.of("a text") : Optional.empty();
      }
    };
  }

  /** Knows attributes: nothing but nonsense has no tag. */
  static ObjectListing listing() {
    return new ObjectListing() {
      @Override
      public void list(Path file, boolean whole, Consumer<Line> sink) {
        throw new UnsupportedOperationException();
      }

      @Override
      public List<List<String>> select(Path file, List<String> selectors) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void checkSelector(String selector) {
        FakeDocuments.checkSelector(selector);
      }
    };
  }

  static void checkSelector(String selector) {
    if (selector.startsWith("Nonsense")) {
      throw new IllegalArgumentException("'%s' is no attribute".formatted(selector));
    }
  }

  static List<Problem> check(DicomObject object) {
    return List.of(
        new Problem(Severity.WARNING, "Modality", "is odd", "PS3.6"),
        new Problem(Severity.ERROR, "Modality", "is wrong", "PS3.3"));
  }
}
