package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DataSets;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.StoreOutcome;
import org.llavamed.network.Timeouts;

/** Peers that break the rules, by bytes that are made here. */
final class HostilePeerTest {
  private static final long SEED = 20261124;
  private static final int MUTANTS = 300;
  private static final Timeouts SHORT = Timeouts.of(Duration.ofMillis(500));
  private static final ReceiveLimits LIMITS = new ReceiveLimits(2, 1 << 12, 1 << 20, 0);

  @RegisterExtension final UnexpectedFailures unexpected = new UnexpectedFailures();
  @TempDir Path folder;

  private Loopback impatient() {
    return new Loopback(Loopback.settings(folder.resolve("out"), Access.ALL, LIMITS, SHORT));
  }

  private static byte[] pdu(int type, byte[] body) {
    return ByteBuffer.allocate(6 + body.length)
        .put((byte) type)
        .put((byte) 0)
        .putInt(body.length)
        .put(body)
        .array();
  }

  private static byte[] request(int id) {
    return pdu(1, AssociateWriter.write(associate(id, true), true));
  }

  private static Associate associate(int id, boolean request) {
    return new Associate(
        Loopback.AE_TITLE,
        "HOSTILE",
        Associate.APPLICATION_CONTEXT,
        List.of(
            new PresentationContext(
                id, 0, request ? Uids.CTImageStorage : "", List.of(Uids.ExplicitVRLittleEndian))),
        Associate.User.ours(1 << 14, Map.of(), Map.of()));
  }

  private static byte[] data(boolean command, byte[] value) {
    return pdu(
        4,
        ByteBuffer.allocate(6 + value.length)
            .putInt(2 + value.length)
            .put((byte) 1)
            .put((byte) (command ? 3 : 2))
            .put(value)
            .array());
  }

  private static byte[] storeCommand() throws IOException {
    DataSet command =
        Message.request(CommandField.C_STORE_RQ, 1, Uids.CTImageStorage, true)
            .putInts(Tag.Priority, Vr.US, 0)
            .putString(Tag.AffectedSOPInstanceUID, Vr.UI, Objects.SERIES + ".1");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataSets.write(command, Uids.ImplicitVRLittleEndian, out);
    return data(true, out.toByteArray());
  }

