package org.llavamed.annotator.internal;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A protocol as it stands in a file, before anything is checked; protocol.schema.json describes it
 * for people and editors.
 */
record ProtocolFile(
    @JsonProperty("$schema") @Nullable String schema,
    @Nullable String name,
    @Nullable String version,
    @Nullable Integer frames,
    @Nullable List<Question> questions) {

  /** A question as it stands in a file. */
  record Question(
      @Nullable String id,
      @Nullable String text,
      @Nullable CodeText code,
      @Nullable List<ChoiceText> choices,
      @Nullable AppliesTo appliesTo,
      @Nullable Integer frames) {}

  /** A choice as it stands in a file. */
  record ChoiceText(@Nullable String text, @Nullable CodeText code) {}

  /** A code as it stands in a file. */
  record CodeText(@Nullable String value, @Nullable String scheme, @Nullable String meaning) {}

  /** What a question applies to. */
  record AppliesTo(@Nullable List<String> modalities, @Nullable List<String> bodyParts) {}
}
