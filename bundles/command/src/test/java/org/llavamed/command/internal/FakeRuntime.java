package org.llavamed.command.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Consumer;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.ChoiceProbability;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.Diagnosis;
import org.llavamed.inference.Diagnosis.Measurement;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;

/** Models that answer with the picture's first value, in three pieces; each word is a token. */
final class FakeRuntime implements ModelRuntime {
  static final ModelCard CARD =
      new ModelCard("fake", "7", "cd".repeat(32), "fp32", "plain", "none", "CC0-1.0", "a\u001bb");

  final List<String> diary = new ArrayList<>();

  final List<Query> queries = new ArrayList<>();

  /** The text of a free answer; empty for the picture's first value. */
  String answer = "";

  /** Why a free answer ends. */
  StopReason stop = StopReason.END_OF_SEQUENCE;

  /** Makes a model folder with what an importer records. */
  static void write(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("llavamed.json"),
          """
          {"selfCheck": {"notRun": "too large\\u0007", "equalNextTokens": 0.95}}
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Path defaultFolder() {
    return Path.of("default");
  }

  @Override
  public VisionLanguageModel open(Path folder) {
    diary.add("open " + folder.getFileName());
    return new VisionLanguageModel() {
      @Override
      public ModelCard card() {
        return CARD;
      }

      @Override
      public EncodedPicture encode(Picture picture) {
        return new Encoded(picture.pixels().get(0) & 0xFF);
      }

      @Override
      public EncodedPicture withoutPicture() {
        return new Encoded(0);
      }

      @Override
      public void close() {
        diary.add("close");
      }
    };
  }

  @Override
  public ModelInspection inspect(Path folder) {
    throw new UnsupportedOperationException("a fake has no numbers to look at");
  }

  @Override
  public ModelInspection inspect(Path folder, Precision decoder) {
    return inspect(folder);
  }

  @Override
  public Diagnosis diagnose(Path folder) {
    boolean bad = folder.endsWith("bad");
    Optional<Diagnosis.Model> model =
        Optional.of(
            new Diagnosis.Model(
                CARD,
                3,
                2_000_000_000,
                new Diagnosis.Need(2_500_000_000L, 262_144_000, 4096, 4_000_000_000L, true),
                Map.of("prefill", "onnx/a_int8.onnx", "decode", "onnx/a_q4.onnx"),
                "int8 for prompts and int4",
                List.of(
                    new Measurement("onnx/a_int8.onnx", 64, 640, 16.04, 48, 0),
                    new Measurement("onnx/v.onnx", 0, 0, 0, 0, 1.25)),
                Map.of("answers", "91 of 91\u001b")));
    return new Diagnosis(
        new Diagnosis.Machine(
            "A CPU", List.of("avx2"), 8, 4, 16_000_000_000L, 9_000_000_000L, 1, 2, "VM 17"),
        new Diagnosis.Engine("Engine", "1.2", List.of("CPU"), "the CPU: because", 4, 10),
        bad ? Optional.empty() : model,
        bad
            ? List.of(folder + ": is damaged. Copy it again.")
            : folder.endsWith("large")
                ? List.of(folder + ": is too large. Buy memory.")
                : List.of(),
        List.of());
  }

  private final class Encoded implements EncodedPicture {
    private final int grey;

    Encoded(int grey) {
      this.grey = grey;
    }

    @Override
    public Answer answer(Query query, Consumer<String> onText) {
      queries.add(query);
      int prompt = query.question().split(" ", -1).length;
      if (!query.choices().isEmpty()) {
        return new Answer(
            query.choices().get(1),
            List.of(5),
            List.of(),
            0.75,
            List.of(
                new ChoiceProbability(query.choices().get(0), 0.25),
                new ChoiceProbability(query.choices().get(1), 0.75)),
            StopReason.CHOICE,
            prompt);
      }
      if (answer.isEmpty()) {
        onText.accept(" grey");
        onText.accept("\nvalue ");
        onText.accept(Integer.toString(grey));
      } else {
        onText.accept(answer);
      }
      return new Answer(
          answer.isEmpty() ? "grey\nvalue " + grey : answer,
          List.of(1, 2, 3),
          List.of(-0.25, -0.5, -0.125),
          0.5,
          List.of(),
          stop,
          prompt);
    }

    @Override
    public CompletableFuture<Answer> ask(Query query, Flow.Subscriber<? super String> subscriber) {
      try (SubmissionPublisher<String> pieces = new SubmissionPublisher<>(Runnable::run, 256)) {
        pieces.subscribe(subscriber);
        return CompletableFuture.completedFuture(answer(query, pieces::submit));
      }
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
