package org.llavamed.result.internal;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.dicom.DataSet;

/** Makes the objects of an annotation, one after the other, since those with pixels are large. */
final class Drafts {
  private final SourceHeader source;
  private final Provenance provenance;
  private final BitmapFont font;

  Drafts(SourceHeader source, Provenance provenance, BitmapFont font) {
    this.source = source;
    this.provenance = provenance;
    this.font = font;
  }

  /**
   * Hands over the objects of some formats.
   *
   * @param formats in the order in which they are made
   */
  void forEach(Set<Format> formats, Consumer<Draft> consumer) {
    for (Format format : formats) {
      switch (format) {
        case JSON -> {} // no object
        case SR -> consumer.accept(new Draft(format, reports().forPrograms()));
        case REPORT -> consumer.accept(new Draft(format, reports().forReaders()));
        case SC -> captures(of(format, consumer));
        case PDF ->
            consumer.accept(new Draft(format, new EncapsulatedPdf(source, provenance).object()));
        case GSPS ->
            new PresentationState(source, provenance).objects().forEach(of(format, consumer));
        case KO ->
            reports()
                .ofKeyObjects()
                .ifPresent(object -> consumer.accept(new Draft(format, object)));
        case MFSC -> new MultiFrameCapture(source, provenance, font).forEach(of(format, consumer));
      }
    }
  }

  private StructuredReport reports() {
    return new StructuredReport(source, provenance);
  }

  private void captures(Consumer<DataSet> consumer) {
    SecondaryCapture captures = new SecondaryCapture(source, provenance, font);
    List<Reading> readings = provenance.annotation().readings();
    readings.forEach(reading -> consumer.accept(captures.of(reading)));
  }

  private static Consumer<DataSet> of(Format format, Consumer<Draft> consumer) {
    return object -> consumer.accept(new Draft(format, object));
  }
}
