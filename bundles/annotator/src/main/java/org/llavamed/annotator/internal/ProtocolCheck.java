package org.llavamed.annotator.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.annotation.Code;
import org.llavamed.annotation.Protocol;
import org.llavamed.annotation.Protocol.Choice;
import org.llavamed.annotation.Protocol.ProtocolQuestion;
import org.llavamed.annotator.internal.ProtocolFile.AppliesTo;
import org.llavamed.annotator.internal.ProtocolFile.ChoiceText;
import org.llavamed.annotator.internal.ProtocolFile.CodeText;
import org.llavamed.annotator.internal.ProtocolFile.Question;

/** Checks what stands in a protocol file; every error names the key. */
final class ProtocolCheck {
  private static final String ID = "[A-Za-z0-9][A-Za-z0-9_-]{0,31}";
  private static final int MOST_QUESTIONS = 200;
  private static final int MOST_TEXT = 1000;

  private final Object where;

  ProtocolCheck(Object where) {
    this.where = where;
  }

  /**
   * Makes the protocol.
   *
   * @throws AnnotationException if a value is missing or not allowed
   */
  Protocol check(@Nullable ProtocolFile file, String sha256) {
    if (file == null) {
      throw wrong("the file", "is empty, expected name, version, frames and questions");
    }
    String name = text("name", file.name, 64);
    String version = text("version", file.version, 64);
    int frames = frames("frames", file.frames).orElse(3);
    List<@Nullable Question> questions = file.questions == null ? List.of() : file.questions;
    if (questions.isEmpty() || questions.size() > MOST_QUESTIONS) {
      throw wrong(
          "questions",
          "has %d entries, expected 1 to %d".formatted(questions.size(), MOST_QUESTIONS));
    }
    var ids = new HashSet<String>();
    var checked = new ArrayList<ProtocolQuestion>();
    for (int i = 0; i < questions.size(); i++) {
      checked.add(question("questions[%d]".formatted(i), questions.get(i), ids));
    }
    return new Protocol(name, version, sha256, frames, checked);
  }

  private ProtocolQuestion question(String key, @Nullable Question question, Set<String> ids) {
    if (question == null) {
      throw wrong(key, "is empty, expected id and text");
    }
    String id = text(key + ".id", question.id, 32);
    if (!id.matches(ID)) {
      throw wrong(key + ".id", "is '%s', expected letters, digits, - and _".formatted(id));
    }
    if (!ids.add(id)) {
      throw wrong(key + ".id", "is '%s' again, expected a name of its own".formatted(id));
    }
    AppliesTo appliesTo = question.appliesTo == null ? new AppliesTo() : question.appliesTo;
    return new ProtocolQuestion(
        id,
        text(key + ".text", question.text, MOST_TEXT),
        code(key + ".code", question.code),
        choices(key + ".choices", question.choices),
        names(key + ".appliesTo.modalities", appliesTo.modalities),
        names(key + ".appliesTo.bodyParts", appliesTo.bodyParts),
        frames(key + ".frames", question.frames));
  }

  private List<Choice> choices(String key, @Nullable List<@Nullable ChoiceText> choices) {
    if (choices == null) {
      return List.of();
    }
    var texts = new HashSet<String>();
    var checked = new ArrayList<Choice>();
    for (int i = 0; i < choices.size(); i++) {
      String place = "%s[%d]".formatted(key, i);
      ChoiceText choice = choices.get(i);
      String text = text(place + ".text", choice == null ? null : choice.text, 64);
      if (!texts.add(text)) {
        throw wrong(place + ".text", "is '%s' again, expected different choices".formatted(text));
      }
      checked.add(new Choice(text, code(place + ".code", choice == null ? null : choice.code)));
    }
    if (checked.size() < 2 || checked.size() > 100) {
      throw wrong(
          key,
          "has %d entries, expected 2 to 100, or no choices at all for a free answer"
              .formatted(checked.size()));
    }
    return checked;
  }

  private Optional<Code> code(String key, @Nullable CodeText code) {
    return code == null
        ? Optional.empty()
        : Optional.of(
            new Code(
                text(key + ".value", code.value, 16),
                text(key + ".scheme", code.scheme, 16),
                text(key + ".meaning", code.meaning, 64)));
  }

  private List<String> names(String key, @Nullable List<@Nullable String> names) {
    if (names == null) {
      return List.of();
    }
    var checked = new ArrayList<String>();
    for (int i = 0; i < names.size(); i++) {
      checked.add(text("%s[%d]".formatted(key, i), names.get(i), 16));
    }
    return checked;
  }

  private Optional<Integer> frames(String key, @Nullable Integer frames) {
    if (frames != null && (frames < 1 || frames > ProtocolReader.MOST_FRAMES)) {
      throw wrong(key, "is %d, expected 1 to %d".formatted(frames, ProtocolReader.MOST_FRAMES));
    }
    return Optional.ofNullable(frames);
  }

  private String text(String key, @Nullable String value, int most) {
    if (value == null || value.isBlank()) {
      throw wrong(key, "is missing, expected a text of 1 to %d characters".formatted(most));
    }
    String text = value.strip();
    if (text.length() > most) {
      throw wrong(key, "has %d characters, expected at most %d".formatted(text.length(), most));
    }
    return text;
  }

  private AnnotationException wrong(String key, String found) {
    return AnnotationException.invalid(
        where, key + " " + found, "Correct the protocol; protocol.schema.json describes it");
  }
}
