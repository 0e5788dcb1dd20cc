package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.Timeouts;
import org.llavamed.network.TlsFiles;

/** The commands {@code dicom echo}, {@code send}, {@code find}, {@code get}, {@code receive}. */
final class NetworkCommandsTest {
  @TempDir Path folder;

  private final FakeNetwork network = new FakeNetwork();
  private Console console;

  @BeforeEach
  void start() {
    console =
        new Console()
            .with("dicom", () -> new EchoCommand(network))
            .with(
                "dicom",
                () -> new SendCommand(network, FakeDocuments.reader(), FakeDocuments::check))
            .with("dicom", () -> new FindCommand(network, FakeDocuments.listing()))
            .with("dicom", () -> new GetCommand(network, network, FakeDocuments.listing()))
            .with("dicom", () -> new ReceiveCommand(network));
  }

  private static Peer peer(String host, int port) {
    return new Peer(host, port, "ANY-SCP", "LLAVAMED", Optional.empty(), Timeouts.DEFAULT);
  }

  private Path write(String name) throws IOException {
    return Files.writeString(folder.resolve(name), "x");
  }

  @Test
  void echoSaysWhatThePeerIs() {
    assertThat(console.run("dicom", "echo", "pacs:104")).isZero();
    assertThat(console.out())
        .isEqualTo(
            "ANY-SCP at pacs:104: success in 12 ms, implementation FAKE? 1.2.3, PDUs up to 16384"
                + " bytes\n");
    assertThat(network.asked).containsExactly(peer("pacs", 104));
  }

