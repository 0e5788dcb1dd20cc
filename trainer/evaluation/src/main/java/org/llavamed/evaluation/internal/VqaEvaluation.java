package org.llavamed.evaluation.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.llavamed.data.VqaQuestion;
import org.llavamed.evaluation.internal.VqaReport.Scored;
import org.llavamed.evaluation.internal.VqaReport.Versus;

/** Scores answers to the questions of a split, and holds them against the controls. */
final class VqaEvaluation {
  private final VqaPlan plan;
  private final Map<String, String> about = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Matching> compared = new LinkedHashMap<>();

  /**
   * Reads what answers are compared with.
   *
   * @throws org.llavamed.data.DataException if it is no file of answers to the questions
   */
  VqaEvaluation(VqaPlan plan) {
    this.plan = plan;
    plan.compare()
        .ifPresent(
            file ->
                compared.put(
                    file.toString(), Matching.of(file, AnswerFile.read(file), plan.questions())));
    about.put("data", plan.data().toString());
    about.put("split", plan.split());
  }

  /** States what the answers are. */
  void about(String name, String value) {
    about.put(name, value);
  }

  /** Says what is left out, and why. */
  void note(String sentence) {
    notes.add(sentence);
  }

  /** Says what could not be asked. */
  void fail(String sentence) {
    if (!failures.contains(sentence)) {
      failures.add(sentence);
    }
  }

  /** Returns the first thing that could not be asked, without its full stop; empty if none. */
  String failure() {
    return failures.stream().findFirst().map(one -> one.replaceAll("\\.$", "")).orElse("");
  }

  /**
   * Scores answers.
   *
   * @param answers at least one
   * @param seen answers of the same model to what controls show it
   */
  VqaReport report(List<Answered> answers, Map<Control, List<Answered>> seen) {
    Bootstrap bootstrap = plan.bootstrap();
    about.put(
        "bootstrap", "%d resamples, seed %d".formatted(bootstrap.resamples(), bootstrap.seed()));
    Map<Control, List<Answered>> others = new EnumMap<>(Control.class);
    others.putAll(seen);
    others.putAll(withoutModel());
    Map<Control, Versus> controls = new EnumMap<>(Control.class);
    others.forEach((control, given) -> controls.put(control, Versus.of(answers, given, bootstrap)));
    Map<String, Versus> comparisons = new LinkedHashMap<>();
    compared.forEach(
        (file, matching) -> {
          about.put("matching of " + file, matching.method());
          comparisons.put(file, Versus.of(answers, matching.answered(), bootstrap));
        });
    return new VqaReport(
        about,
        answers,
        Scored.of(answers, bootstrap),
        VqaReport.byQuestionType(answers, bootstrap),
        VqaReport.byOrgan(answers, bootstrap),
        controls,
        comparisons,
        notes,
        failures);
  }

  private Map<Control, List<Answered>> withoutModel() {
    Map<Control, List<Answered>> answers = new EnumMap<>(Control.class);
    List<VqaQuestion> train = plan.trainQuestions();
    Set<Control> wanted =
        plan.controls().stream()
            .filter(control -> !control.needsModel())
            .collect(Collectors.toSet());
    if (train.isEmpty() && !wanted.isEmpty()) {
      note("The data have no train questions beside these: no control copies answers of them.");
    } else if (!wanted.isEmpty()) {
      about("copied_from", plan.trainWords());
      var controls = new TextControls(train);
      wanted.stream()
          .filter(this::applies)
          .forEach(control -> answers.put(control, controls.answers(control, plan.questions())));
    }
    return answers;
  }

  private boolean applies(Control control) {
    if (control != Control.NEAREST_QUESTION_SAME_PICTURE) {
      return true;
    }
    Set<String> pictures =
        plan.trainQuestions().stream().map(VqaQuestion::pictureId).collect(Collectors.toSet());
    boolean shared = plan.questions().stream().anyMatch(one -> pictures.contains(one.pictureId()));
    if (!shared) {
      note("No train question has a picture of the split: no control copies within a picture.");
    }
    return shared;
  }
}
