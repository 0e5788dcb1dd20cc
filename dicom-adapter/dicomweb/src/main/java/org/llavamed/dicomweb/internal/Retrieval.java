package org.llavamed.dicomweb.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.NetworkException;
import org.llavamed.network.WebFile;
import org.llavamed.network.WebLimits;
import org.llavamed.network.WebResource;
import org.llavamed.network.WebRetrieval;

/** Fetches objects and parts of them by WADO-RS (PS3.18 section 10.4) to files. */
final class Retrieval {
  private static final String ANY = "; transfer-syntax=*";
  private static final String FRAME = "application/octet-stream, an image or a video";
  private static final int PARTIAL = 206;
  private static final Map<String, String> SUFFIXES =
      Map.of(
          "image/jpeg", "jpg",
          "image/png", "png",
          "image/gif", "gif",
          "image/jp2", "jp2",
          "image/jphc", "jph",
          "image/jls", "jls",
          "image/dicom-rle", "rle",
          "video/mp4", "mp4",
          "video/mpeg", "mpg");

  private final Exchange exchange;
  private final WebLimits limits;
  private final Path folder;
  private final Part10Reader reader = new Part10Reader();

  Retrieval(Exchange exchange, Path folder) {
    this.exchange = exchange;
    this.limits = exchange.peer().limits();
    this.folder = WebFiles.folder(folder);
  }

  /** Fetches objects. */
  WebRetrieval objects(WebResource what) {
    String accept = multipart(MediaType.DICOM) + ANY;
    return exchange.get(exchange.below(what.path()), accept, answer -> objects(answer, what));
  }

  private static String multipart(String type) {
    return "multipart/related; type=\"%s\"".formatted(type);
  }

  private WebRetrieval objects(Answer answer, WebResource what) throws IOException {
    Set<Path> files = new LinkedHashSet<>();
    if (answer.type().is(MediaType.DICOM)) {
      files.add(object(answer.body(), answer.where(), what));
    } else if (answer.type().is(MediaType.MULTIPART)) {
      MultipartReader parts = parts(answer);
      for (var part = parts.next(); part != null; part = parts.next()) {
        if (!part.type().is(MediaType.DICOM, "")) {
          throw unexpected(answer, part, MediaType.DICOM);
        }
        files.add(object(part, answer.where() + ", part " + part.number(), what));
      }
    } else if (answer.status() != 204) {
      throw answer.unexpected(MediaType.DICOM);
    }
    return new WebRetrieval(
        List.copyOf(files),
        answer.status() == PARTIAL
            ? "%s: the service says that it did not give all (HTTP status 206)."
                .formatted(answer.where())
            : "");
  }

  private MultipartReader parts(Answer answer) {
    return new MultipartReader(
        answer.body(),
        answer.type(),
        new MultipartReader.Limits(limits.objects(), limits.objectBytes()),
        answer.where());
  }

  private static NetworkException unexpected(
      Answer answer, MultipartReader.Part part, String expected) {
    return NetworkException.failed(
        answer.where(),
        "part %d is %s, expected %s".formatted(part.number(), part.type().words(), expected),
        "Report this to those who run the service");
  }

  private Path object(InputStream body, String where, WebResource what) throws IOException {
    Path part = WebFiles.write(body, folder, limits.objectBytes(), where);
    String uid;
    try {
      uid = checked(reader.read(part).attributes(), where, what);
    } catch (ImagingException e) {
      WebFiles.discard(part);
      throw NetworkException.failed(
          where, "no sound DICOM object came (%s)".formatted(plain(e)), "Fetch it again", e);
    } catch (NetworkException e) {
      WebFiles.discard(part);
      throw e;
    }
    return WebFiles.finish(part, folder.resolve(uid + ".dcm"));
  }

  /** Returns the SOP Instance UID, if the object is one that was asked for. */
  private static String checked(DataSet object, String where, WebResource what) {
    String study = object.string(Tag.StudyInstanceUID).orElse("");
    String series = object.string(Tag.SeriesInstanceUID).orElse("");
    String instance = object.string(Tag.SOPInstanceUID).orElse("");
    boolean asked =
        what.study().equals(study)
            && what.series().orElse(series).equals(series)
            && what.instance().orElse(instance).equals(instance);
    if (!asked || !instance.matches("[0-9][0-9.]{0,63}")) {
      throw NetworkException.failed(
          where,
          "study '%s', series '%s', instance '%s' came, which was not asked for"
              .formatted(study, series, instance),
          "Report this to those who run the service");
    }
    return instance;
  }

  private static String plain(ImagingException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\.$", "");
  }

