package org.llavamed.evaluation.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import org.llavamed.data.VqaQuestion;
import org.llavamed.imaging.ImagingException;
import org.llavamed.inference.Answer;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Progress;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;

/**
 * Asks a model. Each picture is looked at once, whatever the number of its questions; several
 * questions, of several pictures, may be under way at a time.
 */
final class Interview {
  /** Most questions under way at a time: a model lets no more wait, unless it is told to. */
  static final int MOST_AT_ONCE = 64;

  private final VisionLanguageModel model;
  private final Generation generation;
  private final int atOnce;
  private final Progress progress;

  /**
   * Takes who is asked, and how.
   *
   * @param generation where tokens are drawn, the first question has its seed, the next one a seed
   *     of 1 more, and so on
   * @param atOnce questions under way at a time, 1 to {@link #MOST_AT_ONCE}
   */
  Interview(VisionLanguageModel model, Generation generation, int atOnce, Progress progress) {
    this.model = model;
    this.generation = generation;
    this.atOnce = atOnce;
    this.progress = progress;
  }

  /** A question that is under way. */
  private record Waiting(VqaQuestion question, CompletableFuture<Answer> answer, Shown shown) {}

  /** A picture with the number of questions that are still to be asked or answered about it. */
  private static final class Shown {
    private final EncodedPicture seen;
    private int left;

    Shown(EncodedPicture seen, int left) {
      this.seen = seen;
      this.left = left;
    }
  }

  /**
   * Asks the questions that are not answered yet, and keeps the answers.
   *
   * @param what what is done, for the progress
   * @return what is wrong with pictures that could not be shown and with questions that the model
   *     takes not, such as one that is too long for it, in the order of the questions
   * @throws ModelException if the model fails while it looks at a picture or answers
   */
  List<String> ask(String what, List<VqaQuestion> questions, Sight sight, AnswerStore store) {
    Map<String, List<Integer>> pictures = new LinkedHashMap<>();
    for (int i = 0; i < questions.size(); i++) {
      if (!store.has(questions.get(i))) {
        pictures.computeIfAbsent(sight.name(questions.get(i)), name -> new ArrayList<>()).add(i);
      }
    }
    return new Round(what, questions, store).run(pictures, sight);
  }

  /** One pass over questions. */
  private final class Round {
    private final String what;
    private final List<VqaQuestion> questions;
    private final AnswerStore store;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final List<Shown> open = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private long done;

    Round(String what, List<VqaQuestion> questions, AnswerStore store) {
      this.what = what;
      this.questions = questions;
      this.store = store;
      this.done = questions.stream().filter(store::has).count();
    }

    List<String> run(Map<String, List<Integer>> pictures, Sight sight) {
      try {
        pictures.forEach((name, asked) -> ask(sight, name, asked));
        while (!waiting.isEmpty()) {
          take();
        }
        return failures;
      } finally {
        waiting.forEach(one -> one.answer().cancel(true));
        open.forEach(shown -> shown.seen.close());
      }
    }

    private void ask(Sight sight, String name, List<Integer> asked) {
      Shown shown;
      try {
        shown = new Shown(model.encode(sight.picture(name)), asked.size());
      } catch (ImagingException e) {
        failures.add(String.valueOf(e.getMessage()));
        advance(asked.size());
        return;
      }
      open.add(shown);
      for (int index : asked) {
        send(shown, questions.get(index), index);
        if (waiting.size() >= atOnce) {
          take();
        }
      }
    }

    /** A model that takes no question while others wait is asked again when they are answered. */
    private void send(Shown shown, VqaQuestion question, int index) {
      while (true) {
        try {
          CompletableFuture<Answer> answer = shown.seen.ask(query(question, index), new Unread());
          waiting.add(new Waiting(question, answer, shown));
          return;
        } catch (ModelException e) {
          if (waiting.isEmpty()) {
            failures.add("question %s: %s".formatted(question.id(), e.getMessage()));
            settle(shown);
            return;
          }
          take();
        }
      }
    }

    private void take() {
      Waiting first = waiting.remove();
      store.add(first.question(), result(first.answer()));
      settle(first.shown());
    }

    /** A question of a picture is done with; after its last one the picture is closed. */
    private void settle(Shown shown) {
      shown.left--;
      if (shown.left == 0) {
        open.remove(shown);
        shown.seen.close();
      }
      advance(1);
    }

    private void advance(int questionsDone) {
      done += questionsDone;
      progress.at(what, done, questions.size());
    }
  }

  private Query query(VqaQuestion question, int index) {
    return Query.open(
        question.question(),
        generation.temperature() == 0
            ? generation
            : generation.withSampling(
                generation.temperature(),
                generation.topK(),
                generation.topP(),
                generation.seed() + index));
  }

  private static Answer result(CompletableFuture<Answer> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ModelException.invalid(
          "The model", "the wait for its answer was interrupted", "Run again to go on", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ModelException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Lets the text pass as it grows. */
  private static final class Unread implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String piece) {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onComplete() {}
  }
}
