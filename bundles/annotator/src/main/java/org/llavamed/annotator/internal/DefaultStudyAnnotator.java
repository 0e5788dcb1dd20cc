package org.llavamed.annotator.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.annotation.Protocol;
import org.llavamed.annotation.ResultWriter;
import org.llavamed.annotation.StudyAnnotator;
import org.llavamed.annotator.internal.Selection.LeftOut;
import org.llavamed.files.FileError;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.StudyAssembler;
import org.llavamed.imaging.StudyAssembler.Assembly;
import org.llavamed.imaging.StudyTree;
import org.llavamed.imaging.StudyTree.Content;
import org.llavamed.imaging.StudyTree.Instance;
import org.llavamed.imaging.StudyTree.Study;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.VisionLanguageModel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Annotates studies one after the other. Safe for use by several threads; requests wait for each
 * other. The model stays open between requests until the component is deactivated.
 */
@Component(configurationPid = DefaultStudyAnnotator.PID)
@Designate(ocd = AnnotatorConfig.class)
public final class DefaultStudyAnnotator implements StudyAnnotator {
  /** Pid of the configuration. */
  static final String PID = "org.llavamed.annotator";

  private static final Logger LOG = System.getLogger(DefaultStudyAnnotator.class.getName());

  private final StudyAssembler assembler;
  private final PictureSource source;
  private final ModelRuntime runtime;
  private final ResultWriter writer;
  private final AnnotatorSettings settings;
  private final ProtocolReader protocols = new ProtocolReader();
  private final ReentrantLock lock = new ReentrantLock();
  private final OpenModel model;
  private volatile boolean closed;

  /** Takes the services that the work is made of. */
  @Activate
  public DefaultStudyAnnotator(
      @Reference StudyAssembler assembler,
      @Reference ObjectReader reader,
      @Reference FrameDecoder decoder,
      @Reference FrameRenderer renderer,
      @Reference ModelRuntime runtime,
      @Reference ResultWriter writer,
      AnnotatorConfig config) {
    this(
        assembler,
        new PictureSource(reader, decoder, renderer),
        runtime,
        writer,
        AnnotatorSettings.of(config));
  }

  DefaultStudyAnnotator(
      StudyAssembler assembler,
      PictureSource source,
      ModelRuntime runtime,
      ResultWriter writer,
      AnnotatorSettings settings) {
    this.assembler = assembler;
    this.source = source;
    this.runtime = runtime;
    this.writer = writer;
    this.settings = settings;
    this.model = new OpenModel(runtime);
  }

  /** Lets the request in flight stop before its next question, then closes the model. */
  @Deactivate
  void close() {
    closed = true;
    lock.lock();
    try {
      model.close();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Summary annotate(Request request, Listener listener) {
    Protocol protocol = protocol(request);
    checkOut(request.out());
    lock.lock();
    try (Assembly assembly = assembler.assemble(request.inputs(), Optional.of(request.out()))) {
      return annotate(new Work(assembly.tree(), request, protocol, new Tally(listener)));
    } finally {
      lock.unlock();
    }
  }

  /** A request that is being worked on, and what was found among its inputs. */
  private record Work(StudyTree tree, Request request, Protocol protocol, Tally tally) {
    /** Returns the results of ours of a study that are among the inputs. */
    List<Path> earlier(Study study) {
      return tree.studies()
          .filter(other -> other.uid().equals(study.uid()))
          .flatMap(other -> other.series().stream())
          .flatMap(series -> series.instances().stream())
          .filter(instance -> instance.content() == Content.RESULT)
          .map(Instance::file)
          .toList();
    }
  }

  private Summary annotate(Work work) {
    List<Selection> selections = plan(work.tree(), work.protocol(), work.tally());
    Tally tally = work.tally();
    int pictures = selections.stream().mapToInt(selection -> selection.picks().size()).sum();
    if (!stopped()) {
      tally.planned(selections.size(), pictures);
    }
    for (Selection selection : selections) {
      if (stopped()) {
        break;
      }
      annotate(selection, work);
    }
    return tally.summary();
  }

  private void annotate(Selection selection, Work work) {
    try {
      VisionLanguageModel open = model.of(work.request().model().orElseGet(runtime::defaultFolder));
      var readings =
          new StudyReading(source, open, settings.maxNewTokens(), work.tally(), this::stopped)
              .read(selection);
      if (!stopped() && !readings.isEmpty()) {
        write(
            new Annotation(
                selection.study().uid(), work.protocol(), open.card(), selection.rule(), readings),
            selection.study(),
            work);
      }
    } catch (ModelException e) {
      if (!stopped()) {
        throw e;
      }
    }
  }

  private void write(Annotation annotation, Study study, Work work) {
    Request request = work.request();
    Tally tally = work.tally();
    try {
      tally.written(
          study, writer.write(annotation, request.formats(), request.out(), work.earlier(study)));
    } catch (AnnotationException e) {
      failed(study, String.valueOf(e.getMessage()), tally);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Writing the results of study " + study.uid() + " failed", e);
      failed(
          study,
          "Study %s: writing its results failed unexpectedly (%s). Report this as an error of the program."
              .formatted(study.uid(), e),
          tally);
    }
  }

  private void failed(Study study, String sentence, Tally tally) {
    if (!stopped()) {
      tally.failed(study.uid(), sentence);
    }
  }

  private List<Selection> plan(StudyTree tree, Protocol protocol, Tally tally) {
    var selector = new FrameSelector(settings.stillsPerSeries());
    List<Selection> selections =
        new InputReader(tally)
            .pictures(tree).stream().map(study -> selector.select(study, protocol)).toList();
    for (Selection selection : selections) {
      for (LeftOut leftOut : selection.leftOut()) {
        tally.skipped(leftOut.instance().file(), leftOut.reason());
      }
    }
    return selections.stream().filter(selection -> !selection.picks().isEmpty()).toList();
  }

  private Protocol protocol(Request request) {
    if (!request.questions().isEmpty()) {
      return protocols.adHoc(request.questions(), settings.frames());
    }
    Optional<Path> file = request.protocol().or(settings::protocol);
    return file.map(protocols::read).orElseGet(protocols::shipped);
  }

  /** Finds out before any work is done whether results can be written, by a file of one byte. */
  private static void checkOut(Path out) {
    Path existing = out.toAbsolutePath().normalize();
    while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      Path trial = Files.createTempFile(existing, ".llavamed", ".part");
      try {
        Files.write(trial, new byte[1]);
      } finally {
        Files.delete(trial);
      }
    } catch (IOException e) {
      FileError error = FileError.writing(existing.resolve("trial"), e);
      throw AnnotationException.invalid(out, error.found(), error.advice(), e);
    }
  }

  private boolean stopped() {
    return closed || Thread.currentThread().isInterrupted();
  }
}
