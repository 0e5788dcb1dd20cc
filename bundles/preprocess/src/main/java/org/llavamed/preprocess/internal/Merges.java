package org.llavamed.preprocess.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.llavamed.preprocess.internal.SentencePieceFile.Piece;

/**
 * The merges that SentencePiece's BPE makes, in the order it prefers them. It merges any two
 * neighbours whose texts together are a piece, the piece of the highest score first; a list of
 * merges has to name the pairs. The order is the one of Hugging Face's converter: by score, then by
 * the merged piece's id, then by the ids of the parts.
 */
public final class Merges {
  /** Most merges; LLaMA's 32,000 pieces have 61,249. */
  private static final int MOST = 1 << 22;

  private Merges() {}

  /** Two pieces, by their ids, that become a third. */
  private record Merge(int left, int right, int merged, float score) {
    static final Comparator<Merge> ORDER =
        Comparator.comparing(Merge::score, Comparator.reverseOrder())
            .thenComparingInt(Merge::merged)
            .thenComparingInt(Merge::left)
            .thenComparingInt(Merge::right);
  }

  /**
   * Returns the merges, each as its two parts with a blank between them.
   *
   * @param ids id of every piece that stands for text, by its text
   * @throws IllegalStateException if there are too many
   */
  public static List<String> of(List<Piece> pieces, Map<String, Integer> ids) {
    List<Merge> merges = new ArrayList<>();
    for (int id : ids.values()) {
      Piece piece = pieces.get(id);
      String text = piece.text();
      for (int cut = text.offsetByCodePoints(0, 1);
          cut < text.length();
          cut = text.offsetByCodePoints(cut, 1)) {
        Integer left = ids.get(text.substring(0, cut));
        Integer right = ids.get(text.substring(cut));
        if (left != null && right != null) {
          merges.add(new Merge(left, right, id, piece.score()));
        }
        if (merges.size() > MOST) {
          throw new IllegalStateException("its pieces have more than " + MOST + " merges");
        }
      }
    }
    merges.sort(Merge.ORDER);
    return merges.stream()
        .map(merge -> pieces.get(merge.left()).text() + " " + pieces.get(merge.right()).text())
        .toList();
  }
}