  @Test
  void titlesTimesAndKeysAreThoseOfTheOptions() {
    int code =
        console.run(
            "dicom echo [::1]:11112 --aet ME --aec PACS --timeout 3 --tls --tls-cert c.pem"
                .concat(" --tls-key k.pem --tls-ca a.pem --tls-ca b.pem")
                .split(" ", -1));
    assertThat(code).isZero();
    TlsFiles tls =
        new TlsFiles(
            Optional.of(Path.of("c.pem")),
            Optional.of(Path.of("k.pem")),
            List.of(Path.of("a.pem"), Path.of("b.pem")),
            "");
    assertThat(network.asked)
        .containsExactly(
            new Peer(
                "::1", 11112, "PACS", "ME", Optional.of(tls), Timeouts.of(Duration.ofSeconds(3))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dicom echo pacs|'pacs' is no HOST:PORT, for example localhost:11112",
        "dicom echo pacs:70000|the port is 70000, expected 1 to 65535",
        "dicom echo pacs:1 --aet 12345678901234567|the calling AE title is '12345678901234567'",
        "dicom echo pacs:1 --tls-ca a.pem|--tls-cert, --tls-key and --tls-ca go with --tls",
        "dicom echo pacs:1 --timeout -1|a time-out is PT-1S, expected above 0",
        "dicom find pacs:1 PatientID|'PatientID' is no KEY=VALUE, for example PatientID=123",
        "dicom find pacs:1 Nonsense=1|'Nonsense' is no attribute. Write it as StudyDate or 0008,0020",
        "dicom find pacs:1 A=1 A=2|The key A is given twice",
        "dicom find pacs:1 A.B=1|'A.B' leads into a sequence",
        "dicom get pacs:1 -o x Nonsense=1|'Nonsense' is no attribute. Write it",
        "dicom get pacs:1 -o x|name what to fetch, for example StudyInstanceUID=1.2.3",
        "dicom get pacs:1 PatientID=1|-o DIR goes with objects that come here",
        "dicom get pacs:1 PatientID=1 --move-to A -o x|-o DIR goes with objects that come here",
        "dicom receive --port 1 -o x --tls --tls-cert c.p12|a port with --tls needs --tls-cert, and",
        "dicom receive --port 1 -o x --tls --tls-ca a.pem|a port with --tls needs --tls-cert, and",
        "dicom get pacs:1 PatientID=1 --move-to A --port 1 -o x --tls|a port with --tls needs",
        "dicom send pacs:1 x --commit --commit-port 1 --tls|a port with --tls needs --tls-cert, and",
        "dicom receive --port 1 -o x --max-pdu 1|pduLength is 1, expected 4096 to 16777216"
      })
  void wrongOptionsAreUsageErrors(String line, String message) {
    assertThat(console.run(line.split(" ", -1))).isEqualTo(2);
    assertThat(console.err()).contains("llavamed: " + message);
    assertThat(network.asked).isEmpty();
  }

  @Test
  void aPeerThatDoesNotAnswerIsOneSentence() {
    assertThat(console.run("dicom", "echo", "nowhere:104")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo("llavamed: ANY-SCP at nowhere:104: no such host. Check the name.\n");
  }

  @Test
  void sendPrintsALineAFileAndFailsWithTheFirst() throws Exception {
    Path bad = write("bad");
    Path good = write("good");
    assertThat(console.run("dicom", "send", "pacs:104", folder.toString())).isEqualTo(1);
    assertThat(console.out()).isEqualTo(bad + "\terror: no room\n" + good + "\tstored 0000\n");
    assertThat(console.run("dicom", "send", "pacs:104", good.toString())).isZero();
  }

  @Test
  void whatIsPlainlyNoDicomInAFolderIsLeftOutAndNamedWithItsPath() throws Exception {
    Path good = write("good");
    Path text = write("a.txt");
    Files.createDirectory(folder.resolve("x"));
    List<Path> leftOut = new ArrayList<>(List.of(text));
    for (int i = 0; i < 9; i++) {
      leftOut.add(write("x/%d.txt".formatted(i)));
    }
    assertThat(console.run("dicom", "send", "pacs:104", folder.toString())).isZero();
    assertThat(console.out()).isEqualTo(good + "\tstored 0000\n");
    assertThat(console.err().lines())
        .containsExactlyElementsOf(
            leftOut.stream().map("llavamed: left out, no DICOM: %s (a text)."::formatted).toList());
    assertThat(console.run("dicom", "send", "pacs:104", text.toString())).isZero();
    assertThat(console.err()).isEmpty();
    Files.delete(good);
    assertThat(console.run("dicom", "send", "pacs:104", folder.toString())).isZero();
    assertThat(console.err()).endsWith("\nllavamed: there is nothing to send.\n");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsNoRegularFileInAFolderFailsItsLineAndIsNotOpened() throws Exception {
    Path pipe = folder.resolve("pipe.txt");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(console.run("dicom", "send", "pacs:104", folder.toString())).isEqualTo(1);
    assertThat(console.out())
        .isEqualTo(pipe + "\terror: it is no regular file. Name a DICOM file.\n");
    assertThat(console.err()).isEqualTo("llavamed: there is nothing to send.\n");
  }

  @Test
  void aFileThatIsNotThereIsALineToo() {
    Path none = folder.resolve("none");
    assertThat(console.run("dicom", "send", "pacs:104", none.toString())).isEqualTo(1);
    assertThat(console.out()).isEqualTo(none + "\terror: there is no such file. Check the path.\n");
  }

  @Test
  void aDocumentWithAnErrorIsNotSentUnlessToldSo() throws Exception {
    Path document = Files.writeString(folder.resolve("good-document"), FakeDocuments.DOCUMENT);
    Path picture = Files.writeString(folder.resolve("good-picture"), FakeDocuments.PICTURE);
    assertThat(console.run("dicom", "send", "pacs:104", document.toString())).isEqualTo(1);
    assertThat(console.out()).isEqualTo(document + "\terror: " + FakeDocuments.REFUSAL + "\n");
    assertThat(network.asked).isEmpty();
    assertThat(console.run("dicom", "send", "pacs:104", picture.toString())).isZero();
    assertThat(console.run("dicom", "send", "pacs:104", "--unchecked", document.toString()))
        .isZero();
  }

  @Test
  void commitNamesWhatThePeerDoesNotAnswerFor() throws Exception {
    Path good = write("good");
    Path lost = write("lost");
    assertThat(console.run("dicom", "send", "pacs:104", folder.toString(), "--commit"))
        .isEqualTo(1);
    assertThat(console.out().lines())
        .containsExactly(
            good + "\tstored 0000",
            lost + "\tstored 0000",
            good + "\tcommitted",
            lost + "\terror: not committed: 0112 (no such SOP instance)");
    assertThat(network.asked).containsExactly(peer("pacs", 104), Duration.ofSeconds(60));
  }

  @Test
  void findAsksForTheKeysAndForWhatIsUsuallyWanted() {
    int code =
        console.run(
            "dicom", "find", "pacs:104", "--level", "patient", "PatientID=P*", "--limit", "1");
    assertThat(code).isZero();
    assertThat(console.out()).isEqualTo("{\"00100020\":{}}\n");
    assertThat(console.err()).isEqualTo("llavamed: the query was cancelled after 1 matches.\n");
    assertThat(network.asked.get(1))
        .isInstanceOfSatisfying(
            Query.class,
            query -> {
              assertThat(query.level()).isEqualTo(QueryLevel.PATIENT);
              assertThat(query.patientRoot()).isTrue();
              assertThat(query.keys())
                  .containsEntry("PatientID", "P*")
                  .containsEntry("PatientName", "");
            });
    assertThat(network.asked.get(2)).isEqualTo(1);
  }

  @Test
  void aQueryWithoutAMatchIsSaidOnStandardErrorAlone() {
    for (String format : List.of("json", "table")) {
      assertThat(console.run("dicom", "find", "empty:104", "--format", format)).isZero();
      assertThat(console.out()).isEmpty();
      assertThat(console.err()).isEqualTo("llavamed: no match.\n");
    }
  }

  @Test
  void whatIsAskedForWithoutAStudyGetsAHintWhereNothingComes() {
    assertThat(console.run("dicom", "get", "empty:104", "-o", "x", "PatientID=1")).isEqualTo(1);
    assertThat(console.err())
        .startsWith(
            "llavamed: nothing matched. Many peers fetch nothing without a StudyInstanceUID")
        .endsWith("or give --patient-root and a PatientID for all of a patient.\n");
    assertThat(console.run("dicom", "get", "empty:104", "-o", "x", "StudyInstanceUID=1"))
        .isEqualTo(1);
    assertThat(console.err()).isEqualTo("llavamed: nothing matched.\n");
    assertThat(console.run("dicom get pacs:104 PatientID=1 --move-to A".split(" ", -1)))
        .isEqualTo(1);
    assertThat(console.err()).isEqualTo("llavamed: 2 failed.\n");
  }

  @Test
  void ofThePatientRootAllOfAPatientIsFetched() {
    assertThat(console.run("dicom", "get", "pacs:104", "-o", "x", "--patient-root", "PatientID=1"))
        .isZero();
    assertThat(network.asked.get(1))
        .isEqualTo(new Query(QueryLevel.PATIENT, true, Map.of("PatientID", "1")));
  }

  @ParameterizedTest
  @CsvSource({
    "StudyInstanceUID=2, STUDY",
    "SeriesInstanceUID=2, SERIES",
    "SOPInstanceUID=2, IMAGE",
    "0020000e=2, SERIES",
    "SeriesInstanceUID=, PATIENT",
  })
  void ofThePatientRootWhatIsNamedIsFetchedAlone(String key, QueryLevel level) {
    assertThat(
            console.run(
                "dicom", "get", "pacs:104", "-o", "x", "--patient-root", "PatientID=1", key))
        .isZero();
    assertThat(network.asked.get(1))
        .isInstanceOfSatisfying(
            Query.class,
            query -> {
              assertThat(query.level()).isEqualTo(level);
              assertThat(query.patientRoot()).isTrue();
            });
  }

  @Test
  void withoutAPatientNoPatientIsFetched() {
    assertThat(
            console.run(
                "dicom", "get", "pacs:104", "-o", "x", "--patient-root", "AccessionNumber=1"))
        .isZero();
    assertThat(network.asked.get(1))
        .isEqualTo(new Query(QueryLevel.STUDY, true, Map.of("AccessionNumber", "1")));
  }

  @Test
  void findPrintsATable() {
    assertThat(console.run("dicom", "find", "pacs:104", "--format", "table", "PatientID=P1"))
        .isZero();
    assertThat(console.out()).isEqualTo("PatientID\nP1\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dicom find pacs:104 SOPInstanceUID=1",
        "dicom get pacs:104 -o x SOPInstanceUID=1",
        "dicom get pacs:104 --move-to OTHER SOPInstanceUID=1"
      })
  void queriesAreRelationalWhereAskedFor(String words) {
    for (boolean relational : new boolean[] {false, true}) {
      network.asked.clear();
      console.run((words + (relational ? " --relational" : "")).split(" ", -1));
      assertThat(network.asked.get(1))
          .isInstanceOfSatisfying(
              Query.class, query -> assertThat(query.relational()).isEqualTo(relational));
    }
  }

  @Test
  void getTakesTheLevelFromTheKeys() {
    assertThat(
            console.run(
                "dicom", "get", "pacs:104", "-o", "x", "StudyInstanceUID=1", "SeriesInstanceUID=2"))
        .isZero();
    assertThat(console.out()).isEqualTo("PACS\t1.2.3\tnew\ta.dcm\n");
    assertThat(network.asked.get(1))
        .isInstanceOfSatisfying(
            Query.class, query -> assertThat(query.level()).isEqualTo(QueryLevel.SERIES));
  }

  @Test
  void getTakesTheLevelFromKeysByTagToo() {
    assertThat(
            console.run(
                "dicom", "get", "pacs:104", "-o", "x", "StudyInstanceUID=1", "(0020,000e)=2"))
        .isZero();
    assertThat(network.asked.get(1))
        .isInstanceOfSatisfying(
            Query.class, query -> assertThat(query.level()).isEqualTo(QueryLevel.SERIES));
  }

  @Test
  void getWithADestinationMovesAndReceivesHere() {
    int code =
        console.run(
            "dicom get pacs:104 -o x StudyInstanceUID=1 --move-to ME --port 5".split(" ", -1));
    assertThat(code).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo("llavamed: ME listens on port 1234.\nllavamed: 2 failed.\n");
    assertThat(network.asked.get(0))
        .isInstanceOfSatisfying(
            ReceiveSettings.class,
            settings -> {
              assertThat(settings.aeTitle()).contains("ME");
              assertThat(settings.port()).isEqualTo(5);
            });
    assertThat(network.asked).endsWith("ME", "closed");
  }

  @Test
  void receiveRunsUntilItIsInterrupted() {
    Thread.currentThread().interrupt();
    int code =
        console.run(
            "dicom receive --port 0 -o x --allow-aet A,B --allow-peer h --max-associations 3"
                .split(" ", -1));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(code).isZero();
    assertThat(console.out()).isEqualTo("ME\t1.2.3\trepeated\ta.dcm\n");
    assertThat(console.err())
        .startsWith("llavamed: listening on 127.0.0.1:1234 for peers that call any AE title. ");
    assertThat(network.asked.get(0))
        .isInstanceOfSatisfying(
            ReceiveSettings.class,
            settings -> {
              assertThat(settings.aeTitle()).isEmpty();
              assertThat(settings.access().callingAeTitles()).isEqualTo(Set.of("A", "B"));
              assertThat(settings.access().peerAddresses()).isEqualTo(List.of("h"));
              assertThat(settings.limits())
                  .isEqualTo(
                      new ReceiveLimits(
                          3, ReceiveLimits.DEFAULT.pduLength(), 4_295_000_000L, 1_074_000_000L));
            });
    assertThat(network.asked).endsWith("closed");
  }

  @Test
  void receiveRequiresTheTitleThatIsGiven() {
    Thread.currentThread().interrupt();
    int code = console.run("dicom receive --port 0 -o x --aet MINE".split(" ", -1));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(code).isZero();
    assertThat(console.err())
        .startsWith("llavamed: listening on 127.0.0.1:1234 for peers that call MINE. ");
    assertThat(network.asked.get(0))
        .isInstanceOfSatisfying(
            ReceiveSettings.class, settings -> assertThat(settings.aeTitle()).contains("MINE"));
  }
}
