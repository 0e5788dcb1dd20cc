package org.llavamed.result.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.annotation.ResultWriter;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.FrameEncoder;
import org.llavamed.imaging.ImagingException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Writes annotations as DICOM objects and JSON. Safe for use by several threads. */
@Component(configurationPid = DicomResultWriter.PID)
@Designate(ocd = ResultConfig.class)
public final class DicomResultWriter implements ResultWriter {
  static final String PID = "org.llavamed.result";

  private final String softwareVersion;
  private final Optional<Clock> clock;
  private final Set<Format> defaults;
  private final CaptureCompression compression;
  private final BitmapFont font;

  /** Makes the component; the version of the bundle is the version of the software. */
  @Activate
  public DicomResultWriter(
      BundleContext context, ResultConfig config, @Reference FrameEncoder encoder) {
    this(
        context.getBundle().getVersion().toString(),
        ResultSettings.of(config),
        Clock.system(ZoneId.systemDefault()),
        encoder);
  }

  /**
   * Makes a writer.
   *
   * @param clock what dates the objects, where the settings ask for it
   * @param encoder what compresses pictures, where the settings ask for it
   */
  DicomResultWriter(
      String softwareVersion, ResultSettings settings, Clock clock, FrameEncoder encoder) {
    this.softwareVersion = softwareVersion;
    this.clock = Optional.of(clock).filter(time -> settings.datesFromClock());
    this.defaults = settings.formats();
    this.compression = new CaptureCompression(encoder, settings.captures());
    this.font = BitmapFont.load();
  }

  @Override
  public Written write(Annotation annotation, Set<Format> formats, Path out, List<Path> earlier) {
    Set<Format> wanted = EnumSet.copyOf(formats.isEmpty() ? defaults : formats);
    try {
      return writeAll(annotation, wanted, out, earlier);
    } catch (ImagingException e) {
      throw AnnotationException.invalid(
          annotation.readings().get(0).object().file(),
          "the results cannot be encoded (%s)".formatted(e.getMessage()),
          "Correct the attribute that is named: in the protocol, the model's description or the source",
          e);
    }
  }

  private Written writeAll(
      Annotation annotation, Set<Format> formats, Path out, List<Path> earlier) {
    SourceHeader source = new SourceHeader(annotation);
    Provenance provenance = new Provenance(annotation, softwareVersion);
    ObjectNode json = new AnnotationJson(source, provenance).body();
    ResultFiles files =
        new ResultFiles(
            out,
            annotation.source().string(Tag.Modality).orElse(""),
            source.studyKey(),
            annotation.protocol().name(),
            Hashes.sha256(AnnotationJson.encode(json)));
    List<Path> known = new ArrayList<>(files.ofStudy());
    known.addAll(earlier);
    Revisions revisions = new Revisions(known);
    ResultObject encoder = new ResultObject(source, provenance);
    List<ResultFiles.Entry> objects = new ArrayList<>();
    new Drafts(source, provenance, font)
        .forEach(
            formats,
            finished(draft -> encoder.write(draft, files, revisions).ifPresent(objects::add)));
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

  /** All objects of an annotation bear one time, and their pictures are stored as configured. */
  private Consumer<Draft> finished(Consumer<Draft> writer) {
    Optional<Clock> now = clock.map(time -> Clock.fixed(time.instant(), time.getZone()));
    return draft -> {
      now.ifPresent(time -> Moment.put(draft.object(), time));
      compression.apply(draft.object());
      writer.accept(draft);
    };
  }
}
