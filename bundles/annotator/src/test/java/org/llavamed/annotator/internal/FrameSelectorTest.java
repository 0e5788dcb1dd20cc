package org.llavamed.annotator.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.Protocol;
import org.llavamed.annotation.Protocol.ProtocolQuestion;
import org.llavamed.imaging.StudyAssembler.Assembly;
import org.llavamed.imaging.StudyTree.Instance;
import org.llavamed.imaging.StudyTree.Study;
import org.llavamed.study.internal.FileStudyAssembler;

class FrameSelectorTest {
  private static final ProtocolQuestion ANY = question("any", List.of(), List.of(), 0);

  @TempDir Path folder;

  private static ProtocolQuestion question(
      String id, List<String> modalities, List<String> bodyParts, int frames) {
    return new ProtocolQuestion(
        id,
        id + "?",
        Optional.empty(),
        List.of(),
        modalities,
        bodyParts,
        frames == 0 ? Optional.empty() : Optional.of(frames));
  }

  private List<Study> studies(Header... headers) throws IOException {
    Path input = Files.createTempDirectory(folder, "input");
    for (int i = 0; i < headers.length; i++) {
      headers[i].write(input.resolve("%03d".formatted(i)));
    }
    try (Assembly assembly =
        new FileStudyAssembler(TextObject.READER).assemble(List.of(input), Optional.empty())) {
      return assembly.tree().studies().toList();
    }
  }

  private Instance instance(Header header) throws IOException {
    return studies(header).get(0).series().get(0).instances().get(0);
  }

  private Selection select(int frames, List<ProtocolQuestion> questions, Header... headers)
      throws IOException {
    List<Study> studies = studies(headers);
    assertThat(studies).hasSize(1);
    return new FrameSelector(4)
        .select(studies.get(0), new Protocol("test", "1", "0".repeat(64), frames, questions));
  }

  private static Header[] slices(int n) {
    return IntStream.range(0, n)
        .mapToObj(i -> Header.of("%03d".formatted(i)).number(i).height(i))
        .toArray(Header[]::new);
  }

  private static List<String> picks(Selection selection) {
    return selection.picks().stream()
        .map(pick -> pick.instance().uid() + "/" + pick.frame())
        .toList();
  }

  @Test
  void evenlySpreadAreTheMiddlesOfEqualParts() {
    assertThat(FrameSelector.evenlySpread(1, 5)).containsExactly(2);
    assertThat(FrameSelector.evenlySpread(3, 20)).containsExactly(3, 10, 16);
    assertThat(FrameSelector.evenlySpread(2, 4)).containsExactly(1, 3);
    assertThat(FrameSelector.evenlySpread(9, 4)).containsExactly(0, 1, 2, 3);
    assertThat(FrameSelector.evenlySpread(3, 0)).isEmpty();
    assertThat(FrameSelector.evenlySpread(1, Integer.MAX_VALUE)).containsExactly(1073741823);
  }

  @Test
  void evenlySpreadGivesDifferentIndicesInRangeForAllSmallNumbers() {
    for (int n = 1; n < 60; n++) {
      for (int k = 1; k < 60; k++) {
        assertThat(FrameSelector.evenlySpread(k, n))
            .hasSize(Math.min(k, n))
            .allMatch(index -> index >= 0)
            .doesNotContain(n);
      }
    }
  }

  @Test
  void ofAStackSoManySlicesAreReadAsTheProtocolSays() throws IOException {
    Selection selection = select(3, List.of(ANY), slices(20));
    assertThat(picks(selection)).containsExactly("003/0", "010/0", "016/0");
    assertThat(selection.rule()).isEqualTo("evenly spread: 3 of 20");
    assertThat(selection.leftOut()).isEmpty();
  }

  @Test
  void ofAShortStackAllSlicesAreRead() throws IOException {
    Selection selection = select(3, List.of(ANY), slices(2));
    assertThat(picks(selection)).containsExactly("000/0", "001/0");
    assertThat(selection.rule()).isEqualTo("all pictures");
  }