  /** Fetches frames. */
  List<WebFile> frames(WebResource instance, List<Integer> numbers) {
    StringBuilder path = new StringBuilder(instance.path()).append("/frames/");
    numbers.forEach(number -> path.append(number).append(','));
    path.setLength(path.length() - 1);
    URI uri = exchange.below(path.toString());
    String name = instance.instance().orElseThrow();
    return exchange.get(
        uri, multipart(MediaType.OCTETS) + ANY, answer -> frames(answer, name, numbers));
  }

  private List<WebFile> frames(Answer answer, String name, List<Integer> numbers)
      throws IOException {
    List<WebFile> files = new ArrayList<>();
    if (!answer.type().is(MediaType.MULTIPART)) {
      if (numbers.size() != 1 || !isFrame(answer.type())) {
        throw answer.unexpected(numbers.size() == 1 ? FRAME : MediaType.MULTIPART);
      }
      Path part = WebFiles.write(answer.body(), folder, limits.objectBytes(), answer.where());
      return List.of(finish(part, answer.type(), name + "." + numbers.get(0)));
    }
    MultipartReader parts = parts(answer);
    for (var part = parts.next(); part != null; part = parts.next()) {
      if (files.size() == numbers.size()) {
        throw count(answer, files.size() + 1, numbers.size());
      }
      if (!isFrame(part.type()) && !part.type().is("")) {
        throw unexpected(answer, part, FRAME);
      }
      Path file = WebFiles.write(part, folder, limits.objectBytes(), answer.where());
      files.add(finish(file, part.type(), name + "." + numbers.get(files.size())));
    }
    if (files.size() < numbers.size()) {
      throw count(answer, files.size(), numbers.size());
    }
    return List.copyOf(files);
  }

  /** A page that asks to log in comes with status 200, and is no frame. */
  private static boolean isFrame(MediaType type) {
    return type.is(MediaType.OCTETS) || type.name().matches("(image|video)/.*");
  }

  private static NetworkException count(Answer answer, int found, int expected) {
    return NetworkException.failed(
        answer.where(),
        "%d or more frames came, expected %d".formatted(found, expected),
        "Ask for frames that the object has");
  }

  private WebFile finish(Path part, MediaType type, String name) {
    String suffix = SUFFIXES.getOrDefault(type.name(), "raw");
    Path file = WebFiles.finish(part, folder.resolve(name + "." + suffix));
    String usual = type.is(MediaType.OCTETS) ? Uids.ExplicitVRLittleEndian : "";
    String syntax = type.parameter("transfer-syntax");
    return new WebFile(file, type.name(), syntax.isEmpty() ? usual : syntax);
  }

  /** Fetches a rendered picture. */
  WebFile rendered(WebResource instance, int frame) {
    String uid = instance.instance().orElseThrow();
    String path = instance.path() + (frame == 0 ? "" : "/frames/" + frame) + "/rendered";
    return exchange.get(
        exchange.below(path),
        "image/png", // Orthanc refuses a list; every service has PNG (section 8.7.4)
        answer -> {
          if (!answer.type().is("image/png", "image/jpeg")) {
            throw answer.unexpected("image/png or image/jpeg");
          }
          Path part = WebFiles.write(answer.body(), folder, limits.objectBytes(), answer.where());
          return finish(part, answer.type(), uid + (frame == 0 ? "" : "." + frame));
        });
  }

  /** Fetches bulk data to a file of the folder. */
  WebFile bulkData(URI uri, Path file) {
    String accept = multipart(MediaType.OCTETS) + ANY + ", " + MediaType.OCTETS + ";q=0.5";
    return exchange.get(uri, accept, answer -> bulkData(answer, file));
  }

  private WebFile bulkData(Answer answer, Path file) throws IOException {
    MediaType type = answer.type();
    if (type.is("text/html")) {
      throw answer.unexpected(MediaType.OCTETS);
    }
    Path part;
    if (type.is(MediaType.MULTIPART)) {
      MultipartReader parts = parts(answer);
      var first = parts.next();
      if (first == null) {
        throw answer.unexpected("one part");
      }
      type = first.type();
      part = WebFiles.write(first, folder, limits.objectBytes(), answer.where());
      if (parts.next() != null) {
        WebFiles.discard(part);
        throw answer.unexpected("one part, but it has more");
      }
    } else {
      part = WebFiles.write(answer.body(), folder, limits.objectBytes(), answer.where());
    }
    return new WebFile(WebFiles.finish(part, file), type.name(), type.parameter("transfer-syntax"));
  }
}
