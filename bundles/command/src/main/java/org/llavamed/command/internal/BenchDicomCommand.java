package org.llavamed.command.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Terminal;
import org.llavamed.command.Text;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.network.DimseClient;
import org.llavamed.network.DimseReceiver;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.StoreOutcome;
import org.llavamed.network.Timeouts;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed bench dicom}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=bench")
@CommandLine.Command(
    name = "dicom",
    description = {
      "Measure how fast DICOM files are read, decoded, sent and received, and print JSON.",
      "One thread, files already read once, medians. Files that cannot be read are left out and"
          + " counted. Nothing else should run on the machine."
    })
public final class BenchDicomCommand implements Command {
  private static final String AE_TITLE = "LLAVAMED";
  private static final double MEGABYTE = 1e6;

  private final ObjectReader reader;
  private final FrameDecoder decoder;
  private final DimseClient client;
  private final DimseReceiver receiver;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "DICOM files and folders (default: the sample studies).")
  private List<Path> paths = List.of();

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each measurement is made; medians are shown (default: 5).")
  private int repeats;

  @Option(
      names = "--store",
      description = "Also send all files to a receiver of ours on the loopback interface.")
  private boolean store;

  /** Takes the services that are measured. */
  @Activate
  public BenchDicomCommand(
      @Reference ObjectReader reader,
      @Reference FrameDecoder decoder,
      @Reference DimseClient client,
      @Reference DimseReceiver receiver) {
    this.reader = reader;
    this.decoder = decoder;
    this.client = client;
    this.receiver = receiver;
  }

  /**
   * How fast the frames of one transfer syntax are decoded.
   *
   * @param transferSyntax Transfer Syntax UID
   * @param files how many there are
   * @param megabytes of stored values, of 10^6 bytes
   * @param megabytesPerSecond of stored values
   */
  record Decoding(String transferSyntax, int files, double megabytes, double megabytesPerSecond) {}

  /**
   * How fast files are sent to a receiver of ours and kept there, one after the other.
   *
   * @param files how many there are
   * @param filesPerSecond files a second
   * @param megabytesPerSecond of the files, of 10^6 bytes
   */
  record Storing(int files, double filesPerSecond, double megabytesPerSecond) {}

  /**
   * What is printed.
   *
   * @param files that could be read
   * @param filesLeftOut that could not
   * @param headersPerSecond objects whose header is read in a second
   * @param decoding by transfer syntax
   * @param storing null where it was not asked for
   */
  record Output(
      int files,
      int filesLeftOut,
      double headersPerSecond,
      List<Decoding> decoding,
      @Nullable Storing storing,
      int repeats,
      String processor,
      String java,
      String notice) {}

  @Override
  public Integer call() {
    if (repeats < 1) {
      throw new ParameterException(
          spec.commandLine(), "--repeats is %d, expected 1 or more".formatted(repeats));
    }
    List<Path> named = new ArrayList<>();
    (paths.isEmpty() ? Home.sampleFiles() : paths)
        .forEach(path -> named.addAll(FileTree.of(path).keySet()));
    List<DicomObject> objects = new ArrayList<>();
    named.forEach(file -> read(file, objects));
    if (objects.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println("llavamed: no file can be read, so nothing is measured. Name DICOM files.");
      return SOME_INPUT_FAILED;
    }
    try (var progress = new ProgressDisplay(spec.commandLine().getErr(), Terminal.isPresent())) {
      Json.print(spec.commandLine().getOut(), measure(objects, named.size(), progress));
    }
    return OK;
  }

  private Output measure(List<DicomObject> objects, int named, ProgressDisplay progress) {
    progress.println("reading headers");
    double reading =
        Stopwatch.median(repeats, () -> objects.forEach(object -> reader.read(object.file())));
    progress.println("decoding");
    List<Decoding> decoding = decoding(objects);
    Storing storing = null;
    if (store) {
      progress.println("sending and receiving");
      storing = storing(objects.stream().map(DicomObject::file).toList());
    }
    return new Output(
        objects.size(),
        named - objects.size(),
        objects.size() / reading,
        decoding,
        storing,
        repeats,
        Processor.name(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
        ResearchMark.NOTICE);
  }

  private void read(Path file, List<DicomObject> objects) {
    try {
      objects.add(reader.read(file));
    } catch (ImagingException e) {
      spec.commandLine().getErr().println("left out: " + Text.line(String.valueOf(e.getMessage())));
    }
  }

  private List<Decoding> decoding(List<DicomObject> objects) {
    Map<String, List<DicomObject>> bySyntax = new TreeMap<>();
    for (DicomObject object : objects) {
      if (object.pixelData().isPresent() && decodes(object)) {
        bySyntax.computeIfAbsent(object.transferSyntaxUid(), uid -> new ArrayList<>()).add(object);
      }
    }
    List<Decoding> all = new ArrayList<>();
    bySyntax.forEach(
        (uid, same) -> {
          double megabytes = same.stream().mapToLong(this::decode).sum() / MEGABYTE;
          double seconds = Stopwatch.median(repeats, () -> same.forEach(this::decode));
          all.add(new Decoding(uid, same.size(), megabytes, megabytes / seconds));
        });
    return all;
  }

  private boolean decodes(DicomObject object) {
    try {
      return decode(object) > 0;
    } catch (ImagingException e) {
      spec.commandLine()
          .getErr()
          .println("not decoded: " + Text.line(String.valueOf(e.getMessage())));
      return false;
    }
  }

  /** Decodes all frames and returns the bytes of their stored values. */
  private long decode(DicomObject object) {
    long bytes = 0;
    int frames = PixelDescription.of(object).frames();
    for (int i = 0; i < frames; i++) {
      bytes += decoder.decode(object, i).values().remaining();
    }
    return bytes;
  }

  /** Each round receives into a folder of its own, since what is there already is not written. */
  private Storing storing(List<Path> files) {
    double megabytes = files.stream().mapToLong(BenchDicomCommand::size).sum() / MEGABYTE;
    double seconds = Stopwatch.median(repeats, () -> storeOnce(files));
    return new Storing(files.size(), files.size() / seconds, megabytes / seconds);
  }

  private void storeOnce(List<Path> files) {
    try {
      Path folder = Files.createTempDirectory("llavamed-bench-");
      try (var reception = receiver.open(ReceiveSettings.of(0, folder), instance -> {})) {
        client.store(
            new Peer(
                ReceiveSettings.LOOPBACK,
                reception.port(),
                AE_TITLE,
                AE_TITLE,
                Optional.empty(),
                Timeouts.DEFAULT),
            files,
            BenchDicomCommand::checkStored);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void checkStored(StoreOutcome outcome) {
    if (!outcome.stored()) {
      throw NetworkException.failed(
          outcome.file(), "it was not stored (%s)".formatted(outcome.problem()), "Leave it out");
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
