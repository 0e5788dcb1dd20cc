package org.llavamed.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/**
 * Makes tasks about the pictures of a data set of questions that a model cannot do without looking
 * at them, for models that begin with fresh weights. Four files: {@value #QUESTIONS}, the questions
 * themselves with answers in lower case, and with other wordings, in which words other than those
 * of negation or side, the question mark or capitals are left out; {@value #NAMES}, in which each
 * picture is called by a word of its own; {@value #ORGANS}, the part of the body; {@value
 * #COUNTERPARTS}, questions about another picture of the same part of the body, of which nothing of
 * the kind is known: each once answered yes and once no, so that the words of a question tell
 * nothing for pictures it was not asked of.
 */
public final class PictureTasks {
  /** The questions themselves. */
  public static final String QUESTIONS = "questions.json";

  /** Names of pictures. */
  public static final String NAMES = "names.json";

  /** Parts of the body. */
  public static final String ORGANS = "organs.json";

  /** Questions of other pictures. */
  public static final String COUNTERPARTS = "counterparts.json";

  private static final String NAME_ASKED = "Which picture is this?";
  private static final List<String> ORGAN_ASKED =
      List.of("Which part of the body is shown?", "What organ group is this?");
  private static final List<String> ANSWERS = List.of("yes", "no");

  /** Kinds of questions that any picture answers, known or not. */
  private static final Set<String> ALWAYS_KNOWN = Set.of("modality", "plane", "organ");

  private static final Pattern WORD = Pattern.compile("\\p{L}{4,}");
  private static final int TRIES = 10;
  private static final double ALIKE = 0.5;

  /** Share of the wordings that lack words, and how many words those lack. */
  private static final double SHORTENED = 0.3;

  private static final double LEFT_OUT = 0.2;

  /** Words without which a question has another answer. */
  private static final Pattern TELLING =
      Pattern.compile("(?i)^(not?|without|non|left|right|upper|lower|more|less)\\b|n't");

  private static final double LOWER_CASE = 0.25;
  private static final double WITHOUT_MARK = 0.15;

  private final List<VqaQuestion> questions;
  private final Map<String, List<VqaQuestion>> pictures;
  private final Map<String, Set<String>> words;
  private final Variety variety;

  /**
   * How much is made of the questions.
   *
   * @param wordings of each question, 1 or more; the first is its own
   * @param counterparts other pictures that each question of yes or no is asked of, 0 or more
   * @param seed of their choice
   */
  public record Variety(int wordings, int counterparts, long seed) {
    public Variety {
      if (wordings < 1 || counterparts < 0) {
        throw new IllegalArgumentException(
            "There are %d wordings and %d counterparts, expected 1 and 0 or more"
                .formatted(wordings, counterparts));
      }
    }
  }

  /**
   * Takes questions.
   *
   * @param questions those to learn from, and no others
   */
  public PictureTasks(List<VqaQuestion> questions, Variety variety) {
    this.questions = List.copyOf(questions);
    this.pictures =
        questions.stream()
            .collect(
                Collectors.groupingBy(
                    VqaQuestion::pictureId, TreeMap::new, Collectors.toUnmodifiableList()));
    this.words =
        questions.stream()
            .map(VqaQuestion::question)
            .distinct()
            .collect(Collectors.toUnmodifiableMap(text -> text, PictureTasks::words));
    this.variety = variety;
  }

  /**
   * Writes the files.
   *
   * @param folder made whole or not at all; must not be there or be empty
   * @param words to call pictures by, at least as many as there are pictures; the last ones are
   *     taken
   * @return how many samples are in each file
   * @throws DataException if there are too few words, or the folder cannot be made
   */
  public Map<String, Integer> write(Path folder, List<String> words) {
    Map<String, List<Sample>> files = new LinkedHashMap<>();
    files.put(QUESTIONS, questions.stream().flatMap(this::wordings).toList());
    files.put(NAMES, names(words));
    files.put(ORGANS, organs());
    files.put(COUNTERPARTS, counterparts());
    WholeFolder.write(
        folder,
        part ->
            files.forEach(
                (name, samples) -> SampleWriter.write(part.resolve(name), samples.stream())));
    Map<String, Integer> counts = new LinkedHashMap<>();
    files.forEach((name, samples) -> counts.put(name, samples.size()));
    return counts;
  }

  private Stream<Sample> wordings(VqaQuestion question) {
    String answer = question.answer().toLowerCase(Locale.ROOT);
    Chance chance = Chance.of("wordings", variety.seed(), question.id());
    return IntStream.range(0, variety.wordings())
        .mapToObj(
            i ->
                sample(
                    i == 0 ? question.id() : "%s-wording-%d".formatted(question.id(), i + 1),
                    question.pictureId(),
                    i == 0 ? question.question() : reworded(question.question().strip(), chance),
                    answer));
  }

