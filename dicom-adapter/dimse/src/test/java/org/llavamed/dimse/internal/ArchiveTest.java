package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DicomJson;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Uids;
import org.llavamed.network.CommitOutcome;
import org.llavamed.network.DimseClient.Match;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.ReceivedInstance;
import org.llavamed.network.RetrieveOutcome;
import org.llavamed.network.StoreOutcome;

/** Queries and retrievals from real archives: dcmqrscp of dcmtk, and Orthanc. */
final class ArchiveTest {
  private static final int IMAGES = 3;
  private static final String ARCHIVE = "ARCHIVE";
  static final String OWN = "SENDER";

  @TempDir Path folder;
  private final DimseUser client = new DimseUser(null);

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (int i = 1; i <= IMAGES; i++) {
      files.add(
          Objects.write(folder, i + ".dcm", Objects.image(i, 64), Uids.ExplicitVRLittleEndian));
    }
    return files;
  }

  static Peer peer(int port) {
    return new Peer("127.0.0.1", port, ARCHIVE, OWN, Optional.empty(), Loopback.TIMEOUTS);
  }

  private static ReceiveSettings here(Path out, int port) {
    return new ReceiveSettings(
        Optional.of(OWN),
        "127.0.0.1",
        port,
        out,
        Access.ALL,
        Loopback.LIMITS,
        Loopback.TIMEOUTS,
        Optional.empty());
  }

  private static Query query(QueryLevel level, String... keysAndValues) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      keys.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new Query(level, level == QueryLevel.PATIENT, keys);
  }

  private static DataSet whole(Path file) {
    return new Part10Reader().read(file).whole();
  }

  private Program dcmqrscp(int port, int ownPort, String... options) throws Exception {
    Path database = Files.createDirectory(folder.resolve("database"));
    Path configuration = folder.resolve("dcmqrscp.cfg");
    Files.writeString(
        configuration,
        """
        NetworkTCPPort = %d
        MaxPDUSize = 16384
        MaxAssociations = 16
        HostTable BEGIN
        own = (%s, 127.0.0.1, %d)
        HostTable END
        VendorTable BEGIN
        VendorTable END
        AETable BEGIN
        %s %s RW (200, 1024mb) ANY
        AETable END
        """
            .formatted(port, OWN, ownPort, ARCHIVE, database));
    List<Object> command = new ArrayList<>(List.of("dcmqrscp", "-c", configuration));
    command.addAll(List.of(options));
    return Program.start(folder, command.toArray()).awaitPort(port);
  }

  static Program orthanc(Path folder, int port, int ownPort) throws Exception {
    Path configuration = folder.resolve("orthanc.json");
    Path database = Files.createDirectory(folder.resolve("database"));
    Files.writeString(
        configuration,
        """
        {"StorageDirectory": "%s", "IndexDirectory": "%s", "DicomAet": "%s", "DicomPort": %d,
         "HttpServerEnabled": false, "DicomCheckCalledAet": true, "RemoteAccessAllowed": false,
         "DicomModalities": {"own": {"AET": "%s", "Host": "127.0.0.1", "Port": %d,
         "AllowStorageCommitment": true, "AllowEcho": true, "AllowFind": true, "AllowGet": true,
         "AllowMove": true, "AllowStore": true}}}
        """
            .formatted(database, database, ARCHIVE, port, OWN, ownPort));
    return Program.start(folder, "/usr/sbin/Orthanc", configuration).awaitPort(port);
  }

  private void roundTrip(Program archive, int port, int ownPort) throws Exception {
    Peer peer = peer(port);
    List<Path> files = files();
    List<StoreOutcome> stored = new ArrayList<>();
    client.store(peer, files, stored::add);
    assertThat(stored).as(archive.output()).hasSize(IMAGES).allMatch(each -> each.status() == 0);
    finds(peer);
    Path got = folder.resolve("got");
    Query study = query(QueryLevel.STUDY, "StudyInstanceUID", Objects.STUDY);
    List<ReceivedInstance> received = new ArrayList<>();
    RetrieveOutcome outcome = client.get(peer, study, here(got, 0), received::add);
    assertThat(outcome).as(archive.output()).isEqualTo(new RetrieveOutcome(IMAGES, 0, 0, 0, ""));
    assertThat(received).hasSize(IMAGES);
    Query nothing = query(QueryLevel.STUDY, "StudyInstanceUID", Objects.STUDY + ".9");
    assertThat(client.get(peer, nothing, here(got, 0), received::add).complete()).isFalse();
    Path moved = folder.resolve("moved");
    try (var reception = new DimseProvider().open(here(moved, ownPort), instance -> {})) {
      assertThat(reception.port()).isEqualTo(ownPort);
      outcome = client.move(peer, study, OWN);
    }
    assertThat(outcome.complete()).as(outcome.problem()).isTrue();
    for (int i = 1; i <= IMAGES; i++) {
      assertThat(whole(Objects.kept(got, i))).isEqualTo(whole(files.get(i - 1)));
      assertThat(whole(Objects.kept(moved, i))).isEqualTo(whole(files.get(i - 1)));
    }
  }

  private void finds(Peer peer) {
    assertThat(find(peer, query(QueryLevel.STUDY, "PatientID", "P1", "PatientName", "")))
        .singleElement()
        .satisfies(
            match -> {
              assertThat(match.values()).containsEntry("PatientName", "Müller^Ödön");
              assertThat(match.json()).contains("\"00100010\"", "Müller^Ödön");
            });
    assertThat(find(peer, query(QueryLevel.PATIENT, "PatientID", "P*", "PatientName", "")))
        .hasSize(1);
    assertThat(find(peer, query(QueryLevel.STUDY, "PatientID", "nobody"))).isEmpty();
    assertThat(
            find(peer, query(QueryLevel.STUDY, "StudyDate", "20260101-20260131", "0020,000D", "")))
        .singleElement()
        .satisfies(
            match -> assertThat(match.values()).containsEntry("StudyInstanceUID", Objects.STUDY));
    Query series =
        query(QueryLevel.SERIES, "StudyInstanceUID", Objects.STUDY, "SeriesInstanceUID", "");
    assertThat(find(peer, series)).hasSize(1);
    Query images =
        query(
            QueryLevel.IMAGE,
            "StudyInstanceUID",
            Objects.STUDY,
            "SeriesInstanceUID",
            Objects.SERIES,
            "SOPInstanceUID",
            "");
    assertThat(find(peer, images)).hasSize(IMAGES);
    List<Match> first = new ArrayList<>();
    client.find(peer, images, 1, first::add);
    assertThat(first).hasSize(1);
  }

  private List<Match> find(Peer peer, Query query) {
    List<Match> matches = new ArrayList<>();
    assertThat(client.find(peer, query, 0, matches::add)).isTrue();
    return matches;
  }

  @Test
  void dcmqrscpStoresFindsAndGivesBackEqual() throws Exception {
    Program.require("dcmtk", "dcmqrscp");
    int port = Program.freePort();
    int ownPort = Program.freePort();
    try (Program archive = dcmqrscp(port, ownPort)) {
      roundTrip(archive, port, ownPort);
      refusesHere(port);
      RetrieveOutcome unknown =
          client.move(
              peer(port), query(QueryLevel.STUDY, "StudyInstanceUID", Objects.STUDY), "NOBODY");
      assertThat(unknown.complete()).isFalse();
      assertThat(unknown.problem()).contains("A801 (move destination unknown)");
    }
  }

  private void refusesHere(int port) {
    ReceiveSettings tight =
        new ReceiveSettings(
            Optional.of(OWN),
            "127.0.0.1",
            0,
            folder.resolve("refused"),
            Access.ALL,
            new ReceiveLimits(1, 1 << 14, 1000, 0),
            Loopback.TIMEOUTS,
            Optional.empty());
    Query study = query(QueryLevel.STUDY, "StudyInstanceUID", Objects.STUDY);
    RetrieveOutcome outcome = client.get(peer(port), study, tight, each -> {});
    assertThat(outcome.failed()).isEqualTo(IMAGES);
    assertThat(outcome.problem()).contains("3 objects were refused here, 0 were kept");
  }

  @Test
  void orthancStoresFindsCommitsAndGivesBackEqual() throws Exception {
    Program.require("orthanc", "Orthanc");
    int port = Program.freePort();
    int ownPort = Program.freePort();
    try (Program archive = orthanc(folder, port, ownPort)) {
      roundTrip(archive, port, ownPort);
      List<StoreOutcome> asked = new ArrayList<>();
      client.store(peer(port), List.of(folder.resolve("1.dcm")), asked::add);
      asked.add(new StoreOutcome(folder, Uids.CTImageStorage, Objects.SERIES + ".99", "", 0, ""));
      CommitOutcome commit =
          client.commit(
              peer(port),
              asked,
              Optional.of(here(folder.resolve("none"), ownPort)),
              Duration.ofSeconds(60));
      assertThat(commit.committed()).containsExactly(Objects.SERIES + ".1");
      assertThat(commit.failed())
          .containsExactly(Map.entry(Objects.SERIES + ".99", "0112 (no such SOP instance)"));
    }
  }

  private Path compressed(int number, String... program) throws Exception {
    Path plain =
        Objects.write(folder, "plain.dcm", Objects.grey(number, 64), Uids.ExplicitVRLittleEndian);
    Path file = folder.resolve(number + ".dcm");
    List<Object> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(plain, file));
    Program.run(folder, command.toArray());
    return file;
  }

  /** Returns files of one SOP class in several transfer syntaxes, and one of another class. */
  private List<Path> compressed() throws Exception {
    Program.require("dcmtk", "dcmcrle", "dcmcjpeg", "dcmcjpls");
    String[][] programs = {
      {"dcmcrle"},
      {"dcmcjpeg", "+e1"},
      {"dcmcjpeg", "+eb", "+un"}, // keeps the SOP Instance UID
      {"dcmcjpls"},
      {"dcmcjpls", "+en", "+un"}
    };
    List<Path> files = new ArrayList<>();
    for (String[] program : programs) {
      files.add(compressed(files.size() + 1, program));
    }
    files.add(Objects.write(folder, "6.dcm", Objects.grey(6, 64), Uids.ExplicitVRLittleEndian));
    files.add(Objects.write(folder, "7.dcm", Objects.image(7, 64), Uids.ImplicitVRLittleEndian));
    return files;
  }

  private void givesBackAsHeld(Program archive, int port, Query query) throws Exception {
    List<Path> files = compressed();
    client.store(peer(port), files, each -> assertThat(each.status()).isZero());
    Path got = folder.resolve("got");
    List<ReceivedInstance> received = new ArrayList<>();
    RetrieveOutcome outcome = client.get(peer(port), query, here(got, 0), received::add);
    assertThat(outcome)
        .as(archive.output())
        .isEqualTo(new RetrieveOutcome(files.size(), 0, 0, 0, ""));
    for (int i = 1; i <= files.size(); i++) {
      Part10Object sent = new Part10Reader().read(files.get(i - 1));
      Part10Object kept = new Part10Reader().read(Objects.kept(got, i));
      assertThat(kept.transferSyntaxUid()).isEqualTo(sent.transferSyntaxUid());
      assertThat(kept.whole()).isEqualTo(sent.whole());
    }
    assertThat(received)
        .extracting(ReceivedInstance::transferSyntaxUid)
        .containsExactlyInAnyOrder(
            Uids.ExplicitVRLittleEndian,
            Uids.RLELossless,
            Uids.JPEGLosslessSV1,
            Uids.JPEGBaseline8Bit,
            Uids.JPEGLSLossless,
            Uids.JPEGLSNearLossless,
            Uids.ImplicitVRLittleEndian);
  }

  @Test
  void orthancGivesBackEachObjectOfAStudyInTheTransferSyntaxInWhichItHoldsIt() throws Exception {
    Program.require("orthanc", "Orthanc");
    int port = Program.freePort();
    try (Program archive = orthanc(folder, port, Program.freePort())) {
      givesBackAsHeld(archive, port, query(QueryLevel.STUDY, "StudyInstanceUID", Objects.STUDY));
    }
  }

  @Test
  void orthancGivesBackEachObjectOfAPatientInTheTransferSyntaxInWhichItHoldsIt() throws Exception {
    Program.require("orthanc", "Orthanc");
    int port = Program.freePort();
    try (Program archive = orthanc(folder, port, Program.freePort())) {
      givesBackAsHeld(archive, port, query(QueryLevel.PATIENT, "PatientID", "P1"));
    }
  }

  /** It does not tell SOP classes, and chooses one transfer syntax for all objects. */
  @ParameterizedTest
  @CsvSource({
    "+xr, dcmcrle, 1.2.840.10008.1.2.5",
    "+xs, dcmcjpeg, 1.2.840.10008.1.2.4.70",
    "+xt, dcmcjpls, 1.2.840.10008.1.2.4.80"
  })
  void dcmqrscpGivesBackWhatItHoldsInTheTransferSyntaxThatItPrefers(
      String option, String program, String transferSyntaxUid) throws Exception {
    Program.require("dcmtk", "dcmqrscp", program);
    int port = Program.freePort();
    try (Program archive = dcmqrscp(port, Program.freePort(), option)) {
      Path file = compressed(1, program);
      client.store(peer(port), List.of(file), each -> assertThat(each.status()).isZero());
      Query study = query(QueryLevel.STUDY, "StudyInstanceUID", Objects.STUDY);
      Path got = folder.resolve("got");
      RetrieveOutcome outcome = client.get(peer(port), study, here(got, 0), each -> {});
      assertThat(outcome).as(archive.output()).isEqualTo(new RetrieveOutcome(1, 0, 0, 0, ""));
      Part10Object kept = new Part10Reader().read(Objects.kept(got, 1));
      assertThat(kept.transferSyntaxUid()).isEqualTo(transferSyntaxUid);
      assertThat(kept.whole()).isEqualTo(whole(file));
    }
  }

  @Test
  void whatOthersFetchFromAnArchiveComesToOurReceiver() throws Exception {
    Program.require("dcmtk", "dcmqrscp", "movescu");
    int port = Program.freePort();
    int ownPort = Program.freePort();
    try (Program archive = dcmqrscp(port, ownPort)) {
      List<Path> files = files();
      client.store(peer(port), files, each -> assertThat(each.status()).isZero());
      Path out = folder.resolve("out");
      try (var reception = new DimseProvider().open(here(out, ownPort), instance -> {})) {
        assertThat(reception.port()).isEqualTo(ownPort);
        Program.run(
            folder,
            "movescu",
            "-S",
            "-aec",
            ARCHIVE,
            "-aet",
            OWN,
            "-aem",
            OWN,
            "-k",
            "QueryRetrieveLevel=STUDY",
            "-k",
            "StudyInstanceUID=" + Objects.STUDY,
            "127.0.0.1",
            port);
      }
      for (int i = 1; i <= IMAGES; i++) {
        assertThat(whole(Objects.kept(out, i)))
            .as(archive.output())
            .isEqualTo(whole(files.get(i - 1)));
      }
    }
  }

  private List<Object> command(String program, int port, Query query, Object... options) {
    List<Object> command = new ArrayList<>(List.of(program, "-S", "-aec", ARCHIVE, "-aet", OWN));
    command.addAll(List.of(options));
    command.addAll(List.of("-k", "QueryRetrieveLevel=" + query.level()));
    query.keys().forEach((key, value) -> command.addAll(List.of("-k", key + "=" + value)));
    command.addAll(List.of("127.0.0.1", port));
    return command;
  }

  private static List<DataSet> objects(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(ArchiveTest::whole).toList();
    }
  }

  /** Holds our answers against those that findscu and getscu get to the same questions. */
  private void isUnderstoodAlike(Program archive, int port) throws Exception {
    client.store(peer(port), files(), each -> assertThat(each.status()).isZero());
    Query[] queries = {
      query(QueryLevel.STUDY, "PatientID", "P*", "PatientName", "", "StudyInstanceUID", ""),
      query(QueryLevel.STUDY, "StudyDate", "20260101-20260131", "StudyInstanceUID", ""),
      query(QueryLevel.STUDY, "PatientID", "nobody", "StudyInstanceUID", ""),
      query(
          QueryLevel.SERIES,
          "StudyInstanceUID",
          Objects.STUDY,
          "SeriesInstanceUID",
          "",
          "Modality",
          ""),
      query(
          QueryLevel.IMAGE,
          "StudyInstanceUID",
          Objects.STUDY,
          "SeriesInstanceUID",
          Objects.SERIES,
          "SOPInstanceUID",
          "",
          "InstanceNumber",
          "")
    };
    int[] matches = {1, 1, 0, 1, IMAGES};
    for (int i = 0; i < queries.length; i++) {
      Path extracted = Files.createDirectory(folder.resolve("found" + i));
      Program.run(folder, command("findscu", port, queries[i], "-X", "-od", extracted).toArray());
      List<String> theirs = objects(extracted).stream().map(DicomJson::write).toList();
      assertThat(theirs).as(archive.output()).hasSize(matches[i]);
      assertThat(find(peer(port), queries[i]))
          .extracting(Match::json)
          .containsExactlyInAnyOrderElementsOf(theirs);
    }
    Query study = query(QueryLevel.STUDY, "StudyInstanceUID", Objects.STUDY);
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    Program.run(folder, command("getscu", port, study, "-od", theirs).toArray());
    Path ours = folder.resolve("ours");
    assertThat(client.get(peer(port), study, here(ours, 0), each -> {}).complete()).isTrue();
    assertThat(objects(theirs))
        .as(archive.output())
        .hasSize(IMAGES)
        .containsExactlyInAnyOrderElementsOf(
            objects(ours.resolve(Objects.STUDY).resolve(Objects.SERIES)));
  }

  @Test
  void dcmqrscpTellsAndGivesUsWhatItTellsAndGivesDcmtk() throws Exception {
    Program.require("dcmtk", "dcmqrscp", "findscu", "getscu");
    int port = Program.freePort();
    try (Program archive = dcmqrscp(port, Program.freePort())) {
      isUnderstoodAlike(archive, port);
    }
  }

  @Test
  void orthancTellsAndGivesUsWhatItTellsAndGivesDcmtk() throws Exception {
    Program.require("orthanc", "Orthanc");
    Program.require("dcmtk", "findscu", "getscu");
    int port = Program.freePort();
    try (Program archive = orthanc(folder, port, Program.freePort())) {
      isUnderstoodAlike(archive, port);
    }
  }

  @Test
  void aPeerWithoutTheServiceIsNamed() {
    Query query = query(QueryLevel.STUDY, "PatientID", "P1");
    try (Loopback loopback = Loopback.open(folder.resolve("out"))) {
      assertThatThrownBy(() -> find(loopback.peer(), query))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining(
              "it does not accept queries (C-FIND) (%s, abstract syntax not supported)",
              Uids.StudyRootQueryRetrieveInformationModelFind);
    }
  }

  @Test
  void aKeyThatIsNoneIsNamed() {
    assertThatThrownBy(() -> find(peer(1), query(QueryLevel.STUDY, "PatientNumber", "1")))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "key PatientNumber: this is no keyword of the standard and no tag. Write it as"
                + " StudyDate or 0008,0020.");
  }
}
