package org.llavamed.dimse.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.NetworkException;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceivedInstance;

/** Takes objects that peers store (PS3.4 annex B), as service class provider. */
final class StoreScp {
  private static final System.Logger LOGGER = System.getLogger(StoreScp.class.getName());
  private static final int CHUNK = 1 << 17;

  /** Bytes of an object after which the free disk is looked at again. */
  private static final long CHECK_INTERVAL = 1 << 26;

  private final InstanceStore store;
  private final ReceiveLimits limits;
  private final Consumer<ReceivedInstance> each;

  StoreScp(InstanceStore store, ReceiveLimits limits, Consumer<ReceivedInstance> each) {
    this.store = store;
    this.limits = limits;
    this.each = each;
  }

  /** Takes the data set of a C-STORE request, answers it and returns the status given. */
  int store(Association association, Message request, String callingAeTitle) {
    Association.Context context =
        association
            .context(request.contextId())
            .orElseThrow(() -> association.unexpected(request, "C-STORE-RQ"));
    if (!request.hasDataSet()) {
      return answer(association, request, Status.CANNOT_UNDERSTAND, "no data set");
    }
    Path temporary = store.temporary();
    try (InputStream data = association.dataStream(request)) {
      try {
        accept(context, request, data, temporary, callingAeTitle);
        return answer(association, request, Status.SUCCESS, "");
      } catch (RefusedException e) {
        return refuse(association, request, data, e);
      } catch (ImagingException e) {
        LOGGER.log(System.Logger.Level.WARNING, "An object was refused: {0}", e.getMessage());
        return refuse(
            association,
            request,
            data,
            new RefusedException(Status.CANNOT_UNDERSTAND, "the object cannot be understood"));
      } catch (ClosedByInterruptException e) {
        throw association.interrupted(e);
      } catch (IOException e) {
        LOGGER.log(System.Logger.Level.WARNING, "An object cannot be kept", e);
        return refuse(
            association,
            request,
            data,
            new RefusedException(Status.OUT_OF_RESOURCES, "the object cannot be written"));
      }
    } catch (IOException e) {
      throw association.broken(Abort.USER, "an object cannot be read (%s)".formatted(e));
    } finally {
      Incoming.discard(temporary);
    }
  }

  private int refuse(
      Association association, Message request, InputStream data, RefusedException refusal)
      throws IOException {
    LOGGER.log(
        System.Logger.Level.WARNING,
        "{0}: an object was refused, {1}",
        association.peer(),
        refusal.comment());
    if (!InstanceStore.drain(data, limits.objectBytes())) {
      throw association.broken(
          Abort.USER,
          "an object has over twice the %d bytes allowed".formatted(limits.objectBytes()));
    }
    return answer(association, request, refusal.status(), refusal.comment());
  }

  private static int answer(Association association, Message request, int status, String comment) {
    association.send(request.contextId(), request.response(status, comment));
    return status;
  }

  private void accept(
      Association.Context context,
      Message request,
      InputStream data,
      Path temporary,
      String callingAeTitle)
      throws IOException, RefusedException {
    String classUid = request.text(Tag.AffectedSOPClassUID);
    String instanceUid = request.text(Tag.AffectedSOPInstanceUID);
    if (!classUid.equals(context.abstractSyntax())) {
      throw new RefusedException(
          Status.SOP_CLASS_NOT_SUPPORTED, "SOP class is not that of the presentation context");
    }
    if (!Uid.isValid(instanceUid)) {
      throw new RefusedException(Status.CANNOT_UNDERSTAND, "SOP Instance UID is no UID");
    }
    checkDisk();
    long bytes = write(context, instanceUid, data, temporary);
    InstanceStore.Place place = store.keep(temporary, classUid, instanceUid);
    tell(
        new ReceivedInstance(
            place.file(),
            classUid,
            instanceUid,
            context.transferSyntax(),
            callingAeTitle,
            bytes,
            place.repeated()));
  }

  private void tell(ReceivedInstance instance) throws RefusedException {
    try {
      each.accept(instance);
    } catch (NetworkException e) {
      throw e;
    } catch (RuntimeException e) {
      LOGGER.log(System.Logger.Level.WARNING, "A received object cannot be handled", e);
      throw new RefusedException(Status.PROCESSING_FAILURE, "the object cannot be handled");
    }
  }

  private void checkDisk() throws IOException, RefusedException {
    if (store.free() < limits.freeDiskBytes()) {
      throw new RefusedException(Status.OUT_OF_RESOURCES, "too little disk is free");
    }
  }

  private long write(
      Association.Context context, String instanceUid, InputStream data, Path temporary)
      throws IOException, RefusedException {
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = Channels.newOutputStream(channel);
      BufferedOutputStream start = new BufferedOutputStream(out);
      Part10Writer.writeStart(
          context.abstractSyntax(), instanceUid, context.transferSyntax(), start);
      start.flush();
      copy(data, out);
      store.sync(channel, temporary);
      return channel.position();
    }
  }

  private void copy(InputStream data, OutputStream out) throws IOException, RefusedException {
    byte[] chunk = new byte[CHUNK];
    long bytes = 0;
    long nextCheck = CHECK_INTERVAL;
    int filled = 0;
    int count = data.read(chunk);
    while (count >= 0) {
      bytes += count;
      filled += count;
      if (bytes > limits.objectBytes()) {
        throw new RefusedException(
            Status.OUT_OF_RESOURCES, "more than %d bytes".formatted(limits.objectBytes()));
      }
      if (filled == chunk.length) {
        out.write(chunk);
        filled = 0;
      }
      if (bytes >= nextCheck) {
        nextCheck += CHECK_INTERVAL;
        checkDisk();
      }
      count = data.read(chunk, filled, chunk.length - filled);
    }
    out.write(chunk, 0, filled);
  }
}
