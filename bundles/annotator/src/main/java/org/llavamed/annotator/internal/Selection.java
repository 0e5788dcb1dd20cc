package org.llavamed.annotator.internal;

import java.util.List;
import org.llavamed.imaging.StudyTree.Instance;
import org.llavamed.imaging.StudyTree.Study;

/**
 * The pictures chosen of a study.
 *
 * @param study the study
 * @param picks in the order of series and position; may be empty
 * @param rule how they were chosen, in words, for example {@code evenly spread: 3 of 20}
 * @param leftOut objects of which no picture is read for a reason other than the rule
 */
record Selection(Study study, List<Pick> picks, String rule, List<LeftOut> leftOut) {
  /**
   * An object that is left out.
   *
   * @param instance the object
   * @param reason why, in a few words
   */
  record LeftOut(Instance instance, String reason) {}
}
