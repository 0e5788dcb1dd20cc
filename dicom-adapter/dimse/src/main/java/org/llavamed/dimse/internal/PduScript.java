package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DataSets;
import org.llavamed.dicom.Uids;

/** All that one side of an association sends, as bytes. */
final class PduScript {
  private static final int DATA_BYTES = 64;

  private final MemorySocket socket = new MemorySocket(new byte[0]);
  private final PduChannel channel;

  PduScript(Watchdog watchdog) {
    try {
      this.channel = new PduChannel("a script", socket, socket, Duration.ofSeconds(30), watchdog);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PduScript pdu(PduType type, byte[] body) {
    channel.write(type, body);
    return this;
  }

  PduScript command(int context, DataSet command) {
    return message(
        new PdvWriter(channel, context, true, 1 << 14), command, Uids.ImplicitVRLittleEndian);
  }

  /** Sends a data set in explicit VR little endian, in several parts. */
  PduScript data(int context, DataSet dataSet) {
    return message(
        new PdvWriter(channel, context, false, DATA_BYTES), dataSet, Uids.ExplicitVRLittleEndian);
  }

  private PduScript message(PdvWriter writer, DataSet dataSet, String transferSyntax) {
    try (writer) {
      DataSets.write(dataSet, transferSyntax, writer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Returns what was sent; nothing more can be. */
  byte[] bytes() {
    channel.close();
    return socket.written();
  }
}