  @Test
  void aSinglePictureIsReadItself() throws IOException {
    Selection selection = select(3, List.of(ANY), Header.of("a").modality("DX"));
    assertThat(picks(selection)).containsExactly("a/0");
    assertThat(selection.rule()).isEqualTo("single picture: itself");
    assertThat(select(3, List.of(ANY), slices(1)).rule()).isEqualTo("single picture: itself");
  }

  @Test
  void ofAMultiFrameObjectSoManyFramesAreReadAsTheProtocolSays() throws IOException {
    Selection selection =
        select(
            2,
            List.of(ANY),
            Header.of("cine").modality("US").frames(30),
            Header.of("still").modality("US"));
    assertThat(picks(selection)).containsExactly("cine/7", "cine/22", "still/0");
    assertThat(selection.rule()).isEqualTo("evenly spread: 2 of 30; single picture: itself");
  }

  @Test
  void aHostileNumberOfFramesCostsNothing() throws IOException {
    assertThat(picks(select(1, List.of(ANY), Header.of("a").frames(Integer.MAX_VALUE))))
        .containsExactly("a/1073741823");
  }

  @Test
  void stillsOfASeriesAreReadUpToTheLimit() throws IOException {
    Header[] stills =
        IntStream.range(0, 5)
            .mapToObj(i -> Header.of("s" + i).modality("US").number(i))
            .toArray(Header[]::new);
    Selection selection = select(3, List.of(ANY), stills);
    assertThat(picks(selection)).containsExactly("s0/0", "s1/0", "s3/0", "s4/0");
    assertThat(selection.rule()).isEqualTo("evenly spread: 4 of 5");
  }

  @Test
  void aQuestionMayWantOtherPicturesThanTheProtocol() throws IOException {
    Selection selection =
        select(3, List.of(ANY, question("plane", List.of(), List.of(), 1)), slices(20));
    assertThat(picks(selection)).containsExactly("003/0", "010/0", "016/0");
    assertThat(selection.picks().get(0).questions())
        .extracting(ProtocolQuestion::id)
        .containsExactly("any");
    assertThat(selection.picks().get(1).questions())
        .extracting(ProtocolQuestion::id)
        .containsExactly("any", "plane");
    assertThat(selection.rule()).isEqualTo("evenly spread: 3 of 20; evenly spread: 1 of 20");
  }

  @Test
  void questionsApplyByModalityAndBodyPartInAnyCase() throws IOException {
    var ct = question("ct", List.of("ct", "mr"), List.of(), 0);
    var chest = question("chest", List.of(), List.of("Chest"), 0);
    Instance slice = instance(Header.of("a").set(Tags.BODY_PART_EXAMINED, "CHEST"));
    assertThat(FrameSelector.applies(ct, slice)).isTrue();
    assertThat(FrameSelector.applies(chest, slice)).isTrue();
    assertThat(FrameSelector.applies(ct, instance(Header.of("a").modality("US")))).isFalse();
    assertThat(FrameSelector.applies(chest, instance(Header.of("a")))).isFalse();
  }

  @Test
  void aPictureThatNoQuestionAppliesToIsLeftOutByName() throws IOException {
    Selection selection =
        select(
            3,
            List.of(question("mr", List.of("MR"), List.of(), 0)),
            Header.of("a").set(Tags.BODY_PART_EXAMINED, "HEAD"),
            Header.of("b").modality("MR"));
    assertThat(picks(selection)).containsExactly("b/0");
    assertThat(selection.leftOut()).hasSize(1);
    assertThat(selection.leftOut().get(0).instance().uid()).isEqualTo("a");
    assertThat(selection.leftOut().get(0).reason())
        .isEqualTo("no question of protocol 'test' applies to CT HEAD");
  }

  @Test
  void aLocalizerIsLeftOutWhereThereAreOtherPictures() throws IOException {
    Header scout = Header.of("scout").set(Tags.IMAGE_TYPE, "ORIGINAL\\PRIMARY\\LOCALIZER");
    Selection selection = select(3, List.of(ANY), scout, Header.of("a"));
    assertThat(picks(selection)).containsExactly("a/0");
    assertThat(selection.leftOut().get(0).reason()).isEqualTo("localizer");
    assertThat(picks(select(3, List.of(ANY), scout))).containsExactly("scout/0");
  }
}
