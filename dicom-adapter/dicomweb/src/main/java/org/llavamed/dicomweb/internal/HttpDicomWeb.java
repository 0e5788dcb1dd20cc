package org.llavamed.dicomweb.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.llavamed.network.DicomWeb;
import org.llavamed.network.NetworkException;
import org.llavamed.network.WebDataSet;
import org.llavamed.network.WebFile;
import org.llavamed.network.WebPeer;
import org.llavamed.network.WebQuery;
import org.llavamed.network.WebResource;
import org.llavamed.network.WebRetrieval;
import org.llavamed.network.WebStoreOutcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** DICOMweb on the HTTP client of the Java runtime. */
@Component
public final class HttpDicomWeb implements DicomWeb {
  private final Pauses pauses;
  private final Tokens tokens;

  /** Makes a client. */
  @Activate
  public HttpDicomWeb() {
    this(
        new Pauses(
            InstantSource.system(),
            () -> ThreadLocalRandom.current().nextDouble(),
            time -> Thread.sleep(time.toMillis())));
  }

  HttpDicomWeb(Pauses pauses) {
    this.pauses = pauses;
    this.tokens = new Tokens(pauses.clock());
  }

  private Exchange with(WebPeer peer) {
    return new Exchange(peer, tokens, pauses);
  }

  @Override
  public void find(WebPeer peer, WebQuery query, Consumer<WebDataSet> match) {
    new Search(with(peer), query, match).run();
  }

  @Override
  public WebRetrieval retrieve(WebPeer peer, WebResource what, Path folder) {
    return new Retrieval(with(peer), folder).objects(what);
  }

  @Override
  public void metadata(WebPeer peer, WebResource what, Consumer<WebDataSet> each) {
    Exchange exchange = with(peer);
    long[] count = {0};
    exchange.get(
        exchange.below(what.path() + "/metadata"),
        MediaType.JSON,
        answer -> {
          try {
            DataSets.read(
                answer,
                peer.limits().objects(),
                dataSet -> {
                  count[0]++;
                  each.accept(dataSet);
                  return true;
                });
          } catch (IOException e) {
            if (count[0] > 0) { // what was handed over is not taken back
              throw exchange.failure(answer.uri(), e, 1);
            }
            throw e;
          }
          return count[0];
        });
  }

  @Override
  public List<WebFile> frames(
      WebPeer peer, WebResource instance, List<Integer> numbers, Path folder) {
    checkInstance(instance);
    if (numbers.isEmpty() || numbers.stream().anyMatch(number -> number < 1)) {
      throw new IllegalArgumentException(
          "frames %s are asked for, expected one or more, from 1".formatted(numbers));
    }
    return new Retrieval(with(peer), folder).frames(instance, numbers);
  }

  @Override
  public WebFile bulkData(WebPeer peer, URI uri, Path file) {
    Path whole = file.toAbsolutePath();
    Path folder = Optional.ofNullable(whole.getParent()).orElse(whole);
    URI base = URI.create(peer.base() + "/");
    return new Retrieval(with(peer), folder).bulkData(base.resolve(uri), whole);
  }

  @Override
  public WebFile rendered(WebPeer peer, WebResource instance, int frame, Path folder) {
    checkInstance(instance);
    return new Retrieval(with(peer), folder).rendered(instance, frame);
  }

  @Override
  public void store(WebPeer peer, List<Path> files, Consumer<WebStoreOutcome> outcome) {
    new Store(with(peer), outcome).send(files);
  }

  private static void checkInstance(WebResource instance) {
    if (instance.instance().isEmpty()) {
      throw NetworkException.failed(
          instance.path(), "this is no instance", "Name study, series and instance");
    }
  }
}