  private static byte[] image() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataSets.write(Objects.image(1, 20), Uids.ExplicitVRLittleEndian, out);
    return out.toByteArray();
  }

  /** Sends bytes and returns all that comes until the other side closes. */
  private static byte[] exchange(int port, byte[]... parts) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        for (byte[] part : parts) {
          socket.getOutputStream().write(part);
        }
        socket.getInputStream().transferTo(answer);
      } catch (java.net.SocketException reset) {
        assertThat(reset).hasMessageMatching("Connection reset.*|Broken pipe.*");
      }
      return answer.toByteArray();
    }
  }

  private static byte[] header(int type, long length) {
    return ByteBuffer.allocate(6).put((byte) type).put((byte) 0).putInt((int) length).array();
  }

  @ParameterizedTest
  @CsvSource({
    "9, 4, 1", // unrecognised PDU
    "0, 0, 1",
    "4, 4, 2", // data before the association
    "5, 4, 2",
    "1, 4294967295, 6", // 4 GiB of association
    "1, 10, 6"
  })
  void aWrongFirstPduIsAbortedWithSourceAndReason(int type, long length, int reason)
      throws IOException {
    try (Loopback loopback = impatient()) {
      byte[] body = length > 100 ? new byte[0] : new byte[(int) length];
      assertThat(exchange(loopback.port(), header(type, length), body))
          .isEqualTo(pdu(7, new byte[] {0, 0, 2, (byte) reason}));
    }
  }

  @Test
  void aPduOfDataAboveTheLimitIsAbortedBeforeItIsRead() throws IOException {
    try (Loopback loopback = impatient()) {
      assertThat(exchange(loopback.port(), request(1), header(4, 0x7FFFFFFF)))
          .endsWith(pdu(7, new byte[] {0, 0, 2, 6}));
    }
  }

  @Test
  void aValueThatIsLongerThanItsPduIsAborted() throws IOException {
    byte[] wrong = data(true, new byte[10]);
    ByteBuffer.wrap(wrong).putInt(6, 1000);
    try (Loopback loopback = impatient()) {
      assertThat(exchange(loopback.port(), request(1), wrong))
          .endsWith(pdu(7, new byte[] {0, 0, 2, 6}));
    }
  }

  @Test
  void anEvenPresentationContextIsAborted() throws IOException {
    try (Loopback loopback = impatient()) {
      assertThat(exchange(loopback.port(), request(2))).isEqualTo(pdu(7, new byte[] {0, 0, 2, 6}));
    }
  }

  @Test
  void silentPeersAreClosedInEveryState() throws IOException {
    try (Loopback loopback = impatient()) {
      assertThat(exchange(loopback.port())).isEmpty();
      assertThat(exchange(loopback.port(), new byte[] {1})).isEmpty();
      assertThat(exchange(loopback.port(), request(1))[0]).isEqualTo((byte) 2);
      byte[] part = storeCommand();
      exchange(loopback.port(), request(1), part);
      exchange(loopback.port(), request(1), part, header(4, 1000));
      assertThat(new DimseUser(null).echo(loopback.peer())).isNotNull();
      assertThat(loopback.received).isEmpty();
    }
  }

  @Test
  void aPeerThatDoesNotCloseAfterItsReleaseIsClosed() throws IOException {
    try (Loopback loopback = impatient()) {
      assertThat(exchange(loopback.port(), request(1), pdu(5, new byte[4])))
          .endsWith(pdu(6, new byte[4]));
    }
  }

  @Test
  void anObjectThatComesByDropsIsAborted() throws Exception {
    byte[] drop = data(false, new byte[2]);
    drop[11] = 0; // not the last fragment
    try (Loopback loopback = impatient();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), loopback.port())) {
      socket.setSoTimeout(5);
      socket.getOutputStream().write(request(1));
      socket.getOutputStream().write(storeCommand());
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      boolean open = true;
      for (int i = 0; open && i < 4000; i++) {
        open = drip(socket, drop, answer);
      }
      assertThat(answer.toByteArray()).endsWith(pdu(7, new byte[4]));
    }
  }

  /** Writes once and reads for a little; returns whether the other side is still there. */
  private static boolean drip(Socket socket, byte[] drop, ByteArrayOutputStream answer)
      throws IOException {
    try {
      socket.getOutputStream().write(drop);
    } catch (java.net.SocketException closed) {
      socket.getInputStream().transferTo(answer); // what came before the end
      return false;
    }
    try {
      int next = socket.getInputStream().read();
      if (next >= 0) {
        answer.write(next);
      }
      return next >= 0;
    } catch (java.net.SocketTimeoutException e) {
      return true;
    }
  }

  @Test
  void connectionsAloneTakeNoPlace() throws Exception {
    try (Loopback loopback =
            new Loopback(Loopback.settings(folder.resolve("out"), Access.ALL, LIMITS));
        Socket first = new Socket(InetAddress.getLoopbackAddress(), loopback.port());
        Socket second = new Socket(InetAddress.getLoopbackAddress(), loopback.port())) {
      assertThat(first.isConnected() && second.isConnected()).isTrue();
      assertThat(new DimseUser(null).echo(loopback.peer()).milliseconds()).isPositive();
    }
  }

  @Test
  void anotherProtocolVersionIsRejected() throws IOException {
    byte[] request = request(1);
    request[7] = 2;
    try (Loopback loopback = impatient()) {
      assertThat(exchange(loopback.port(), request)).isEqualTo(pdu(3, new byte[] {0, 1, 2, 2}));
    }
  }

  @Test
  void theEndOfTheReceiverAbortsItsAssociations() throws Exception {
    try (Socket socket = new Socket()) {
      try (Loopback loopback =
          new Loopback(Loopback.settings(folder.resolve("out"), Access.ALL, LIMITS))) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), loopback.port()));
        socket.getOutputStream().write(request(1));
        assertThat(skipPdu(socket.getInputStream())).isNotEmpty();
      }
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(pdu(7, new byte[4]));
    }
  }

  @Test
  void anAbortWithinAnObjectLeavesNothing() throws IOException {
    byte[] image = image();
    byte[] part = data(false, image);
    part[11] = 0; // not the last fragment
    try (Loopback loopback = impatient()) {
      exchange(loopback.port(), request(1), storeCommand(), part, pdu(7, new byte[4]));
    }
    assertThat(Objects.kept(folder.resolve("out"), 1)).doesNotExist();
    try (Stream<Path> left = Files.list(folder.resolve("out/.incoming"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aDataSetOfAnotherInstanceIsRefused() throws IOException {
    ByteArrayOutputStream other = new ByteArrayOutputStream();
    DataSets.write(Objects.image(2, 20), Uids.ExplicitVRLittleEndian, other);
    try (Loopback loopback = impatient()) {
      byte[] answer =
          exchange(
              loopback.port(),
              request(1),
              storeCommand(),
              data(false, other.toByteArray()),
              pdu(5, new byte[4]));
      assertThat(answer).containsSequence(0x00, 0x00, 0x00, 0x09, 2, 0, 0, 0, 0x00, 0xA9);
      assertThat(loopback.received).isEmpty();
    }
  }

  @Test
  void mutatedPdusNeverHangNorStopTheReceiver() throws IOException {
    System.out.println("Seed of mutated PDUs: " + SEED);
    Random random = new Random(SEED);
    byte[][] whole = {request(1), storeCommand(), data(false, image()), pdu(5, new byte[4])};
    Timeouts brief = Timeouts.of(Duration.ofMillis(50));
    try (Loopback loopback =
        new Loopback(Loopback.settings(folder.resolve("out"), Access.ALL, LIMITS, brief))) {
      for (int i = 0; i < MUTANTS; i++) {
        byte[][] mutant = new byte[whole.length][];
        int victim = random.nextInt(whole.length);
        for (int j = 0; j < whole.length; j++) {
          mutant[j] = j == victim ? mutate(whole[j], random) : whole[j];
        }
        exchange(loopback.port(), mutant);
      }
      assertThat(answers(loopback)).isTrue();
    }
    try (Stream<Path> left = Files.list(folder.resolve("out/.incoming"))) {
      assertThat(left).isEmpty();
    }
  }

  /** Returns whether one of several requests is in time for a receiver that hardly waits. */
  private static boolean answers(Loopback loopback) {
    for (int i = 0; i < 50; i++) {
      try {
        return new DimseUser().echo(loopback.peer()).milliseconds() > 0;
      } catch (NetworkException e) {
        System.out.println("Too late: " + e.getMessage());
      }
    }
    return false;
  }

  /** Changes a few bytes, the first ones rather than the last, or cuts or repeats a part. */
  private static byte[] mutate(byte[] bytes, Random random) {
    byte[] mutant = bytes.clone();
    int range = random.nextBoolean() ? Math.min(bytes.length, 120) : bytes.length;
    for (int i = 0; i <= random.nextInt(4); i++) {
      mutant[random.nextInt(range)] = (byte) random.nextInt(256);
    }
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(mutant, random.nextInt(mutant.length));
      case 1 -> Arrays.copyOf(mutant, mutant.length + random.nextInt(50));
      default -> mutant;
    };
  }

  /** A server that answers the first bytes of a client in its own way. */
  private record Server(ServerSocket socket, Thread thread) implements AutoCloseable {
    interface Behaviour {
      void serve(InputStream in, OutputStream out) throws Exception;
    }

    static Server start(Behaviour behaviour) throws IOException {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      Thread thread =
          new Thread(
              () -> {
                try (Socket client = socket.accept()) {
                  behaviour.serve(client.getInputStream(), client.getOutputStream());
                } catch (Exception e) {
                  System.out.println("A hostile server ended: " + e);
                }
              });
      thread.setDaemon(true);
      thread.start();
      return new Server(socket, thread);
    }

    Peer peer() {
      return new Peer(
          "127.0.0.1", socket.getLocalPort(), Loopback.AE_TITLE, "SENDER", Optional.empty(), SHORT);
    }

    @Override
    public void close() throws IOException {
      socket.close();
      thread.interrupt();
    }
  }

  private static byte[] skipPdu(InputStream in) throws IOException {
    byte[] header = in.readNBytes(6);
    return in.readNBytes(ByteBuffer.wrap(header).getInt(2));
  }

  private static void accept(InputStream in, OutputStream out) throws IOException {
    skipPdu(in);
    Associate answer = associate(1, false);
    out.write(pdu(2, AssociateWriter.write(answer, false)));
  }

  private void expect(String message, Server.Behaviour behaviour) throws IOException {
    Path file = Objects.write(folder, "a.dcm", Objects.image(1, 20), Uids.ExplicitVRLittleEndian);
    try (Server server = Server.start(behaviour)) {
      assertThatThrownBy(() -> Loopback.send(server.peer(), file))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void aServerThatIsSilentIsNamedAfterTheTimeout() throws IOException {
    expect(
        "no answer to the association request within 500 ms",
        (in, out) -> in.transferTo(OutputStream.nullOutputStream()));
  }

  @Test
  void aServerThatClosesIsNamed() throws IOException {
    expect("where answer to the association request was due", (in, out) -> skipPdu(in));
  }

  @Test
  void aServerThatSpeaksSomethingElseIsNamed() throws IOException {
    expect(
        "PDU type 48 of 1414541105 bytes answers the association request",
        (in, out) -> {
          out.write("HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII));
          in.transferTo(OutputStream.nullOutputStream());
        });
  }

  @Test
  void aServerThatAbortsWithinAnObjectIsNamed() throws IOException {
    expect(
        "it aborted the association by its protocol machine, for an unexpected PDU",
        (in, out) -> {
          accept(in, out);
          skipPdu(in);
          out.write(pdu(7, new byte[] {0, 0, 2, 2}));
          in.transferTo(OutputStream.nullOutputStream());
        });
  }

  @Test
  void aServerThatReleasesInsteadOfAnsweringIsNamed() throws IOException {
    expect(
        "it released the association where C-STORE-RSP was due",
        (in, out) -> {
          accept(in, out);
          skipPdu(in);
          skipPdu(in);
          out.write(pdu(5, new byte[4]));
          in.transferTo(OutputStream.nullOutputStream());
        });
  }

  private static byte[] response(DataSet response) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataSets.write(response, Uids.ImplicitVRLittleEndian, bytes);
    return data(true, bytes.toByteArray());
  }

  private static DataSet stored(int messageId) {
    return Message.command(CommandField.C_STORE_RQ | CommandField.RESPONSE, false)
        .putInts(Tag.MessageIDBeingRespondedTo, Vr.US, messageId);
  }

  @Test
  void aResponseWithoutAStatusIsNoSuccess() throws IOException {
    expect(
        "C-STORE-RSP has no status",
        (in, out) -> {
          accept(in, out);
          skipPdu(in);
          skipPdu(in);
          out.write(response(stored(1)));
          in.transferTo(OutputStream.nullOutputStream());
        });
  }

  @Test
  void aServerThatDoesNotAnswerTheReleaseIsNamedAfterTheTimeout() throws IOException {
    expect(
        "no A-RELEASE-RP within",
        (in, out) -> {
          accept(in, out);
          skipPdu(in);
          skipPdu(in);
          out.write(response(stored(1).putInts(Tag.Status, Vr.US, 0)));
          in.transferTo(OutputStream.nullOutputStream());
        });
  }

  @Test
  void aResponseToAnotherMessageIsNoSuccess() throws IOException {
    expect(
        "C-STORE-RSP answers message 9, 1 was due",
        (in, out) -> {
          accept(in, out);
          skipPdu(in);
          skipPdu(in);
          out.write(response(stored(9).putInts(Tag.Status, Vr.US, 0)));
          in.transferTo(OutputStream.nullOutputStream());
        });
  }

  @Test
  void anInterruptEndsTheWaitByAnAbort() throws Exception {
    Path file = Objects.write(folder, "a.dcm", Objects.image(1, 20), Uids.ExplicitVRLittleEndian);
    CompletableFuture<Byte> last = new CompletableFuture<>();
    Thread sender = Thread.currentThread();
    try (Server server =
        Server.start(
            (in, out) -> {
              accept(in, out);
              skipPdu(in);
              skipPdu(in);
              sender.interrupt();
              last.complete(in.readNBytes(6)[0]);
            })) {
      Peer peer = Loopback.peer(server.socket().getLocalPort());
      assertThatThrownBy(() -> Loopback.send(peer, file))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("the work was interrupted");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(last.get(20, TimeUnit.SECONDS)).isEqualTo((byte) 7);
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void aServerThatTakesNoDataIsNamedAfterTheTimeout() throws Exception {
    Path file = Objects.write(folder, "a.dcm", Objects.image(1, 3000), Uids.ExplicitVRLittleEndian);
    try (Server server =
        Server.start(
            (in, out) -> {
              accept(in, out);
              Thread.sleep(20_000);
            })) {
      assertThatThrownBy(() -> Loopback.send(server.peer(), file))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("it takes no data since 500 ms");
    }
  }

  @Test
  void crossingReleasesAreAnswered() throws Exception {
    Path file = Objects.write(folder, "a.dcm", Objects.image(1, 20), Uids.ExplicitVRLittleEndian);
    try (Server server =
        Server.start(
            (in, out) -> {
              accept(in, out);
              skipPdu(in);
              skipPdu(in);
              DataSet response =
                  Message.command(CommandField.C_STORE_RQ | CommandField.RESPONSE, false)
                      .putInts(Tag.MessageIDBeingRespondedTo, Vr.US, 1)
                      .putInts(Tag.Status, Vr.US, 0);
              ByteArrayOutputStream bytes = new ByteArrayOutputStream();
              DataSets.write(response, Uids.ImplicitVRLittleEndian, bytes);
              out.write(data(true, bytes.toByteArray()));
              skipPdu(in); // the release request of the client, which is crossed by another
              out.write(pdu(5, new byte[4]));
              skipPdu(in);
              out.write(pdu(6, new byte[4]));
            })) {
      assertThat(Loopback.send(server.peer(), file)).allMatch(StoreOutcome::stored);
    }
  }

  @Test
  void associationsAboveTheLimitAreRejectedAsTransient() throws Exception {
    try (Loopback loopback =
            new Loopback(Loopback.settings(folder.resolve("out"), Access.ALL, LIMITS));
        Socket first = new Socket(InetAddress.getLoopbackAddress(), loopback.port());
        Socket second = new Socket(InetAddress.getLoopbackAddress(), loopback.port())) {
      for (Socket socket : List.of(first, second)) {
        socket.getOutputStream().write(request(1));
        assertThat(socket.getInputStream().read()).isEqualTo(2);
      }
      assertThatThrownBy(() -> new DimseUser(null).echo(loopback.peer()))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("(local limit exceeded, transient)");
    }
  }
}