  private static String reworded(String question, Chance chance) {
    String text = chance.share() < SHORTENED ? shortened(question, chance) : question;
    double form = chance.share();
    if (form < LOWER_CASE) {
      return text.toLowerCase(Locale.ROOT);
    }
    boolean marked = text.length() > 1 && text.endsWith("?");
    return marked && form < LOWER_CASE + WITHOUT_MARK
        ? text.substring(0, text.length() - 1).strip()
        : text;
  }

  private static String shortened(String question, Chance chance) {
    List<String> words = List.of(question.split("\\s+"));
    String kept =
        words.stream()
            .filter(word -> chance.share() >= LEFT_OUT || TELLING.matcher(word).find())
            .collect(Collectors.joining(" "));
    return kept.isEmpty() ? words.get(words.size() - 1) : kept;
  }

  private List<Sample> names(List<String> words) {
    if (words.size() < pictures.size()) {
      throw DataException.invalid(
          "words to call pictures by",
          "there are %d, expected one for each of %d pictures"
              .formatted(words.size(), pictures.size()),
          "Use a tokenizer with more words of one token, or questions about fewer pictures");
    }
    List<Sample> samples = new ArrayList<>();
    int word = words.size();
    for (String picture : pictures.keySet()) {
      samples.add(sample("name-" + picture, picture, NAME_ASKED, words.get(--word)));
    }
    return samples;
  }

  private List<Sample> organs() {
    List<Sample> samples = new ArrayList<>();
    pictures.forEach(
        (picture, own) ->
            organ(own)
                .ifPresent(
                    organ -> {
                      for (int i = 0; i < ORGAN_ASKED.size(); i++) {
                        String id = "organ-%d-%s".formatted(i + 1, picture);
                        samples.add(sample(id, picture, ORGAN_ASKED.get(i), organ));
                      }
                    }));
    return samples;
  }

  private static Optional<String> organ(List<VqaQuestion> own) {
    return own.stream()
        .flatMap(question -> question.organ().stream())
        .map(organ -> organ.toLowerCase(Locale.ROOT))
        .findFirst();
  }

  private List<Sample> counterparts() {
    List<Sample> samples = new ArrayList<>();
    for (VqaQuestion question : questions) {
      if (ANSWERS.contains(question.answer().strip().toLowerCase(Locale.ROOT))
          && question.questionType().filter(PictureTasks::isAlwaysKnown).isEmpty()) {
        for (String other : others(question)) {
          for (String answer : ANSWERS) {
            String id = "%s-of-%s-%s".formatted(answer, question.id(), other);
            samples.add(sample(id, other, question.question(), answer));
          }
        }
      }
    }
    return samples;
  }

  private static boolean isAlwaysKnown(String type) {
    return ALWAYS_KNOWN.contains(type.toLowerCase(Locale.ROOT));
  }

  /** Returns pictures that nothing like the question was asked of. */
  private List<String> others(VqaQuestion question) {
    List<String> ids = List.copyOf(pictures.keySet());
    Chance chance = Chance.of("counterparts", variety.seed(), question.id());
    Set<String> chosen = new LinkedHashSet<>();
    int most = variety.counterparts();
    for (int i = 0; i < TRIES * most && chosen.size() < most; i++) {
      String other = ids.get(chance.below(ids.size()));
      if (isUnknown(question, pictures.getOrDefault(other, List.of()))) {
        chosen.add(other);
      }
    }
    return List.copyOf(chosen);
  }

  private boolean isUnknown(VqaQuestion question, List<VqaQuestion> others) {
    return others.stream()
        .allMatch(
            other ->
                !other.pictureId().equals(question.pictureId())
                    && other.organ().equals(question.organ())
                    && alike(question, other) < ALIKE);
  }

  /** Returns the beginnings of a question's longer words. */
  private static Set<String> words(String question) {
    return WORD.matcher(question.toLowerCase(Locale.ROOT))
        .results()
        .map(MatchResult::group)
        .map(word -> word.substring(0, Math.min(5, word.length())))
        .collect(Collectors.toSet());
  }

  /** Returns which share of the words of either question is in both. */
  private double alike(VqaQuestion one, VqaQuestion other) {
    Set<String> a = words.getOrDefault(one.question(), Set.of());
    Set<String> b = words.getOrDefault(other.question(), Set.of());
    long both = a.stream().filter(b::contains).count();
    long either = Stream.concat(a.stream(), b.stream()).distinct().count();
    return either == 0 ? 1 : (double) both / either;
  }

  private static Sample sample(String id, String picture, String question, String answer) {
    return new Sample(
        id, Optional.of(picture), List.of(new Turn(question, answer)), Optional.empty());
  }
}
