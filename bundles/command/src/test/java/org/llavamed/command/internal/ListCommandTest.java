package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.llavamed.imaging.StudyAssembler;
import org.llavamed.imaging.StudyTree;
import org.llavamed.imaging.StudyTree.Content;
import org.llavamed.imaging.StudyTree.Instance;
import org.llavamed.imaging.StudyTree.Patient;
import org.llavamed.imaging.StudyTree.Plane;
import org.llavamed.imaging.StudyTree.Remark;
import org.llavamed.imaging.StudyTree.Remark.Kind;
import org.llavamed.imaging.StudyTree.Series;
import org.llavamed.imaging.StudyTree.Stack;
import org.llavamed.imaging.StudyTree.Study;
import org.llavamed.imaging.StudyTree.Vector;

class ListCommandTest {
  private static final Vector X = new Vector(1, 0, 0);
  private static final Vector Y = new Vector(0, 1, 0);
  private static final Vector Z = new Vector(0, 0, 1);

  private boolean closed;

  private Console console(Remark... remarks) {
    Instance slice =
        new Instance(
            Path.of("a.dcm"),
            "1.9",
            "",
            "CT",
            "",
            OptionalInt.of(2),
            OptionalInt.of(7),
            1,
            Content.LOCALIZER,
            Optional.of(new Plane(X, Y, new Vector(3, 4, -2.5), Z)));
    Instance cine =
        new Instance(
            Path.of("b.dcm"),
            "1.8",
            "",
            "CT",
            "",
            OptionalInt.of(2),
            OptionalInt.empty(),
            30,
            Content.PICTURE,
            Optional.empty());
    Series series =
        new Series(
            "1.2",
            OptionalInt.of(2),
            "Axial\u001b[31m",
            "CT",
            List.of(slice, cine),
            List.of(new Stack(Z, 4, 2, OptionalDouble.of(2.5))));
    Study study = new Study("1.1", "P1", "20040119", "Head", List.of(series));
    return console(
        new StudyTree(List.of(new Patient("P1", "Doe", List.of(study))), List.of(remarks)));
  }

  private Console console(StudyTree tree) {
    StudyAssembler assembler =
        (inputs, leftOut) ->
            new StudyAssembler.Assembly() {
              @Override
              public StudyTree tree() {
                return tree;
              }

              @Override
              public void close() {
                closed = true;
              }
            };
    return new Console().with("dicom", () -> new ListCommand(assembler));
  }

  @Test
  void theTreeIsPrintedWithItsStacks() {
    Console console = console();
    assertThat(console.run("dicom", "list", "in")).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            Patient P1 (Doe)
              Study 1.1, 20040119, Head
                Series 1.2, number 2, CT, Axial?[31m: 2 objects, 31 frames
                  stack of 4 positions, 2 slices each, 2.5 mm apart, normal 0 0 1
            """);
    assertThat(closed).isTrue();
  }

  @Test
  void thatThereIsNothingIsSaidOnStandardErrorAlone() {
    Console console = console(new StudyTree(List.of(), List.of()));
    assertThat(console.run("dicom", "list", "in")).isZero();
    assertThat(console.out()).isEmpty();
    assertThat(console.err()).isEqualTo("llavamed: there is no object in what was named.\n");
  }

  @Test
  void objectsArePrintedOnRequest() {
    Console console = console();
    assertThat(console.run("dicom", "list", "--objects", "in")).isZero();
    assertThat(console.out())
        .contains(
            "      a.dcm, 1.9, image 7, at -2.5 mm, localizer\n      b.dcm, 1.8, 30 frames\n");
  }

  @Test
  void remarksFollowAndAFailedFileGivesTheExitCode() {
    Console console =
        console(
            new Remark(Kind.LEFT_OUT, Path.of("c"), "no pixels"),
            new Remark(Kind.GEOMETRY, Path.of("a"), "a gap."));
    assertThat(console.run("dicom", "list", "in")).isZero();
    assertThat(console.out()).endsWith("left out: c: no pixels\nnote: a gap.\n");
    console = console(new Remark(Kind.FAILED, Path.of("d"), "d: bad."));
    assertThat(console.run("dicom", "list", "in")).isEqualTo(1);
    assertThat(console.out()).endsWith("failed: d: bad.\n");
  }
}
