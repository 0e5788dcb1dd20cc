package org.llavamed.preprocess;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.llavamed.preprocess.internal.SentencePieceFile;
import org.llavamed.preprocess.internal.SentencePieceFile.Normalizer;
import org.llavamed.preprocess.internal.SentencePieceFile.Piece;

/** Writes a SentencePiece model as Hugging Face's tokenizer.json. */
final class TokenizerWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BLANK = "\u2581";

  private final SentencePieceFile model;

  /** Takes a model of type BPE without user-defined pieces. */
  TokenizerWriter(SentencePieceFile model) {
    this.model = model;
  }

  /**
   * Returns the text of tokenizer.json.
   *
   * @param merges in the order of their ranks
   * @param unknown the piece of unknown characters
   * @param begin the token that the post-processor puts before a text, where there is one
   */
  String write(
      List<String> merges, String unknown, List<AddedToken> added, Optional<AddedToken> begin) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("version", "1.0");
      out.writeNullField("truncation");
      out.writeNullField("padding");
      out.writeArrayFieldStart("added_tokens");
      for (AddedToken token : added) {
        writeAdded(out, token);
      }
      out.writeEndArray();
      writeRaw(out, "normalizer", normalizer());
      out.writeNullField("pre_tokenizer");
      writeRaw(out, "post_processor", begin.map(this::postProcessor).orElse("null"));
      writeRaw(out, "decoder", decoder());
      out.writeObjectFieldStart("model");
      writeModel(out, merges, unknown);
      out.writeEndObject();
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot fail to be written", e);
    }
    return text.append('\n').toString();
  }

  private static void writeRaw(JsonGenerator out, String name, String json) throws IOException {
    out.writeFieldName(name);
    out.writeTree(JSON.readTree(json));
  }

  private static void writeAdded(JsonGenerator out, AddedToken token) throws IOException {
    out.writeStartObject();
    out.writeNumberField("id", token.id());
    out.writeStringField("content", token.content());
    out.writeBooleanField("single_word", false);
    out.writeBooleanField("lstrip", token.eatsBefore());
    out.writeBooleanField("rstrip", token.eatsBehind());
    out.writeBooleanField("normalized", false);
    out.writeBooleanField("special", token.special());
    out.writeEndObject();
  }

  private void writeModel(JsonGenerator out, List<String> merges, String unknown)
      throws IOException {
    out.writeStringField("type", "BPE");
    out.writeNullField("dropout");
    out.writeStringField("unk_token", unknown);
    out.writeNullField("continuing_subword_prefix");
    out.writeNullField("end_of_word_suffix");
    out.writeBooleanField("fuse_unk", true);
    out.writeBooleanField("byte_fallback", model.trainer().byteFallback());
    out.writeObjectFieldStart("vocab");
    int id = 0;
    for (Piece piece : model.pieces()) {
      out.writeNumberField(piece.text(), id++);
    }
    out.writeEndObject();
    out.writeArrayFieldStart("merges");
    for (String merge : merges) {
      out.writeString(merge);
    }
    out.writeEndArray();
  }

  /** SentencePiece's own order: blanks go or become one, become ▁, and one is put before. */
  private String normalizer() {
    Normalizer spec = model.normalizer();
    StringBuilder steps = new StringBuilder();
    if (spec.removeExtraWhitespaces()) {
      steps.append(replace("{\"Regex\":\"\\\\A +\"}", "")).append(',');
      steps.append(replace("{\"Regex\":\" {2,}\"}", " ")).append(',');
    }
    steps.append(replace("{\"String\":\" \"}", BLANK));
    if (spec.removeExtraWhitespaces()) {
      steps.append(',').append(replace("{\"Regex\":\"" + BLANK + "+\\\\z\"}", ""));
    }
    if (spec.dummyPrefix()) {
      steps.append(",{\"type\":\"Prepend\",\"prepend\":\"" + BLANK + "\"}");
    }
    return "{\"type\":\"Sequence\",\"normalizers\":[" + steps + "]}";
  }

  private static String replace(String pattern, String content) {
    return "{\"type\":\"Replace\",\"pattern\":" + pattern + ",\"content\":\"" + content + "\"}";
  }

  private String decoder() {
    String strip =
        model.normalizer().dummyPrefix()
            ? ",{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0}"
            : "";
    return "{\"type\":\"Sequence\",\"decoders\":["
        + replace("{\"String\":\"" + BLANK + "\"}", " ")
        + ",{\"type\":\"ByteFallback\"},{\"type\":\"Fuse\"}"
        + strip
        + "]}";
  }

  private String postProcessor(AddedToken begin) {
    var template = JSON.createObjectNode().put("type", "TemplateProcessing");
    var single = template.putArray("single");
    var pair = template.putArray("pair");
    for (int type = 0; type < 2; type++) {
      for (var sequence : type == 0 ? List.of(single, pair) : List.of(pair)) {
        sequence
            .addObject()
            .putObject("SpecialToken")
            .put("id", begin.content())
            .put("type_id", type);
        sequence
            .addObject()
            .putObject("Sequence")
            .put("id", type == 0 ? "A" : "B")
            .put("type_id", type);
      }
    }
    var token = template.putObject("special_tokens").putObject(begin.content());
    token.put("id", begin.content());
    token.putArray("ids").add(begin.id());
    token.putArray("tokens").add(begin.content());
    return template.toString();
  }
}
