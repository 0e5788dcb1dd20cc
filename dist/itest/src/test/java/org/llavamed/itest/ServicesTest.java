package org.llavamed.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.ResultWriter;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.ResultWriter.ResultFile;
import org.llavamed.annotation.StudyAnnotator;
import org.llavamed.annotation.StudyAnnotator.Listener;
import org.llavamed.annotation.StudyAnnotator.Reply;
import org.llavamed.annotation.StudyAnnotator.Request;
import org.llavamed.annotation.StudyAnnotator.Summary;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.PictureReader;
import org.llavamed.inference.ModelBenchmark;
import org.llavamed.inference.ModelImporter;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.RandomModels;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.service.ServiceExtension;

/** The services that the bundles offer each other. */
@ExtendWith(ServiceExtension.class)
public final class ServicesTest {
  private static final int TIMEOUT = 20_000;

  @TempDir Path out;

  @InjectService(timeout = TIMEOUT)
  ObjectReader reader;

  @InjectService(timeout = TIMEOUT)
  FrameDecoder decoder;

  @InjectService(timeout = TIMEOUT)
  FrameRenderer renderer;

  @InjectService(timeout = TIMEOUT)
  PictureReader pictures;

  @InjectService(timeout = TIMEOUT)
  ModelRuntime runtime;

  @InjectService(timeout = TIMEOUT)
  ModelImporter importer;

  @InjectService(timeout = TIMEOUT)
  RandomModels randomModels;

  @InjectService(timeout = TIMEOUT)
  ModelBenchmark benchmark;

  @InjectService(timeout = TIMEOUT)
  ResultWriter writer;

  @InjectService(timeout = TIMEOUT)
  StudyAnnotator annotator;

  @SuppressWarnings("rawtypes") // as it is registered
  @InjectService(timeout = TIMEOUT, filter = "(llavamed.cli=true)")
  ToIntFunction commandLine;

  private static Path home() {
    return Path.of(System.getProperty("llavamed.home", ".")).normalize();
  }

  @Test
  public void everyContractHasAnImplementation() {
    assertThat(List.of(reader, decoder, renderer, pictures, writer, annotator, commandLine))
        .doesNotHaveDuplicates();
    assertThat(List.of(runtime, importer, randomModels, benchmark)).doesNotHaveDuplicates();
  }

  @Test
  public void theConfiguredModelFolderIsTheOneThatShips() {
    assertThat(runtime.defaultFolder().normalize()).isEqualTo(home().resolve("models/tiny-vqa"));
  }

  @Test
  public void aSampleIsAnnotated() {
    List<String> failures = new ArrayList<>();
    List<Reply> replies = new ArrayList<>();
    List<ResultFile> files = new ArrayList<>();
    Summary summary =
        annotator.annotate(
            new Request(
                List.of(home().resolve("samples/mr-brain/brain_011.dcm")),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                out,
                EnumSet.allOf(Format.class)),
            new Collector(replies, files, failures));
    assertThat(failures).isEmpty();
    assertThat(summary).isEqualTo(new Summary(1, 1, 0, 0));
    assertThat(replies).isNotEmpty().allMatch(reply -> !reply.answer().isBlank());
    assertThat(files)
        .hasSize(Format.values().length)
        .allMatch(file -> Files.isRegularFile(file.file()));
  }

  private record Collector(List<Reply> replies, List<ResultFile> files, List<String> failures)
      implements Listener {
    @Override
    public void planned(int studies, int pictures) {}

    @Override
    public void answered(Reply reply) {
      replies.add(reply);
    }

    @Override
    public void written(String studyInstanceUid, List<ResultFile> results, List<String> warnings) {
      files.addAll(results);
    }

    @Override
    public void skipped(Path file, String reason) {
      failures.add(file + " was left out: " + reason);
    }

    @Override
    public void noted(String sentence) {}

    @Override
    public void failed(String sentence) {
      failures.add(sentence);
    }
  }
}
