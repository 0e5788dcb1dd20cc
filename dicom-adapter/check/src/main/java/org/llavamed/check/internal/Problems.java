package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.llavamed.imaging.ObjectCheck.Problem;
import org.llavamed.imaging.ObjectCheck.Severity;

/** Collects problems; what two rules say of one place in the same words is one problem. */
public final class Problems {
  private final List<Problem> list = new ArrayList<>();
  private final Set<List<String>> seen = new HashSet<>();

  /** Makes an empty collection. */
  public Problems() {}

  void error(String place, String sentence, String source) {
    add(new Problem(Severity.ERROR, place, sentence, source));
  }

  /** Adds a warning. */
  public void warning(String place, String sentence, String source) {
    add(new Problem(Severity.WARNING, place, sentence, source));
  }

  private void add(Problem problem) {
    if (seen.add(List.of(problem.place(), problem.sentence()))) {
      list.add(problem);
    }
  }

  /** Returns the problems, in the order in which they were found. */
  public List<Problem> list() {
    return List.copyOf(list);
  }

  /** Returns a value as it is quoted in a sentence. */
  static String quote(String value) {
    return "'" + (value.length() > 64 ? value.substring(0, 64) + "..." : value) + "'";
  }
}
