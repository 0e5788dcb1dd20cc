package org.llavamed.command.internal;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Terminal;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code llavamed bench}. */
@Component(scope = ServiceScope.PROTOTYPE)
@CommandLine.Command(
    name = "bench",
    description =
        "Measure on the sample studies, and print JSON: seconds from the start of the process to the"
            + " first answer, pictures/s of decode and render, seconds to encode a picture, tokens/s"
            + " of prefill and decode.")
public final class BenchCommand implements Command {
  private final PictureFile pictures;
  private final ModelRuntime runtime;

  @Spec private CommandSpec spec;
  @Mixin private ModelOption model;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "15",
      description = "How often each measurement is made; medians are shown (default: 15).")
  private int repeats;

  /** Takes the services that are measured. */
  @Activate
  public BenchCommand(@Reference PictureFile pictures, @Reference ModelRuntime runtime) {
    this.pictures = pictures;
    this.runtime = runtime;
  }

  /**
   * What is printed.
   *
   * @param startToFirstAnswerSeconds from the start of the process to the first whole answer
   * @param decodeAndRenderPicturesPerSecond over all frames of the samples, files already read once
   * @param encodePictureSeconds preparation of a picture and its way through the vision tower
   * @param prefillTokensPerSecond what each further token of a prompt costs
   * @param decodeTokensPerSecond what each further token of an answer costs
   */
  record Output(
      double startToFirstAnswerSeconds,
      double decodeAndRenderPicturesPerSecond,
      double encodePictureSeconds,
      double prefillTokensPerSecond,
      double decodeTokensPerSecond,
      int samplePictures,
      int repeats,
      String processor,
      int processors,
      String java,
      ModelCard model,
      String notice) {}

  @Override
  public Integer call() {
    if (repeats < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--repeats is %d, expected 1 or more".formatted(repeats));
    }
    List<DicomObject> samples = samples();
    Path folder = model.folder(spec.commandLine()).orElseGet(runtime::defaultFolder);
    Picture picture =
        pictures.load(samples.get(0).file(), OptionalInt.empty()).rendered().picture();
    try (VisionLanguageModel open = runtime.open(folder)) {
      try (EncodedPicture encoded = open.encode(picture)) {
        encoded.answer(Query.open("Is this image abnormal?"), text -> {});
      }
      double first =
          (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
      Json.print(spec.commandLine().getOut(), measure(open, picture, samples, first));
    }
    return OK;
  }

  private Output measure(
      VisionLanguageModel open, Picture picture, List<DicomObject> samples, double first) {
    int frames = samples.stream().mapToInt(object -> PixelDescription.of(object).frames()).sum();
    double rendering;
    double encoding;
    double prefill;
    double decode;
    var speed = new ModelSpeed(repeats);
    try (var progress = new ProgressDisplay(spec.commandLine().getErr(), Terminal.isPresent());
        EncodedPicture encoded = open.encode(picture)) {
      progress.println("measuring decode and render");
      rendering = Stopwatch.median(repeats, () -> samples.forEach(this::render));
      progress.println("measuring the vision tower");
      var count = new AtomicInteger();
      encoding =
          Stopwatch.median(
              repeats, () -> open.encode(variant(picture, count.incrementAndGet())).close());
      progress.println("measuring prefill and decode");
      prefill = speed.prefill(encoded);
      decode = speed.decode(encoded);
    }
    return new Output(
        first,
        frames / rendering,
        encoding,
        prefill,
        decode,
        frames,
        repeats,
        Processor.name(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
        open.card(),
        ResearchMark.NOTICE);
  }

  /** Returns a picture with another first sample: a model keeps what it made of equal pictures. */
  private static Picture variant(Picture picture, int value) {
    ByteBuffer pixels = ByteBuffer.allocate(picture.pixels().remaining());
    pixels.put(picture.pixels().duplicate()).flip();
    pixels.put(0, (byte) value);
    return new Picture(picture.width(), picture.height(), picture.channels(), pixels);
  }

  private void render(DicomObject object) {
    int frames = PixelDescription.of(object).frames();
    for (int i = 0; i < frames; i++) {
      pictures.render(object, i);
    }
  }

  private List<DicomObject> samples() {
    return Home.sampleFiles().stream().map(pictures::open).toList();
  }
}
