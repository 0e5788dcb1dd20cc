package org.llavamed.study.internal;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StudyTree.Remark;
import org.llavamed.imaging.StudyTree.Remark.Kind;

/** Collects remarks, each once, in their order. */
final class Remarks {
  private final Set<Remark> remarks = new LinkedHashSet<>();

  /** A file is left out, and that is no error. */
  void leftOut(Path file, String reason) {
    remarks.add(new Remark(Kind.LEFT_OUT, file, reason));
  }

  /** A file failed; the error's own sentence says why. */
  void failed(Path file, ImagingException error) {
    remarks.add(new Remark(Kind.FAILED, file, String.valueOf(error.getMessage())));
  }

  /**
   * Something failed.
   *
   * @param found what is wrong
   * @param advice what to do, as an imperative
   */
  void failed(Path file, String found, String advice) {
    failed(file, ImagingException.damaged(file, found, advice));
  }

  /** Objects do not fit together. */
  void inconsistent(Path file, String sentence) {
    remarks.add(new Remark(Kind.INCONSISTENT, file, sentence));
  }

  /** A stack is not as regular as it should be. */
  void geometry(Path file, String sentence) {
    remarks.add(new Remark(Kind.GEOMETRY, file, sentence));
  }

  List<Remark> list() {
    return List.copyOf(remarks);
  }
}
