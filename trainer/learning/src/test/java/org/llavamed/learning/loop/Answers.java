package org.llavamed.learning.loop;

import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.model.Inputs;
import org.llavamed.learning.model.Llava;
import org.llavamed.learning.model.Origin;
import org.llavamed.preprocess.ConversationTemplate;
import org.llavamed.preprocess.PictureFiles;
import org.llavamed.preprocess.PictureMode;
import org.llavamed.preprocess.PicturePreparation;
import org.llavamed.preprocess.Tokenizer;

/** The likeliest answers of a model in a folder, token by token. */
record Answers(Llava model, Tokenizer tokenizer, PicturePreparation preparation)
    implements AutoCloseable {
  private static final int BEGIN = 1;
  private static final int END = 2;
  private static final int MOST = 8;

  static Answers of(Path folder) {
    return new Answers(
        Origin.folder(folder).open(Tiny.engine(), Llava.Settings.PLAIN),
        Tokenizer.open(folder.resolve("tokenizer.json")),
        PicturePreparation.read(folder.resolve("preprocessor_config.json"), PictureMode.PAD));
  }

  String answer(String question) {
    return answer("", question, inputs -> inputs);
  }

  String answer(String question, Path picture) {
    var pixels = preparation.prepare(PictureFiles.reader().read(picture));
    String slot = "<image>".repeat(model.config().vision().tokens());
    return answer(
        slot, question, inputs -> inputs.withPixels(Tiny.engine(), pixels.values(), pixels.side()));
  }

  private String answer(
      String slot, String question, java.util.function.UnaryOperator<Inputs> shown) {
    List<Integer> ids = new ArrayList<>(List.of(BEGIN));
    ids.addAll(tokenizer.encode(ConversationTemplate.MISTRAL_INSTRUCT.prompt(slot, question)));
    int given = ids.size();
    while (ids.size() < given + MOST) {
      int next = Tiny.engine().inScope(() -> next(ids, shown));
      if (next == END) {
        break;
      }
      ids.add(next);
    }
    return tokenizer.decode(ids.subList(given, ids.size()));
  }

  private int next(List<Integer> ids, java.util.function.UnaryOperator<Inputs> shown) {
    LongBuffer tokens = LongBuffer.allocate(ids.size());
    LongBuffer labels = LongBuffer.allocate(ids.size());
    ids.forEach(
        id -> {
          tokens.put(id);
          labels.put(Tensor.IGNORED);
        });
    Inputs inputs = shown.apply(Inputs.of(Tiny.engine(), 1, tokens.flip(), labels.flip()));
    Tensor logits = model.logits(inputs);
    return (int) logits.slice(1, ids.size() - 1, ids.size()).argmax(-1).longs()[0];
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
