package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.dimse.internal.PduFuzzRequestor.Service;
import org.llavamed.fuzz.FuzzTarget;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.NetworkException;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.Timeouts;
import org.osgi.service.component.annotations.Component;

/**
 * What a peer sends on a connection: an association is negotiated, and its messages are read. The
 * first byte of an input chooses our side, the acceptor or the requestor of a service; the others
 * are what the peer sends.
 */
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

  /** Chosen by the first byte of an input, from 1. */
  private static final List<Service> SERVICES = List.of(Service.values());

  private final Watchdog watchdog = new Watchdog();
  private final PduFuzzRequestor requestor = new PduFuzzRequestor(watchdog);

  @Override
  public String name() {
    return "pdu";
  }

  @Override
  public List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(input(0, conversation(Uids.ExplicitVRLittleEndian)));
    seeds.add(input(0, conversation(Uids.JPEGBaseline8Bit)));
    for (Service service : SERVICES) {
      seeds.add(input(1 + SERVICES.indexOf(service), requestor.answer(service)));
    }
    return seeds;
  }

  private static byte[] input(int side, byte[] sent) {
    return ByteBuffer.allocate(1 + sent.length).put((byte) side).put(sent).array();
  }

  @Override
  public List<byte[]> words() {
    return List.of(
        new byte[] {1, 0, 0, 0},
        new byte[] {2, 0, 0, 0},
        new byte[] {3, 0, 0, 0, 0, 4, 0, 1, 1, 1},
        new byte[] {4, 0, 0, 0},
        new byte[] {5, 0, 0, 0, 0, 4},
        new byte[] {7, 0, 0, 0, 0, 4},
        new byte[] {0x20, 0, 0},
        new byte[] {0x21, 0, 0},
        new byte[] {0x30, 0, 0},
        new byte[] {0x40, 0, 0},
        new byte[] {0x50, 0, 0},
        new byte[] {0x54, 0, 0},
        Uids.CTImageStorage.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String take(byte[] input) {
    if (input.length == 0) {
      return "an input without a byte";
    }
    int side = (input[0] & 0xFF) % (1 + SERVICES.size());
    byte[] sent = Arrays.copyOfRange(input, 1, input.length);
    try {
      return side == 0 ? accept(sent) : requestor.ask(SERVICES.get(side - 1), sent);
    } catch (NetworkException | ImagingException e) {
      return String.valueOf(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String accept(byte[] sent) throws IOException {
    MemorySocket socket = new MemorySocket(sent);
    try (PduChannel channel =
            new PduChannel("a peer", socket, socket, SETTINGS.timeouts().response(), watchdog);
        Association association = new Acceptor(SETTINGS, true).accept(channel, () -> false)) {
      Optional<Message> message = association.next(SETTINGS.timeouts().idle(), "message");
      while (message.isPresent()) {
        association.dataSet(message.get());
        message = association.next(SETTINGS.timeouts().idle(), "message");
      }
      return "";
    }
  }

  /** Returns what a sender of one object writes, from its request to its release. */
  private byte[] conversation(String transferSyntax) {
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
    DataSet store =
        Message.request(CommandField.C_STORE_RQ, 2, Uids.CTImageStorage, true)
            .putString(Tag.AffectedSOPInstanceUID, Vr.UI, "2.25.1");
    DataSet object =
        new DataSet()
            .putString(Tag.SOPInstanceUID, Vr.UI, "2.25.1")
            .putString(Tag.PatientName, Vr.PN, "Doe^Jane");
    return new PduScript(watchdog)
        .pdu(PduType.A_ASSOCIATE_RQ, AssociateWriter.write(request, true))
        .command(1, Message.request(CommandField.C_ECHO_RQ, 1, Uids.Verification, false))
        .command(3, store)
        .data(3, object)
        .pdu(PduType.A_RELEASE_RQ, new byte[4])
        .bytes();
  }
}
