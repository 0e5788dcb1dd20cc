package org.llavamed.trainer.internal;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes a file of TensorBoard: a sequence of TFRecords, each with a protobuf message of type
 * {@code tensorflow.Event}. What is written is there at once, and an interrupt does not close the
 * file.
 */
final class EventFile implements Closeable {
  private static final String FORMAT = "brain.Event:2";
  private static final int CRC_MASK = 0xa282ead8;

  // Field numbers of event.proto and summary.proto.
  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_FILE_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int EVENT_SESSION_LOG = 7;
  private static final int SESSION_STATUS = 1;
  private static final int SESSION_STARTS = 1;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;

  private final OutputStream out;
  private final Clock clock;

  private EventFile(OutputStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  /**
   * Makes a file beside those of earlier sessions of the run.
   *
   * @param step steps that are done: what earlier files hold of later ones is void
   */
  static EventFile create(Path folder, long step, Clock clock) throws IOException {
    Files.createDirectories(folder);
    Path file = newFile(folder, clock.instant().getEpochSecond());
    var events = new EventFile(new FileOutputStream(file.toFile()), clock);
    events.write(events.event(0).text(EVENT_FILE_VERSION, FORMAT));
    Protobuf starts = new Protobuf().varint(SESSION_STATUS, SESSION_STARTS);
    events.write(events.event(step + 1).message(EVENT_SESSION_LOG, starts));
    return events;
  }

  /** TensorBoard reads the files in the order of their names. */
  private static Path newFile(Path folder, long second) throws IOException {
    long at = second;
    while (Files.exists(named(folder, at))) {
      at++; // an earlier session began within the same second
    }
    return Files.createFile(named(folder, at));
  }

  private static Path named(Path folder, long second) {
    return folder.resolve("events.out.tfevents.%010d.llavamed".formatted(second));
  }

  /** Writes numbers of one step by their names. */
  void scalars(long step, Map<String, Double> values) throws IOException {
    Protobuf summary = new Protobuf();
    values.forEach(
        (tag, value) ->
            summary.message(
                SUMMARY_VALUE,
                new Protobuf().text(VALUE_TAG, tag).fixed(VALUE_SIMPLE, value.floatValue())));
    write(event(step).message(EVENT_SUMMARY, summary));
  }

  private Protobuf event(long step) {
    Instant now = clock.instant();
    return new Protobuf()
        .fixed(EVENT_WALL_TIME, now.getEpochSecond() + now.getNano() / 1e9)
        .varint(EVENT_STEP, step);
  }

  private void write(Protobuf message) throws IOException {
    byte[] data = message.bytes();
    byte[] length = new byte[Long.BYTES];
    little(length).putLong(data.length);
    byte[] record = new byte[length.length + Integer.BYTES + data.length + Integer.BYTES];
    little(record).put(length).putInt(maskedCrc(length)).put(data).putInt(maskedCrc(data));
    out.write(record);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int maskedCrc(byte[] data) {
    var crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
