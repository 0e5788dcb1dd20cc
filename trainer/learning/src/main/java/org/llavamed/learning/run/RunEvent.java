package org.llavamed.learning.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker process tells the one that started it: lines of JSON on its standard output, told
 * apart by the key {@code event}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunEvent.Started.class, name = "started"),
  @JsonSubTypes.Type(value = RunEvent.Step.class, name = "step"),
  @JsonSubTypes.Type(value = RunEvent.Evaluated.class, name = "evaluated"),
  @JsonSubTypes.Type(value = RunEvent.Saved.class, name = "saved"),
  @JsonSubTypes.Type(value = RunEvent.LeftOut.class, name = "leftOut"),
  @JsonSubTypes.Type(value = RunEvent.Preparing.class, name = "preparing"),
  @JsonSubTypes.Type(value = RunEvent.Finished.class, name = "finished"),
  @JsonSubTypes.Type(value = RunEvent.Failed.class, name = "failed")
})
public sealed interface RunEvent {
  /**
   * Everything is loaded, the first step begins.
   *
   * @param step steps that are done already
   * @param steps steps of the whole run
   * @param stepsPerEpoch steps in which all data are read once
   * @param samples samples of an epoch
   * @param parameters of the whole model
   * @param trained parameters that are trained
   * @param device for example {@code cpu}, {@code cuda:0}
   * @param engine library and version
   * @param processes that train together
   * @param resumedFrom checkpoint that the run goes on from
   */
  record Started(
      long step,
      long steps,
      double stepsPerEpoch,
      long samples,
      long parameters,
      long trained,
      String device,
      String engine,
      int processes,
      @Nullable String resumedFrom)
      implements RunEvent {}

  /**
   * The weights have changed once.
   *
   * @param step number, from 1
   * @param epoch how often all data have been read, with its fraction
   * @param loss mean cross entropy of the step's answer tokens, over all processes
   * @param gradientNorm before it was clipped
   * @param tower learning rate of the vision tower
   * @param projector learning rate of the projector
   * @param decoder learning rate of the language model
   * @param tokens positions that were read, picture positions included, over all processes
   * @param samples that were read, over all processes
   * @param seconds that the step took
   * @param residentBytes memory of the process, native memory included
   */
  record Step(
      long step,
      double epoch,
      double loss,
      double gradientNorm,
      double tower,
      double projector,
      double decoder,
      long tokens,
      long samples,
      double seconds,
      long residentBytes)
      implements RunEvent {}

  /**
   * The validation data were read.
   *
   * @param step steps that are done
   * @param loss mean cross entropy of the answer tokens
   * @param accuracy share of the answer tokens that were the likeliest, 0 to 1
   * @param samples that were read
   */
  record Evaluated(long step, double loss, double accuracy, long samples) implements RunEvent {}

  /**
   * A checkpoint is written and whole.
   *
   * @param step steps that are done
   * @param folder of the checkpoint
   */
  record Saved(long step, String folder) implements RunEvent {}

  /**
   * Samples cannot be used and are left out.
   *
   * @param reason why
   * @param count how many
   * @param examples some of their ids or files
   */
  record LeftOut(String reason, long count, List<String> examples) implements RunEvent {}

  /**
   * Work before the first step, or between two.
   *
   * @param what in a few words
   * @param done units that are done
   * @param total all units; 0 where not known
   */
  record Preparing(String what, long done, long total) implements RunEvent {}

  /**
   * The model is written.
   *
   * @param step steps that are done
   * @param model folder of the model
   * @param seconds that all steps of this process took
   */
  record Finished(long step, String model, double seconds) implements RunEvent {}

  /**
   * The run ends without a model.
   *
   * @param message one sentence: where, what, what to do
   * @param checkpoint last good checkpoint
   */
  record Failed(String message, @Nullable String checkpoint) implements RunEvent {}

  /** Returns the event as a line of JSON, without its end. */
  default String toJson() {
    try {
      return Json.MAPPER.writerFor(RunEvent.class).writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event cannot be written as JSON", e);
    }
  }

  /** Returns the event of a line; empty for a line that is none, as natives write them. */
  static Optional<RunEvent> parse(String line) {
    if (!line.startsWith("{\"event\":")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.MAPPER.readValue(line, RunEvent.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Holds the mapper, which an interface cannot hide. */
  final class Json {
    private static final ObjectMapper MAPPER =
        JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private Json() {}
  }
}
