package org.llavamed.evaluation.internal;

import org.llavamed.data.VqaQuestion;
import org.llavamed.imaging.Picture;

/** Which picture is shown with a question. */
interface Sight {
  /** Returns a name of the picture; questions with equal names are shown one picture. */
  String name(VqaQuestion question);

  /**
   * Returns the picture of a name.
   *
   * @throws org.llavamed.imaging.ImagingException if its file is missing or damaged
   */
  Picture picture(String name);

  /** Returns what tells the shown picture from others: equal pictures have equal ones. */
  String hash(VqaQuestion question);
}
