package org.llavamed.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Text;
import org.llavamed.data.VqaLayout.Published;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PictureReader;
import org.llavamed.inference.Progress;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/**
 * Turns a data set of questions about pictures into files of samples: one for each part of {@link
 * Splits}, the pictures in {@code images}, {@code splits.json} with the ids and pictures of each
 * part, {@code conversion.json} with the {@link Report}. The folder is made whole or not at all,
 * and is the same whenever the data set is.
 *
 * @param layout of the data set
 * @param source the data set's folder
 * @param out the folder to make; must not be there or be empty
 * @param validationShare of the train pictures that make the validation part, where the data set
 *     has none, 0 to below 1
 */
public record Conversion(VqaLayout layout, Path source, Path out, double validationShare) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public Conversion {
    if (!(validationShare >= 0 && validationShare < 1)) {
      throw new IllegalArgumentException(
          "The validation part is %s of the pictures, expected 0 to below 1"
              .formatted(validationShare));
    }
  }

  /**
   * The size of a part.
   *
   * @param pictures how many different pictures its questions are about
   * @param questions all
   * @param open those that are open
   * @param closed those that are closed
   */
  public record Size(int pictures, int questions, int open, int closed) {
    static Size of(List<VqaQuestion> questions) {
      long closed = questions.stream().filter(q -> q.type() == AnswerType.CLOSED).count();
      return new Size(
          Math.toIntExact(questions.stream().map(VqaQuestion::pictureId).distinct().count()),
          questions.size(),
          Math.toIntExact(questions.size() - closed),
          Math.toIntExact(closed));
    }
  }

  /**
   * What was made.
   *
   * @param mark that it is for research
   * @param dataSet name of the layout
   * @param sources SHA-256 of each file of questions, by its name
   * @param official sizes of the official splits, as they came
   * @param differences from the published sizes, as sentences
   * @param rule how the parts were made
   * @param parts sizes of the parts
   * @param testPicturesInTrain how many pictures of the test part are pictures of the official
   *     train split
   * @param brokenPictures why a picture could not be used, by its name
   * @param leftOut questions of such pictures
   */
  public record Report(
      String mark,
      String dataSet,
      SortedMap<String, String> sources,
      Map<String, Size> official,
      List<String> differences,
      String rule,
      Map<String, Size> parts,
      int testPicturesInTrain,
      SortedMap<String, String> brokenPictures,
      List<String> leftOut) {
    /** Returns the report as an object of JSON. */
    public String json() {
      return toJson(this);
    }
  }

  /** The questions and pictures of a part, as splits.json lists them. */
  private record Listed(List<String> questions, List<String> pictures) {}

  /**
   * Converts the data set.
   *
   * @param reader reads every picture once, by several threads
   * @throws DataException if a file of the data set is missing or wrong, or the folder cannot be
   *     made
   */
  public Report run(PictureReader reader, Progress progress) {
    layout.check(source);
    List<VqaQuestion> all = layout.read(source);
    SortedMap<String, String> broken = new TreeMap<>();
    Map<String, String> hashes = hashes(all, reader, broken, progress);
    List<VqaQuestion> used =
        all.stream().filter(question -> !broken.containsKey(question.pictureId())).toList();
    Map<String, List<VqaQuestion>> parts = Splits.parts(used, hashes, validationShare);
    Report report = report(all, parts, hashes, broken);
    WholeFolder.write(out, folder -> write(folder, parts, report));
    return report;
  }

  /** Returns the content's hash of each picture that can be read, by its id. */
  private static Map<String, String> hashes(
      List<VqaQuestion> questions,
      PictureReader reader,
      SortedMap<String, String> broken,
      Progress progress) {
    Map<String, Path> files = new TreeMap<>();
    questions.forEach(question -> files.put(question.pictureId(), question.picture()));
    Map<String, String> hashes = new TreeMap<>();
    int done = 0;
    for (Map.Entry<String, Path> file : files.entrySet()) {
      try {
        reader.read(file.getValue());
        hashes.put(file.getKey(), Hashes.of(file.getValue()));
      } catch (ImagingException e) {
        String message = String.valueOf(e.getMessage());
        broken.put(file.getKey(), Text.without(file.getValue().toString(), message));
      } catch (IOException e) {
        throw DataException.unreadable(file.getValue(), e);
      }
      progress.at("looking at pictures", ++done, files.size());
    }
    return hashes;
  }

  private Report report(
      List<VqaQuestion> all,
      Map<String, List<VqaQuestion>> parts,
      Map<String, String> hashes,
      SortedMap<String, String> broken) {
    Map<String, Size> official = new LinkedHashMap<>();
    for (String split : List.of(Splits.TRAIN, Splits.VALIDATION, Splits.TEST)) {
      List<VqaQuestion> questions = all.stream().filter(q -> q.split().equals(split)).toList();
      if (!questions.isEmpty()) {
        official.put(split, Size.of(questions));
      }
    }
    Map<String, Size> sizes = new LinkedHashMap<>();
    parts.forEach((name, questions) -> sizes.put(name, Size.of(questions)));
    var test =
        new TreeSet<>(
            Splits.pictures(parts.getOrDefault(Splits.TEST, List.of()), hashes, q -> true));
    test.retainAll(Splits.pictures(all(parts), hashes, q -> q.split().equals(Splits.TRAIN)));
    return new Report(
        ResearchMark.NOTICE,
        layout.label(),
        sources(),
        official,
        differences(official),
        rule(official.containsKey(Splits.VALIDATION)),
        sizes,
        test.size(),
        broken,
        all.stream()
            .filter(question -> broken.containsKey(question.pictureId()))
            .map(VqaQuestion::id)
            .toList());
  }

  private static List<VqaQuestion> all(Map<String, List<VqaQuestion>> parts) {
    return parts.values().stream().flatMap(List::stream).toList();
  }

  private SortedMap<String, String> sources() {
    SortedMap<String, String> sources = new TreeMap<>();
    for (Path file : layout.files(source)) {
      try {
        sources.put(String.valueOf(file.getFileName()), Hashes.of(file));
      } catch (IOException e) {
        throw DataException.unreadable(file, e);
      }
    }
    return sources;
  }

  private List<String> differences(Map<String, Size> official) {
    List<String> differences = new ArrayList<>();
    for (Published published : layout.published()) {
      Size size = official.getOrDefault(published.split(), new Size(0, 0, 0, 0));
      if (size.pictures() != published.pictures() || size.questions() != published.questions()) {
        differences.add(
            "The split %s has %d questions about %d pictures, published are %d about %d."
                .formatted(
                    published.split(),
                    size.questions(),
                    size.pictures(),
                    published.questions(),
                    published.pictures()));
      }
    }
    return differences;
  }

  private String rule(boolean official) {
    String validation =
        official
            ? "validation is the official validation split"
            : "validation is what of the official train split is about %s of its pictures, those whose SHA-256 comes first in ascending order, and train is the rest"
                .formatted(validationShare);
    return ("test is the official test split; %s; disjoint-train and disjoint-validation are what of"
            + " train and validation is about pictures of no test question; files of the same"
            + " content are one picture")
        .formatted(validation);
  }

  private static void write(Path folder, Map<String, List<VqaQuestion>> parts, Report report)
      throws IOException {
    Path images = Files.createDirectory(folder.resolve(VqaSet.IMAGES));
    Map<String, Object> splits = new LinkedHashMap<>();
    splits.put("mark", ResearchMark.NOTICE);
    splits.put("rule", report.rule());
    for (Map.Entry<String, List<VqaQuestion>> part : parts.entrySet()) {
      List<VqaQuestion> questions = part.getValue();
      SampleWriter.write(
          folder.resolve(part.getKey() + ".json"), questions.stream().map(Conversion::sample));
      splits.put(
          part.getKey(),
          new Listed(
              questions.stream().map(VqaQuestion::id).toList(),
              questions.stream().map(VqaQuestion::pictureId).distinct().sorted().toList()));
      for (VqaQuestion question : questions) {
        copy(question.picture(), new PictureFolder(images).file(question.pictureId()));
      }
    }
    Files.writeString(folder.resolve("splits.json"), toJson(splits) + "\n");
    Files.writeString(folder.resolve("conversion.json"), report.json() + "\n");
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!Files.exists(to)) {
      Files.createDirectories(Optional.ofNullable(to.getParent()).orElseThrow());
      Files.copy(from, to);
    }
  }

  private static Sample sample(VqaQuestion question) {
    var vqa =
        new VqaMeta(
            question.id(),
            question.type(),
            question.questionType(),
            question.organ(),
            question.split());
    return new Sample(
        question.id(),
        Optional.of(question.pictureId()),
        List.of(new Turn(question.question(), question.answer())),
        Optional.of(vqa));
  }

  private static String toJson(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (IOException e) {
      throw new IllegalArgumentException("No JSON of " + value.getClass(), e);
    }
  }
}
