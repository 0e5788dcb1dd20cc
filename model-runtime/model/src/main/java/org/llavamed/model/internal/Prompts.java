package org.llavamed.model.internal;

import java.util.ArrayList;
import java.util.List;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.ConversationTemplate;
import org.llavamed.preprocess.Tokenizer;

/** Writes questions as the model was trained to read them. */
final class Prompts {
  private final Tokenizer tokenizer;
  private final ConversationTemplate template;
  private final ModelDescription model;
  private final List<String> stopTexts;

  /**
   * A question in tokens.
   *
   * @param tokens all of it, picture positions included
   * @param prefix how many of them end with the picture: the same for every question about it; 0
   *     without a picture
   */
  record Prompt(List<Integer> tokens, int prefix) {}

  /**
   * An answer in tokens, as it follows a prompt.
   *
   * @param tokens all of it, with what ends it
   * @param own those of the answer itself
   */
  record Continuation(List<Integer> tokens, List<Integer> own) {}

  /** Checks that tokenizer and description are of one model. */
  Prompts(Tokenizer tokenizer, ModelDescription model) {
    this.tokenizer = tokenizer;
    this.template = ConversationTemplate.named(model.template());
    this.model = model;
    if (model.seesPictures()) {
      checkMarks();
    }
    List<Integer> end = tokenizer.encode(template.end());
    boolean byToken = end.size() == 1 && model.eosTokenIds().contains(end.get(0));
    this.stopTexts =
        byToken || template.end().isBlank() ? List.of() : List.of(template.end().strip());
  }

  /** Returns the texts that end an answer; none where an end token does. */
  List<String> stopTexts() {
    return stopTexts;
  }

  private void checkMarks() {
    List<Integer> found = tokenizer.encode(model.imageToken());
    if (!found.equals(List.of(model.imageTokenId()))) {
      throw ModelException.invalid(
          "tokenizer.json",
          "'%s' becomes the tokens %s, expected the picture's token %d"
              .formatted(model.imageToken(), found, model.imageTokenId()),
          "Import the checkpoint again");
    }
    for (String mark : List.of(model.imageStart(), model.imageEnd())) {
      if (!mark.isEmpty() && tokenizer.encode(mark).size() != 1) {
        throw ModelException.invalid(
            "tokenizer.json",
            "'%s' becomes the tokens %s, expected one".formatted(mark, tokenizer.encode(mark)),
            "Import the checkpoint again");
      }
    }
  }

  /**
   * Returns a question in tokens.
   *
   * @param ofPicture whether the prompt shows a picture
   * @throws ModelException if the question names a token of the model's own, or one that the
   *     tokenizer has and the model has not
   */
  Prompt prompt(String question, boolean ofPicture) {
    int slots = ofPicture ? model.imageTokens() : 0;
    List<Integer> tokens = tokens(question, slots, "");
    int last = ofPicture ? tokens.lastIndexOf(model.imageTokenId()) : -1;
    return new Prompt(tokens, Math.min(last + 1, tokens.size() - 1));
  }

  /**
   * Returns an answer in tokens.
   *
   * @throws ModelException if it cannot be told from the prompt, or names a token of the model's
   *     own
   */
  Continuation answer(String question, Prompt prompt, String answer) {
    List<Integer> own = behind(question, prompt, answer, "");
    if (!stopTexts.isEmpty()) {
      return new Continuation(
          behind(question, prompt, answer, template.end().stripTrailing()), own);
    }
    List<Integer> tokens = new ArrayList<>(own);
    tokens.add(model.eosTokenIds().get(0));
    return new Continuation(List.copyOf(tokens), own);
  }

  private List<Integer> behind(String question, Prompt prompt, String answer, String end) {
    int slots = prompt.prefix() == 0 ? 0 : model.imageTokens();
    List<Integer> all = tokens(question, slots, template.answer(answer) + end);
    int from = prompt.tokens().size();
    if (all.size() <= from || !all.subList(0, from).equals(prompt.tokens())) {
      throw ModelException.invalid(
          "choice '" + answer + "'",
          "its first letters merge with the prompt's last token",
          "Write the choice in other words");
    }
    return all.subList(from, all.size());
  }

  private List<Integer> tokens(String question, int slots, String answer) {
    String run = model.imageToken().repeat(slots);
    String slot = slots == 0 ? "" : model.imageStart() + run + model.imageEnd();
    List<Integer> tokens = new ArrayList<>();
    tokens.add(model.bosTokenId());
    tokens.addAll(tokenizer.encode(template.prompt(slot, question) + answer));
    long pictures = tokens.stream().filter(model::isPicture).count();
    boolean ends = tokens.stream().skip(1).anyMatch(model.eosTokenIds()::contains);
    boolean starts = tokens.lastIndexOf(model.bosTokenId()) > 0;
    boolean marks =
        holdsMarks(tokens, model.imageStart(), slots)
            && holdsMarks(tokens, model.imageEnd(), slots);
    boolean known = tokens.stream().allMatch(token -> token < model.embeddingRows());
    if (pictures != slots || ends || starts || !marks || !known) {
      throw ModelException.invalid(
          "question '" + question + "'",
          "it or a choice names a token of the model's own, such as '" + model.imageToken() + "'",
          "Write it in other words");
    }
    return List.copyOf(tokens);
  }

  /** Returns whether a token beside the picture is there as often as the picture. */
  private boolean holdsMarks(List<Integer> tokens, String mark, int slots) {
    if (mark.isEmpty()) {
      return true;
    }
    int id = tokenizer.encode(mark).get(0);
    return tokens.stream().filter(token -> token == id).count() == Math.min(1, slots);
  }
}
