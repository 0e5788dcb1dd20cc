package org.llavamed.imaging;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Checks objects against the standard: their modules, and the content trees of documents. Safe for
 * use by several threads.
 */
@ProviderType
public interface ObjectCheck {
  /** How bad a problem is. */
  enum Severity {
    /** The object is not what the standard demands. */
    ERROR,
    /** The standard allows it, or it cannot be told here; a reader may still stumble over it. */
    WARNING
  }

  /**
   * Something that is wrong with an object. No text holds control characters.
   *
   * @param severity how bad it is
   * @param place attribute, with the sequence items that lead to it, or content item
   * @param sentence what was found and what was expected
   * @param source the part of the standard that says so, for example {@code PS3.16 TID 1501 row 2}
   */
  record Problem(Severity severity, String place, String sentence, String source) {
    public Problem {
      place = plain(place);
      sentence = plain(sentence);
      source = plain(source);
    }

    /** What a file holds must not steer the terminal that shows it. */
    private static String plain(String text) {
      return text.replaceAll("\\p{Cc}", " ");
    }

    /** Returns the problem in one sentence, with place and source. */
    @Override
    public String toString() {
      return "%s: %s (%s)".formatted(place, sentence, source);
    }
  }

  /**
   * Returns the problems of an object, in the order in which they were found; none if it is good.
   */
  List<Problem> check(DicomObject object);
}
