package org.llavamed.result.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.Code;
import org.llavamed.annotation.Protocol;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;
import org.llavamed.inference.Answer.ChoiceProbability;
import org.llavamed.inference.ModelCard;

/** The annotation as JSON, of the shape that {@code annotation.schema.json} states. */
final class AnnotationJson {
  /** Version of the shape; a program that reads it refuses others. */
  static final int FORMAT = 1;

  private static final int DECIMALS = 6;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final SourceHeader source;
  private final Provenance provenance;

  AnnotationJson(SourceHeader source, Provenance provenance) {
    this.source = source;
    this.provenance = provenance;
  }

  /** Returns everything but the objects that were written. */
  ObjectNode body() {
    Annotation annotation = provenance.annotation();
    ObjectNode json = NODES.objectNode();
    json.put("format", FORMAT);
    json.put("notice", ResearchMark.NOTICE);
    json.put("contentQualification", ResearchMark.CONTENT_QUALIFICATION);
    json.set("study", study());
    json.set("software", software());
    json.set("model", model(annotation.model()));
    json.set("protocol", protocol(annotation.protocol()));
    json.put("selectionRule", annotation.selectionRule());
    ArrayNode pictures = json.putArray("pictures");
    annotation.readings().forEach(reading -> pictures.add(picture(reading)));
    return json;
  }

  private ObjectNode study() {
    ObjectNode json = NODES.objectNode();
    json.put("studyInstanceUid", source.studyInstanceUid());
    put(json, "studyDate", Tag.StudyDate);
    put(json, "accessionNumber", Tag.AccessionNumber);
    put(json, "patientId", Tag.PatientID);
    return json;
  }

  private void put(ObjectNode json, String name, int tag) {
    source.value(tag).ifPresent(value -> json.put(name, value));
  }

  private ObjectNode software() {
    return NODES
        .objectNode()
        .put("name", ResearchMark.MANUFACTURER)
        .put("version", provenance.softwareVersion());
  }

  private ObjectNode model(ModelCard model) {
    return NODES
        .objectNode()
        .put("name", model.name())
        .put("version", model.version())
        .put("sha256", model.identity())
        .put("deviceUid", provenance.deviceUid())
        .put("precision", model.precision())
        .put("template", model.template())
        .put("preparation", model.preparation())
        .put("licence", model.licence())
        .put("source", model.source());
  }

  private static ObjectNode protocol(Protocol protocol) {
    return NODES
        .objectNode()
        .put("name", protocol.name())
        .put("version", protocol.version())
        .put("sha256", protocol.sha256());
  }

  private ObjectNode picture(Reading reading) {
    ObjectNode json = NODES.objectNode();
    Attributes attributes = reading.object().attributes();
    put(json, "sopClassUid", attributes, Tag.SOPClassUID);
    put(json, "sopInstanceUid", attributes, Tag.SOPInstanceUID);
    put(json, "seriesInstanceUid", attributes, Tag.SeriesInstanceUID);
    json.put("frame", reading.frame() + 1);
    json.put("frames", reading.frames());
    put(json, "modality", attributes, Tag.Modality);
    put(json, "bodyPart", attributes, Tag.BodyPartExamined);
    put(json, "seriesNumber", attributes, Tag.SeriesNumber);
    put(json, "seriesDescription", attributes, Tag.SeriesDescription);
    put(json, "instanceNumber", attributes, Tag.InstanceNumber);
    json.put("rendering", reading.rendered().rendering().description());
    ArrayNode findings = json.putArray("findings");
    reading.findings().forEach(finding -> findings.add(finding(reading, finding)));
    return json;
  }

  private static void put(ObjectNode json, String name, Attributes attributes, int tag) {
    attributes.string(tag).ifPresent(value -> json.put(name, value));
  }

  private ObjectNode finding(Reading reading, Finding finding) {
    ObjectNode json = NODES.objectNode();
    json.put("questionId", finding.question().id());
    json.put("question", finding.question().text());
    json.set("concept", code(Concepts.of(finding.question())));
    json.put("answer", finding.answer().text());
    finding.code().ifPresent(code -> json.set("code", code(code)));
    json.put("probability", rounded(finding.answer().probability()));
    if (!finding.answer().choices().isEmpty()) {
      ArrayNode choices = json.putArray("choices");
      finding.answer().choices().forEach(choice -> choices.add(choice(finding, choice)));
    }
    json.put("stop", finding.answer().stop().name());
    json.put("promptTokens", finding.answer().promptTokens());
    json.put("promptSha256", provenance.promptSha256(finding));
    json.put("trackingUid", provenance.trackingUid(reading, finding));
    return json;
  }

  private static ObjectNode choice(Finding finding, ChoiceProbability choice) {
    ObjectNode json =
        NODES
            .objectNode()
            .put("text", choice.choice())
            .put("probability", rounded(choice.probability()));
    finding.question().choices().stream()
        .filter(asked -> asked.text().equals(choice.choice()))
        .findFirst()
        .flatMap(Protocol.Choice::code)
        .ifPresent(code -> json.set("code", code(code)));
    return json;
  }

  private static ObjectNode code(Code code) {
    return NODES
        .objectNode()
        .put("value", code.value())
        .put("scheme", code.scheme())
        .put("meaning", code.meaning());
  }

  private static BigDecimal rounded(double probability) {
    return BigDecimal.valueOf(probability).setScale(DECIMALS, RoundingMode.HALF_EVEN);
  }

  /** Adds the objects that were written beside it. */
  static void addObjects(ObjectNode body, List<ResultFiles.Entry> objects) {
    ArrayNode list = body.putArray("objects");
    for (ResultFiles.Entry object : objects) {
      list.addObject()
          .put("format", object.format().name())
          .put("file", String.valueOf(object.file().getFileName()))
          .put("sopClassUid", object.sopClassUid())
          .put("sopInstanceUid", object.sopInstanceUid())
          .put("sha256", object.sha256());
    }
  }

  /** Returns JSON as UTF-8, indented, lines ended by a line feed on every machine. */
  static byte[] encode(ObjectNode json) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    try {
      return (MAPPER.writer(printer).writeValueAsString(json) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree in memory is always JSON", e);
    }
  }
}
