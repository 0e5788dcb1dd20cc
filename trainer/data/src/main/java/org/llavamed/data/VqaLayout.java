package org.llavamed.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The layouts that data sets of questions about pictures are published in. */
public enum VqaLayout {
  /**
   * VQA-RAD: trainset.json and testset.json of {@code qid, image_name, question, answer,
   * answer_type, question_type, image_organ}; pictures in images.
   */
  VQA_RAD("vqa-rad", "images") {
    @Override
    List<Part> parts() {
      return List.of(
          new Part(Splits.TRAIN, List.of("trainset.json"), false),
          new Part(Splits.TEST, List.of("testset.json"), false));
    }

    @Override
    public List<Published> published() {
      return List.of(new Published(Splits.TRAIN, 314, 3064), new Published(Splits.TEST, 203, 451));
    }

    @Override
    Optional<VqaQuestion> question(Path source, String split, int index, RecordFields record) {
      String id = record.filled("qid");
      RecordFields fields = record.of(id);
      String image = fields.filled("image_name");
      return Optional.of(
          new VqaQuestion(
              id,
              pictures(source).file(image),
              image,
              fields.filled("question").strip(),
              fields.filled("answer").strip(),
              fields.answerType("answer_type"),
              fields.label("question_type"),
              fields.label("image_organ"),
              split));
    }
  },

  /**
   * SLAKE: train.json, validate.json and test.json of {@code qid, img_name, question, answer,
   * q_lang, answer_type, content_type, location}, of which the English ones are taken; pictures in
   * imgs.
   */
  SLAKE("slake", "imgs") {
    @Override
    List<Part> parts() {
      return List.of(
          new Part(Splits.TRAIN, List.of("train.json"), false),
          new Part(Splits.VALIDATION, List.of("validate.json"), false),
          new Part(Splits.TEST, List.of("test.json"), false));
    }

    @Override
    public List<Published> published() {
      return List.of(new Published(Splits.TRAIN, 450, 4919), new Published(Splits.TEST, 96, 1061));
    }

    @Override
    Optional<VqaQuestion> question(Path source, String split, int index, RecordFields record) {
      String id = record.filled("qid");
      RecordFields fields = record.of(id);
      if (!fields.filled("q_lang").equals("en")) {
        return Optional.empty();
      }
      String image = fields.filled("img_name");
      return Optional.of(
          new VqaQuestion(
              id,
              pictures(source).file(image),
              image,
              fields.filled("question").strip(),
              fields.filled("answer").strip(),
              fields.answerType("answer_type"),
              fields.label("content_type"),
              fields.label("location"),
              split));
    }
  },

  /**
   * PathVQA: train.json, validation.json (or val.json, or none) and test.json of {@code image,
   * question, answer}; pictures in images or in a folder of the split in it, with or without .jpg
   * behind their names. An answer of yes or no makes a question closed; its id is its split and its
   * number.
   */
  PATH_VQA("pathvqa", "images") {
    @Override
    List<Part> parts() {
      return List.of(
          new Part(Splits.TRAIN, List.of("train.json"), false),
          new Part(Splits.VALIDATION, List.of("validation.json", "val.json"), true),
          new Part(Splits.TEST, List.of("test.json"), false));
    }

    @Override
    public List<Published> published() {
      return List.of(
          new Published(Splits.TRAIN, 2599, 19755), new Published(Splits.TEST, 858, 6761));
    }

    @Override
    Optional<VqaQuestion> question(Path source, String split, int index, RecordFields record) {
      String id = split + "-" + (index + 1);
      RecordFields fields = record.of(id);
      String answer = fields.filled("answer").strip();
      boolean closed = answer.toLowerCase(Locale.ROOT).matches("yes|no");
      String image = image(source, split, fields.filled("image"));
      return Optional.of(
          new VqaQuestion(
              id,
              pictures(source).file(image),
              image,
              fields.filled("question").strip(),
              answer,
              closed ? AnswerType.CLOSED : AnswerType.OPEN,
              Optional.empty(),
              Optional.empty(),
              split));
    }

    private String image(Path source, String split, String name) {
      return Stream.of(name, name + ".jpg", split + "/" + name, split + "/" + name + ".jpg")
          .filter(path -> Files.isRegularFile(pictures(source).file(path)))
          .findFirst()
          .orElse(name);
    }
  };

  private final String label;
  private final String images;

  /**
   * A file of questions.
   *
   * @param split the official split
   * @param names the file's name; the first that is there is taken
   * @param optional whether the data set is published without it too
   */
  record Part(String split, List<String> names, boolean optional) {}

  /**
   * The published size of a split.
   *
   * @param split the official split
   * @param pictures how many pictures its questions are about
   * @param questions how many questions it has
   */
  public record Published(String split, int pictures, int questions) {}

  VqaLayout(String label, String images) {
    this.label = label;
    this.images = images;
  }

  abstract List<Part> parts();

  /** Returns the published sizes. */
  public abstract List<Published> published();

  /** Returns the question of a record; empty for one that is not taken. */
  abstract Optional<VqaQuestion> question(
      Path source, String split, int index, RecordFields record);

  /** Returns the name as commands take it. */
  public String label() {
    return label;
  }

  /** Returns the files of questions that are there. */
  List<Path> files(Path source) {
    return parts().stream().flatMap(part -> file(source, part).stream()).toList();
  }

  /**
   * Reads the questions of all official splits that are there.
   *
   * @throws DataException if a file cannot be read, or a question lacks a key; no error where a
   *     file is not there
   */
  public List<VqaQuestion> read(Path source) {
    List<VqaQuestion> questions = new ArrayList<>();
    for (Part part : parts()) {
      Optional<Path> file = file(source, part);
      if (file.isPresent()) {
        try (JsonRecords<RecordFields> records = JsonRecords.open(file.get(), fields -> fields)) {
          for (int i = 0; i < records.size(); i++) {
            question(source, part.split(), i, records.get(i)).ifPresent(questions::add);
          }
        }
      }
    }
    return questions;
  }

  final PictureFolder pictures(Path source) {
    return new PictureFolder(source.resolve(images));
  }

  private static Optional<Path> file(Path source, Part part) {
    return part.names().stream().map(source::resolve).filter(Files::exists).findFirst();
  }

  /**
   * Checks that the files of all parts are there that are not optional.
   *
   * @throws DataException if one is missing
   */
  void check(Path source) {
    for (Part part : parts()) {
      if (!part.optional() && file(source, part).isEmpty()) {
        throw DataException.invalid(
            source.resolve(part.names().get(0)),
            "there is no such file",
            "Name the folder that holds %s's files".formatted(label));
      }
    }
  }
}
