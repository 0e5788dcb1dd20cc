package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DataSets;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.fuzz.FuzzTarget;
import org.llavamed.network.NetworkException;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.Timeouts;
import org.osgi.service.component.annotations.Component;

/** What a peer sends on a connection: an association is negotiated, and its messages are read. */
@Component
public final class PduFuzzTarget implements FuzzTarget {
  private static final ReceiveSettings SETTINGS =
      new ReceiveSettings(
          Optional.of("RECEIVER"),
          ReceiveSettings.LOOPBACK,
          0,
          Path.of("unused"),
          ReceiveSettings.Access.ALL,
          ReceiveLimits.DEFAULT,
          Timeouts.of(Duration.ofSeconds(30)),
          Optional.empty());

  private final Watchdog watchdog = new Watchdog();

  @Override
  public String name() {
    return "pdu";
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(conversation(Uids.ExplicitVRLittleEndian), conversation(Uids.JPEGBaseline8Bit));
  }

  @Override
  public List<byte[]> words() {
    return List.of(
        new byte[] {1, 0, 0, 0},
        new byte[] {4, 0, 0, 0},
        new byte[] {5, 0, 0, 0, 0, 4},
        new byte[] {7, 0, 0, 0, 0, 4},
        new byte[] {0x20, 0, 0},
        new byte[] {0x30, 0, 0},
        new byte[] {0x40, 0, 0},
        new byte[] {0x50, 0, 0},
        new byte[] {0x54, 0, 0},
        Uids.CTImageStorage.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String take(byte[] input) {
    MemorySocket socket = new MemorySocket(input);
    try (PduChannel channel = channel(socket);
        Association association = new Acceptor(SETTINGS, true).accept(channel, () -> false)) {
      Optional<Message> message = association.next(SETTINGS.timeouts().idle(), "message");
      while (message.isPresent()) {
        association.dataSet(message.get());
        message = association.next(SETTINGS.timeouts().idle(), "message");
      }
      return "";
    } catch (NetworkException e) {
      return String.valueOf(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PduChannel channel(MemorySocket socket) throws IOException {
    return new PduChannel("a peer", socket, socket, SETTINGS.timeouts().response(), watchdog);
  }

  /** Returns what a sender of one object writes, from its request to its release. */
  private byte[] conversation(String transferSyntax) {
    MemorySocket socket = new MemorySocket(new byte[0]);
    Associate request =
        new Associate(
            "RECEIVER",
            "SENDER",
            Associate.APPLICATION_CONTEXT,
            List.of(
                new PresentationContext(
                    1, 0, Uids.Verification, List.of(Uids.ImplicitVRLittleEndian)),
                new PresentationContext(3, 0, Uids.CTImageStorage, List.of(transferSyntax))),
            Associate.User.ours(
                1 << 14,
                Map.of(Uids.CTImageStorage, Associate.Roles.DEFAULT),
                Map.of(Uids.CTImageStorage, List.of(2, 0, 3))));
    try (PduChannel channel = channel(socket)) {
      channel.write(PduType.A_ASSOCIATE_RQ, AssociateWriter.write(request, true));
      message(channel, 1, Message.request(CommandField.C_ECHO_RQ, 1, Uids.Verification, false));
      DataSet store =
          Message.request(CommandField.C_STORE_RQ, 2, Uids.CTImageStorage, true)
              .putString(Tag.AffectedSOPInstanceUID, Vr.UI, "2.25.1");
      message(channel, 3, store);
      try (PdvWriter out = new PdvWriter(channel, 3, false, 64)) {
        DataSets.write(
            new DataSet()
                .putString(Tag.SOPInstanceUID, Vr.UI, "2.25.1")
                .putString(Tag.PatientName, Vr.PN, "Doe^Jane"),
            Uids.ExplicitVRLittleEndian,
            out);
      }
      channel.write(PduType.A_RELEASE_RQ, new byte[4]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return socket.written();
  }

  private static void message(PduChannel channel, int context, DataSet command) throws IOException {
    try (PdvWriter out = new PdvWriter(channel, context, true, 1 << 14)) {
      DataSets.write(command, Uids.ImplicitVRLittleEndian, out);
    }
  }
}
