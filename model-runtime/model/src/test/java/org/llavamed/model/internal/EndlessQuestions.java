package org.llavamed.model.internal;

import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Query;

/** A program that exits while its model is at work. */
final class EndlessQuestions {
  private EndlessQuestions() {}

  public static void main(String[] arguments) throws InterruptedException {
    LlavaModel model = TinyVqa.open();
    EncodedPicture picture = model.encode(TinyVqa.rings(64, 20));
    String question = "Is there a mass? ".repeat(100);
    Thread worker =
        new Thread(
            () -> {
              while (true) {
                picture.answer(Query.open(question), text -> {});
              }
            });
    worker.start();
    Thread.sleep(300);
    System.exit(7);
  }
}
