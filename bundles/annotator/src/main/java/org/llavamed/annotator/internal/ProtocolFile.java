package org.llavamed.annotator.internal;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A protocol as it stands in a file, before anything is checked; protocol.schema.json describes it
 * for people and editors. Classes with fields, not records: Jackson collects the keys of a record
 * before it looks at them, and would name the end of the object as the place of an unknown one.
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class ProtocolFile {
  @JsonProperty("$schema")
  @Nullable String schema;

  @Nullable String name;
  @Nullable String version;
  @Nullable Integer frames;
  @Nullable List<@Nullable Question> questions;

  /** A question as it stands in a file. */
  @JsonAutoDetect(fieldVisibility = Visibility.ANY)
  static final class Question {
    @Nullable String id;
    @Nullable String text;
    @Nullable CodeText code;
    @Nullable List<@Nullable ChoiceText> choices;
    @Nullable AppliesTo appliesTo;
    @Nullable Integer frames;
  }

  /** A choice as it stands in a file. */
  @JsonAutoDetect(fieldVisibility = Visibility.ANY)
  static final class ChoiceText {
    @Nullable String text;
    @Nullable CodeText code;
  }

  /** A code as it stands in a file. */
  @JsonAutoDetect(fieldVisibility = Visibility.ANY)
  static final class CodeText {
    @Nullable String value;
    @Nullable String scheme;
    @Nullable String meaning;
  }

  /** What a question applies to. */
  @JsonAutoDetect(fieldVisibility = Visibility.ANY)
  static final class AppliesTo {
    @Nullable List<@Nullable String> modalities;
    @Nullable List<@Nullable String> bodyParts;
  }
}
