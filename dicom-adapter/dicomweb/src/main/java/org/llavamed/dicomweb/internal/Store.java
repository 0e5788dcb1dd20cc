package org.llavamed.dicomweb.internal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.NetworkException;
import org.llavamed.network.WebLimits;
import org.llavamed.network.WebStoreOutcome;
import org.llavamed.network.WebStoreOutcome.Result;

/** Stores files by STOW-RS (PS3.18 section 10.5), in requests of bounded size. */
final class Store {
  /** A file that can be sent. */
  record Instance(Path file, long bytes, String sopClassUid, String sopInstanceUid) {}

  private final Exchange exchange;
  private final WebLimits limits;
  private final Consumer<WebStoreOutcome> outcome;
  private final Part10Reader reader = new Part10Reader();
  private final List<Instance> batch = new ArrayList<>();
  private final Set<String> uids = new HashSet<>();
  private long bytes;
  private long mostBytes;

  Store(Exchange exchange, Consumer<WebStoreOutcome> outcome) {
    this.exchange = exchange;
    this.limits = exchange.peer().limits();
    this.mostBytes = limits.storeBytes();
    this.outcome = outcome;
  }

  /** Sends files. */
  void send(List<Path> files) {
    for (Path file : files) {
      try {
        add(instance(file));
      } catch (ImagingException e) {
        String problem = String.valueOf(e.getMessage());
        outcome.accept(new WebStoreOutcome(file, "", "", Result.FAILED, -1, problem));
      }
    }
    flush();
  }

  private Instance instance(Path file) {
    Part10Object object = reader.read(file);
    String uid = required(object, Tag.SOPInstanceUID, "SOP Instance UID (0008,0018)");
    String sopClass = required(object, Tag.SOPClassUID, "SOP Class UID (0008,0016)");
    if (object.fileMeta().isEmpty()) {
      throw ImagingException.unsupported(
          file, "a data set without file meta information", "Make it a Part 10 file first");
    }
    try {
      return new Instance(file, Files.size(file), sopClass, uid);
    } catch (IOException e) {
      throw ImagingException.unreadable(file, e);
    }
  }

  private static String required(Part10Object object, int tag, String name) {
    return object
        .attributes()
        .string(tag)
        .orElseThrow(
            () ->
                ImagingException.damaged(
                    object.file(), "it has no " + name, "Do not send it, or correct it"));
  }

  /** One request holds an instance once, since the answer names instances and not files. */
  private void add(Instance instance) {
    boolean full =
        batch.size() >= limits.storeInstances()
            || bytes + instance.bytes() > mostBytes
            || uids.contains(instance.sopInstanceUid());
    if (full) {
      flush();
    }
    batch.add(instance);
    uids.add(instance.sopInstanceUid());
    bytes += instance.bytes();
  }

  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    List<Instance> instances = List.copyOf(batch);
    batch.clear();
    uids.clear();
    bytes = 0;
    deliver(instances);
  }

  /** Sends in halves what is too large for the service, down to one instance. */
  private void deliver(List<Instance> instances) {
    StoreAnswer answer = post(instances);
    if (answer.retry() == StoreAnswer.Retry.IN_HALVES && instances.size() > 1) {
      long sent = instances.stream().mapToLong(Instance::bytes).sum();
      mostBytes = Math.min(mostBytes, sent / 2); // so that later requests begin smaller
      int half = instances.size() / 2;
      deliver(instances.subList(0, half));
      deliver(instances.subList(half, instances.size()));
      return;
    }
    instances.forEach(instance -> outcome.accept(answer.outcome(instance)));
  }

  private StoreAnswer post(List<Instance> instances) {
    MultipartBody body;
    try {
      body = new MultipartBody(instances.stream().map(Instance::file).toList());
    } catch (ImagingException e) {
      return StoreAnswer.failed("nothing was sent: " + e.getMessage());
    }
    return post(body);
  }

  private StoreAnswer post(MultipartBody body) {
    URI uri = exchange.below("/studies");
    for (int attempt = 1; ; attempt++) {
      Progress progress = new Progress();
      Duration pause = Duration.ZERO;
      boolean last = attempt >= limits.attempts();
      try (Answer answer = exchange.send(request(uri, body, progress), progress)) {
        checkNotRedirected(answer);
        StoreAnswer read = StoreAnswer.of(answer);
        if (read.retry() != StoreAnswer.Retry.LATER || last) {
          return read;
        }
        pause = exchange.pauseFor(answer, attempt);
      } catch (IOException e) {
        if (last || progress.hasSent() || !Exchange.isBeforeConnection(e)) {
          return StoreAnswer.failed(broken(uri, e, progress, attempt));
        }
        pause = exchange.pauseAfter(attempt);
      }
      exchange.pause(uri, pause);
    }
  }

  private static HttpRequest.Builder request(URI uri, MultipartBody body, Progress progress) {
    return HttpRequest.newBuilder(uri)
        .header("Content-Type", body.contentType())
        .header("Accept", MediaType.JSON)
        .POST(body.publisher(progress));
  }

  private static void checkNotRedirected(Answer answer) {
    if (answer.status() >= 300 && answer.status() < 400) {
      throw NetworkException.failed(
          answer.where(),
          "the service redirects to '%s', which a store request does not follow"
              .formatted(Origin.shown(answer.header("Location").orElse(""))),
          "Give the address that it names");
    }
  }

  private String broken(URI uri, IOException e, Progress progress, int attempt) {
    String message = String.valueOf(exchange.failure(uri, e, attempt).getMessage());
    return progress.hasSent()
        ? message + " It may be stored; look before you send it again"
        : message;
  }
}
