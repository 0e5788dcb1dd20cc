package org.llavamed.annotator.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.llavamed.annotation.Protocol;
import org.llavamed.annotation.Protocol.ProtocolQuestion;
import org.llavamed.annotator.internal.Selection.LeftOut;
import org.llavamed.imaging.StudyTree.Content;
import org.llavamed.imaging.StudyTree.Instance;
import org.llavamed.imaging.StudyTree.Series;
import org.llavamed.imaging.StudyTree.Study;

/**
 * Chooses the pictures of a study that are read. One rule for each kind:
 *
 * <ul>
 *   <li>slices, that is several single-frame objects of a tomographic modality in one series: k
 *       evenly spread ones
 *   <li>a multi-frame object (cine, enhanced volume, whole slide): k evenly spread frames
 *   <li>any other single picture (radiograph, still, secondary capture, a lone slice): itself; of a
 *       series with more than {@code stillsPerSeries} of them, so many evenly spread ones
 *   <li>a localizer: left out where the study has other pictures
 * </ul>
 *
 * k is the question's number of frames, else the protocol's. Evenly spread means the middles of k
 * equal parts, so one of n is the middle one, and k of at most k are all.
 */
final class FrameSelector {
  private static final Set<String> TOMOGRAPHIC = Set.of("CT", "MR", "PT", "NM", "ST", "OPT", "OCT");

  private final int stillsPerSeries;

  FrameSelector(int stillsPerSeries) {
    this.stillsPerSeries = stillsPerSeries;
  }

  /** Chooses the pictures of a study. */
  Selection select(Study study, Protocol protocol) {
    var chosen = new Chosen(protocol);
    boolean onlyLocalizers =
        study.series().stream()
            .flatMap(series -> series.instances().stream())
            .allMatch(FrameSelector::isLocalizer);
    for (Series series : study.series()) {
      var slices = new ArrayList<Instance>();
      var stills = new ArrayList<Instance>();
      for (Instance instance : series.instances()) {
        if (isLocalizer(instance) && !onlyLocalizers) {
          chosen.leaveOut(instance, "localizer");
        } else if (!chosen.hasQuestionFor(instance)) {
          chosen.leaveOut(instance, noQuestion(protocol, instance));
        } else if (instance.frames() > 1) {
          chosen.frames(instance);
        } else if (TOMOGRAPHIC.contains(instance.modality())) {
          slices.add(instance);
        } else {
          stills.add(instance);
        }
      }
      chosen.slices(slices);
      chosen.stills(stills, stillsPerSeries);
    }
    return chosen.of(study);
  }

  /**
   * Returns which of {@code n} things are the middles of {@code k} equal parts, ascending; all
   * where {@code k} is not below {@code n}.
   */
  static Set<Integer> evenlySpread(int k, int n) {
    int parts = Math.min(k, n);
    var indices = new TreeSet<Integer>();
    for (int i = 0; i < parts; i++) {
      indices.add((int) ((2L * i + 1) * n / (2L * parts)));
    }
    return indices;
  }

  private static boolean isLocalizer(Instance instance) {
    return instance.content() == Content.LOCALIZER;
  }

  /** Returns whether a question is asked of an object. */
  static boolean applies(ProtocolQuestion question, Instance instance) {
    return among(question.modalities(), instance.modality())
        && among(question.bodyParts(), instance.bodyPart());
  }

  private static boolean among(List<String> allowed, String value) {
    return allowed.isEmpty() || allowed.stream().anyMatch(value::equalsIgnoreCase);
  }

  private static String noQuestion(Protocol protocol, Instance instance) {
    return "no question of protocol '%s' applies to %s"
        .formatted(protocol.name(), (instance.modality() + " " + instance.bodyPart()).strip());
  }

  /** What is chosen so far of a study. */
  private static final class Chosen {
    private final Protocol protocol;
    private final List<Pick> picks = new ArrayList<>();
    private final Set<String> rules = new LinkedHashSet<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    Chosen(Protocol protocol) {
      this.protocol = protocol;
    }

    Selection of(Study study) {
      return new Selection(study, picks, String.join("; ", rules), leftOut);
    }

    boolean hasQuestionFor(Instance instance) {
      return protocol.questions().stream().anyMatch(question -> applies(question, instance));
    }

    void leaveOut(Instance instance, String reason) {
      leftOut.add(new LeftOut(instance, reason));
    }

    void frames(Instance instance) {
      spread(instance.frames(), i -> instance)
          .forEach((frame, questions) -> picks.add(new Pick(instance, frame, questions)));
    }

    void slices(List<Instance> slices) {
      spread(slices.size(), slices::get)
          .forEach((i, questions) -> picks.add(new Pick(slices.get(i), 0, questions)));
    }

    void stills(List<Instance> stills, int most) {
      Set<Integer> read = evenlySpread(most, stills.size());
      for (int i : read) {
        Instance still = stills.get(i);
        picks.add(
            new Pick(
                still,
                0,
                protocol.questions().stream()
                    .filter(question -> applies(question, still))
                    .toList()));
        rules.add(rule(read.size(), stills.size()));
      }
    }

    /** Returns, for each of {@code n} pictures that is read, the questions that it is asked. */
    private SortedMap<Integer, List<ProtocolQuestion>> spread(int n, IntFunction<Instance> at) {
      var asked = new TreeMap<Integer, List<ProtocolQuestion>>();
      for (ProtocolQuestion question : protocol.questions()) {
        Set<Integer> indices = evenlySpread(question.frames().orElse(protocol.frames()), n);
        for (int i : indices) {
          if (applies(question, at.apply(i))) {
            asked.computeIfAbsent(i, index -> new ArrayList<>()).add(question);
            rules.add(rule(indices.size(), n));
          }
        }
      }
      return asked;
    }

    private static String rule(int read, int all) {
      return read == all
          ? all == 1 ? "single picture: itself" : "all pictures"
          : "evenly spread: %d of %d".formatted(read, all);
    }
  }
}
