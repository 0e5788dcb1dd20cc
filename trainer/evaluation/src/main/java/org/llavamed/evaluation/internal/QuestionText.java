package org.llavamed.evaluation.internal;

import java.util.Locale;
import java.util.regex.Pattern;

/** What makes two texts the same question. */
final class QuestionText {
  /** What the published answer files have behind closed questions. */
  private static final Pattern OFFER = Pattern.compile("(?is)\\bplease choose\\b.*$");

  private static final Pattern SLOT = Pattern.compile("<image>");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private QuestionText() {}

  /** Returns a question without picture slot, offered answers, letter case and surplus blanks. */
  static String of(String prompt) {
    String alone = OFFER.matcher(SLOT.matcher(prompt).replaceAll(" ")).replaceFirst("");
    return BLANKS.matcher(alone.strip()).replaceAll(" ").toLowerCase(Locale.ROOT);
  }
}
