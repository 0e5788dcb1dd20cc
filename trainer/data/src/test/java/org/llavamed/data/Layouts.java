package org.llavamed.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small data sets in the layouts that they are published in. */
public final class Layouts {
  private Layouts() {}

  /** Six train questions about four pictures, one of them a test picture; two test questions. */
  public static Path vqaRad(Path folder) throws IOException {
    for (int i = 1; i <= 5; i++) {
      Pictures.png(folder.resolve("images/p" + i + ".png"), i);
    }
    Files.writeString(
        folder.resolve("trainset.json"),
        "[%s, %s, %s, %s, %s, %s]"
            .formatted(
                vqaRad(1, 1, "CLOSED", "\"Yes\""),
                vqaRad(2, 1, "CLOSED ", "\"no\""),
                vqaRad(3, 2, "OPEN", "3"),
                vqaRad(4, 3, "OPEN", "\"liver\""),
                vqaRad(5, 4, "OPEN", "\"axial\""),
                vqaRad(6, 4, "CLOSED", "\"No\"")));
    Files.writeString(
        folder.resolve("testset.json"),
        "[%s, %s]".formatted(vqaRad(7, 1, "OPEN", "\"head\""), vqaRad(8, 5, "CLOSED", "\"yes\"")));
    return folder;
  }

  private static String vqaRad(int id, int picture, String type, String answer) {
    return """
        {"qid": %d, "image_name": "p%d.png", "image_organ": "HEAD", "answer": %s,
         "answer_type": "%s", "question_type": "PRES", "question": "Question %d?",
         "phrase_type": "freeform"}
        """
        .formatted(id, picture, answer, type, id);
  }

  /** A question of each split, and one in Chinese. */
  public static Path slake(Path folder) throws IOException {
    for (int i = 1; i <= 3; i++) {
      Pictures.png(folder.resolve("imgs/x" + i + "/source.jpg"), i);
    }
    Files.writeString(
        folder.resolve("train.json"),
        "[" + slake(1, 1, "en", "OPEN") + "," + slake(2, 1, "zh", "OPEN") + "]");
    Files.writeString(folder.resolve("validate.json"), "[" + slake(3, 2, "en", "CLOSED") + "]");
    Files.writeString(folder.resolve("test.json"), "[" + slake(4, 3, "en", "OPEN") + "]");
    return folder;
  }

  private static String slake(int id, int picture, String language, String type) {
    return """
        {"img_id": %d, "img_name": "x%d/source.jpg", "question": "Question %d?", "answer": "lung",
         "q_lang": "%s", "location": "Chest_lung", "modality": "X-Ray", "answer_type": "%s",
         "base_type": "vqa", "content_type": "Organ", "triple": ["vhead", "_", "_"], "qid": %d}
        """
        .formatted(picture, picture, id, language, type, id);
  }

  /** Two train questions, one test question, no validation; pictures in folders of their splits. */
  public static Path pathVqa(Path folder) throws IOException {
    Pictures.png(folder.resolve("images/train/train_0001.jpg"), 1);
    Pictures.png(folder.resolve("images/train/train_0002.jpg"), 2);
    Pictures.png(folder.resolve("images/test_0001.jpg"), 3);
    Files.writeString(
        folder.resolve("train.json"),
        """
        [{"image": "train_0001", "question": "what is shown?", "answer": "liver"},
         {"image": "train_0002", "question": "is it?", "answer": "Yes"}]
        """);
    Files.writeString(
        folder.resolve("test.json"),
        "[{\"image\": \"test_0001\", \"question\": \"is it?\", \"answer\": \"no\"}]");
    return folder;
  }
}
