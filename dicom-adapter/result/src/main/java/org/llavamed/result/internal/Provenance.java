package org.llavamed.result.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.Protocol;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.inference.ModelCard;

/**
 * Who made a result: software, model, protocol.
 *
 * @param annotation what was said
 * @param softwareVersion version of this software
 */
record Provenance(Annotation annotation, String softwareVersion) {
  private static final int LO_LENGTH = 64;

  /** Returns the model's UID as a device: new weights, new UID. */
  String deviceUid() {
    return Hashes.uid("device", annotation.model().identity());
  }

  /** Returns the model's name as a Long String. */
  String modelName() {
    return longString(annotation.model().name());
  }

  /** Returns the model's version as a Long String. */
  String modelVersion() {
    return longString(annotation.model().version());
  }

  private static String longString(String text) {
    String line = Words.shorten(Words.line(text), LO_LENGTH);
    return line.isEmpty() ? "unnamed" : line;
  }

  /** Returns the parts of every UID that is derived for this annotation, but for the content. */
  List<String> uidParts() {
    List<String> parts = new ArrayList<>();
    parts.add(annotation.model().identity());
    parts.add(annotation.protocol().sha256());
    for (Reading reading : annotation.readings()) {
      parts.add(
          reading.object().attributes().string(Tag.SOPInstanceUID).map(Words::line).orElse("")
              + '#'
              + reading.frame());
    }
    return parts;
  }

  /** Returns the hash of what a question becomes: template, question and choices, a line each. */
  String promptSha256(Finding finding) {
    List<String> lines = new ArrayList<>();
    lines.add(annotation.model().template());
    lines.add(finding.question().text());
    finding.question().choices().forEach(choice -> lines.add(choice.text()));
    return Hashes.sha256(String.join("\n", lines));
  }

  /**
   * Returns the UID of one finding: the same question about the same picture, the same model. A
   * picture without SOP Instance UID is told by its place among those that were read.
   */
  String trackingUid(Reading reading, Finding finding) {
    Optional<String> uid = reading.object().attributes().string(Tag.SOPInstanceUID);
    return Hashes.uid(
        "tracking",
        annotation.model().identity(),
        annotation.protocol().sha256(),
        Words.line(annotation.studyInstanceUid()),
        uid.map(Words::line).orElse("#" + annotation.readings().indexOf(reading)),
        Integer.toString(reading.frame()),
        Words.line(finding.question().id()));
  }

  /** Returns how an answer came to be, as Algorithm Parameters of TID 4019, name and value each. */
  List<String> parameters(Reading reading, Finding finding) {
    ModelCard model = annotation.model();
    Protocol protocol = annotation.protocol();
    return List.of(
        "model sha256: " + model.identity(),
        "quantisation: " + model.precision(),
        "template: " + model.template(),
        "prompt sha256: " + promptSha256(finding),
        "decoding: " + (finding.answer().choices().isEmpty() ? "greedy" : "choice"),
        "seed: none, nothing is drawn",
        "stop: " + finding.answer().stop(),
        "preparation: " + model.preparation(),
        "rendering: " + reading.rendered().rendering().description(),
        "selection: " + annotation.selectionRule(),
        "protocol: %s %s, sha256 %s"
            .formatted(protocol.name(), protocol.version(), protocol.sha256()));
  }

  /** Returns model and protocol in one sentence. */
  String sentence() {
    return Words.line(
        "Model %s %s (%s), protocol %s %s, %s %s"
            .formatted(
                annotation.model().name(),
                annotation.model().version(),
                annotation.model().precision(),
                annotation.protocol().name(),
                annotation.protocol().version(),
                ResearchMark.MANUFACTURER,
                softwareVersion));
  }

  /** Puts the attributes of the equipment (PS3.3 section C.7.5) into an object or an item. */
  void putEquipment(DataSet object) {
    object
        .putString(Tag.Manufacturer, Vr.LO, ResearchMark.MANUFACTURER)
        .putString(Tag.ManufacturerModelName, Vr.LO, modelName())
        .putString(Tag.DeviceSerialNumber, Vr.LO, annotation.model().identity())
        .putString(Tag.DeviceUID, Vr.UI, deviceUid())
        .putString(
            Tag.SoftwareVersions,
            Vr.LO,
            Words.shorten(Words.line(softwareVersion), LO_LENGTH),
            modelVersion());
  }
}
