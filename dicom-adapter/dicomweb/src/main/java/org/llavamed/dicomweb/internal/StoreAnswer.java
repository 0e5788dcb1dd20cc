package org.llavamed.dicomweb.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.NetworkException;
import org.llavamed.network.WebStoreOutcome;
import org.llavamed.network.WebStoreOutcome.Result;

/**
 * What a service says of the instances of one store request (PS3.18 section 10.5.3).
 *
 * @param instances what it says of each, by SOP Instance UID
 * @param rest what is true of an instance that it does not mention
 * @param retry when to send again, nothing being stored
 */
record StoreAnswer(Map<String, Verdict> instances, Verdict rest, Retry retry) {
  /** Whether and how to send again. */
  enum Retry {
    NEVER,
    /** The service is busy. */
    LATER,
    /** The request is too large for the service. */
    IN_HALVES
  }

  /**
   * What became of an instance.
   *
   * @param reason -1 for none
   * @param problem without a full stop; empty where there is none
   */
  record Verdict(Result result, int reason, String problem) {
    static Verdict failed(String problem) {
      return new Verdict(Result.FAILED, -1, problem);
    }
  }

  StoreAnswer {
    instances = Map.copyOf(instances);
  }

  /** Nothing of a request is stored, as far as is known. */
  static StoreAnswer failed(String problem) {
    return new StoreAnswer(Map.of(), Verdict.failed(problem), Retry.NEVER);
  }

  /**
   * Reads an answer.
   *
   * @throws IOException if it breaks off
   */
  static StoreAnswer of(Answer answer) throws IOException {
    Retry retry =
        switch (answer.status()) {
          case 429, 503 -> Retry.LATER;
          case 413 -> Retry.IN_HALVES;
          default -> Retry.NEVER;
        };
    boolean told = answer.type().is(MediaType.JSON, MediaType.XML, MediaType.MULTIPART);
    if (!answer.isGood() && !told) {
      return new StoreAnswer(Map.of(), Verdict.failed(answer.words()), retry);
    }
    DataSet dataSet;
    try {
      dataSet = DataSets.readOne(answer);
    } catch (ImagingException | NetworkException e) {
      return failed(
          "HTTP status %d, but what is stored cannot be read from the answer (%s)"
              .formatted(answer.status(), e.getMessage()));
    }
    Map<String, Verdict> instances = new HashMap<>();
    dataSet.items(Tag.ReferencedSOPSequence).forEach(item -> put(instances, item, stored(item)));
    boolean some = !instances.isEmpty();
    dataSet.items(Tag.FailedSOPSequence).forEach(item -> put(instances, item, refused(item)));
    return new StoreAnswer(
        instances, Verdict.failed(unmentioned(answer, dataSet)), some ? Retry.NEVER : retry);
  }

  private static void put(Map<String, Verdict> instances, DataSet item, Verdict verdict) {
    item.string(Tag.ReferencedSOPInstanceUID).ifPresent(uid -> instances.put(uid, verdict));
  }

  private static Verdict stored(DataSet item) {
    int reason = item.integer(Tag.WarningReason).orElse(-1);
    return reason < 0
        ? new Verdict(Result.STORED, -1, "")
        : new Verdict(Result.WARNING, reason, "stored, but " + StatusWords.of(reason));
  }

  private static Verdict refused(DataSet item) {
    int reason = item.integer(Tag.FailureReason).orElse(-1);
    return new Verdict(Result.FAILED, reason, "refused: " + StatusWords.of(reason));
  }

  private static String unmentioned(Answer answer, DataSet dataSet) {
    String others =
        dataSet.items(Tag.OtherFailuresSequence).stream()
            .map(item -> StatusWords.of(item.integer(Tag.FailureReason).orElse(-1)))
            .distinct()
            .limit(5)
            .reduce((a, b) -> a + ", " + b)
            .map(text -> "; of instances that it does not name it says: " + text)
            .orElse("");
    return "HTTP status %d, and the answer does not mention the instance%s"
        .formatted(answer.status(), others);
  }

  /** Returns what became of an instance; the problem names its file once, at the beginning. */
  WebStoreOutcome outcome(Store.Instance instance) {
    Verdict verdict = instances.getOrDefault(instance.sopInstanceUid(), rest);
    String problem = verdict.problem().replace(instance.file() + ": ", "").replaceAll("\\.+$", "");
    return new WebStoreOutcome(
        instance.file(),
        instance.sopClassUid(),
        instance.sopInstanceUid(),
        verdict.result(),
        verdict.reason(),
        problem.isEmpty() ? "" : "%s: %s.".formatted(instance.file(), problem));
  }
}
