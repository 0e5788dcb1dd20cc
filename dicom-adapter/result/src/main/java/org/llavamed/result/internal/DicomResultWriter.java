package org.llavamed.result.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.annotation.ResultWriter;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.ImagingException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** Writes annotations as DICOM objects and JSON. Safe for use by several threads. */
@Component(configurationPid = DicomResultWriter.PID)
@Designate(ocd = ResultConfig.class)
public final class DicomResultWriter implements ResultWriter {
  static final String PID = "org.llavamed.result";

  private final String softwareVersion;
  private final Optional<Clock> clock;
  private final BitmapFont font;

  /** Makes the component; the version of the bundle is the version of the software. */
  @Activate
  public DicomResultWriter(BundleContext context, ResultConfig config) {
    this(
        context.getBundle().getVersion().toString(),
        config.datesFromClock()
            ? Optional.of(Clock.system(ZoneId.systemDefault()))
            : Optional.empty());
  }

  /**
   * Makes a writer.
   *
   * @param clock what dates the objects; empty for the dates of the source
   */
  DicomResultWriter(String softwareVersion, Optional<Clock> clock) {
    this.softwareVersion = softwareVersion;
    this.clock = clock;
    this.font = BitmapFont.load();
  }

  @Override
  public Written write(Annotation annotation, Set<Format> formats, Path out) {
    try {
      return writeAll(annotation, formats, out);
    } catch (ImagingException e) {
      throw AnnotationException.invalid(
          annotation.readings().get(0).object().file(),
          "the results cannot be encoded (%s)".formatted(e.getMessage()),
          "Correct the protocol or the model's description",
          e);
    }
  }

  private Written writeAll(Annotation annotation, Set<Format> formats, Path out) {
    SourceHeader source = new SourceHeader(annotation);
    Provenance provenance = new Provenance(annotation, softwareVersion);
    ObjectNode json = new AnnotationJson(source, provenance).body();
    ResultFiles files =
        new ResultFiles(
            out,
            annotation.source().string(Tag.Modality).orElse(""),
            source.studyInstanceUid(),
            annotation.protocol().name(),
            Hashes.sha256(AnnotationJson.encode(json)));
    List<ResultFiles.Entry> objects = objects(source, provenance, formats, files);
    List<ResultFile> written = new ArrayList<>();
    for (ResultFiles.Entry object : objects) {
      written.add(new ResultFile(object.format(), object.file(), object.sopInstanceUid()));
    }
    if (formats.contains(Format.JSON)) {
      AnnotationJson.addObjects(json, objects);
      byte[] bytes = AnnotationJson.encode(json);
      Path file = files.write("annotation.json", stream -> stream.write(bytes)).path();
      written.add(0, new ResultFile(Format.JSON, file, ""));
    }
    return new Written(written, source.warnings());
  }

  private List<ResultFiles.Entry> objects(
      SourceHeader source, Provenance provenance, Set<Format> formats, ResultFiles files) {
    ResultObject encoder = new ResultObject(source, provenance);
    StructuredReport reports = new StructuredReport(source, provenance);
    Optional<Clock> now = clock.map(time -> Clock.fixed(time.instant(), time.getZone()));
    List<ResultFiles.Entry> objects = new ArrayList<>();
    if (formats.contains(Format.SR)) {
      objects.add(encoder.write(dated(reports.forPrograms(), now), Format.SR, files, "sr.dcm"));
    }
    if (formats.contains(Format.REPORT)) {
      objects.add(
          encoder.write(dated(reports.forReaders(), now), Format.REPORT, files, "report.dcm"));
    }
    if (formats.contains(Format.SC)) {
      SecondaryCapture captures = new SecondaryCapture(source, provenance, font);
      List<Reading> readings = provenance.annotation().readings();
      for (int i = 0; i < readings.size(); i++) {
        DataSet object = dated(captures.of(readings.get(i), i + 1), now);
        objects.add(encoder.write(object, Format.SC, files, "sc%03d.dcm".formatted(i + 1)));
      }
    }
    return objects;
  }

  private static DataSet dated(DataSet object, Optional<Clock> now) {
    now.ifPresent(time -> Moment.put(object, time));
    return object;
  }
}
