package org.llavamed.annotator.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Consumer;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.ChoiceProbability;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.Diagnosis;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;

/** A runtime whose models answer with the last choice, or repeat the question; writes a diary. */
final class FakeModel implements ModelRuntime {
  static final Path DEFAULT = Path.of("models", "default");
  static final ModelCard CARD =
      new ModelCard("fake", "1", "ab".repeat(32), "fp32", "none", "none", "CC0-1.0", "nowhere");

  final List<String> diary = new ArrayList<>();
  Runnable onEncode = () -> {};
  Runnable onAnswer = () -> {};

  @Override
  public Path defaultFolder() {
    return DEFAULT;
  }

  @Override
  public VisionLanguageModel open(Path folder) {
    if (folder.endsWith("broken")) {
      throw ModelException.invalid(folder, "is no model", "Import one");
    }
    diary.add("open " + folder.getFileName());
    return new VisionLanguageModel() {
      @Override
      public ModelCard card() {
        return CARD;
      }

      @Override
      public EncodedPicture encode(Picture picture) {
        onEncode.run();
        diary.add("encode " + (picture.pixels().get(0) & 0xFF));
        return new Encoded();
      }

      @Override
      public EncodedPicture withoutPicture() {
        return new Encoded();
      }

      @Override
      public void close() {
        diary.add("close " + folder.getFileName());
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
    throw new UnsupportedOperationException("a fake needs nothing");
  }

  private final class Encoded implements EncodedPicture {
    @Override
    public Answer answer(Query query, Consumer<String> onText) {
      diary.add("ask " + query.question() + " " + query.generation().maxNewTokens());
      onAnswer.run();
      if (query.choices().isEmpty()) {
        return new Answer(
            query.question(),
            List.of(1),
            List.of(),
            0.25,
            List.of(),
            StopReason.END_OF_SEQUENCE,
            9);
      }
      String last = query.choices().get(query.choices().size() - 1);
      List<ChoiceProbability> probabilities =
          query.choices().stream()
              .map(choice -> new ChoiceProbability(choice, choice.equals(last) ? 1 : 0))
              .toList();
      return new Answer(last, List.of(2), List.of(), 1, probabilities, StopReason.CHOICE, 9);
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
      diary.add("free");
    }
  }
}
