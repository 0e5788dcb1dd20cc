package org.llavamed.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Text;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PictureReader;
import org.llavamed.inference.Progress;

/**
 * Reads every picture once before training, so that missing and broken ones are known. What was
 * found is kept in a folder and holds as long as no picture is added, taken away or changed, by its
 * size and time; so of several processes, and when a run goes on, one looks for all.
 */
public final class PictureCheck {
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(10).build())
              .build());

  private final PictureReader reader;
  private final Path findings;

  /**
   * Takes what reads.
   *
   * @param reader is called by several threads
   * @param findings folder that keeps what was found; made where it is not there
   */
  public PictureCheck(PictureReader reader, Path findings) {
    this.reader = reader;
    this.findings = findings;
  }

  /**
   * Returns why pictures cannot be used, by their names; nothing of those that can.
   *
   * @throws DataException if a name leads out of the folder, or the findings cannot be read or kept
   */
  public Map<String, String> broken(
      PictureFolder folder, Collection<String> names, Progress progress) {
    List<String> sorted = names.stream().distinct().sorted().toList();
    Path file = findings.resolve("pictures-" + state(folder, sorted) + ".json");
    if (Files.exists(file)) {
      return read(file);
    }
    SortedMap<String, String> broken = look(folder, sorted, progress);
    write(file, sorted.size(), broken);
    return broken;
  }

  private static String state(PictureFolder folder, List<String> names) {
    MessageDigest digest = Hashes.sha256();
    for (String name : names) {
      Path file = folder.file(name);
      Hashes.update(digest, file);
      Hashes.update(digest, PictureFolder.state(file).orElse("missing"));
    }
    return Hashes.hex(digest.digest()).substring(0, 32);
  }

  private SortedMap<String, String> look(
      PictureFolder folder, List<String> names, Progress progress) {
    SortedMap<String, String> broken = new ConcurrentSkipListMap<>();
    AtomicLong done = new AtomicLong();
    names.parallelStream()
        .forEach(
            name -> {
              try {
                reader.read(folder.file(name));
              } catch (ImagingException e) {
                broken.put(name, why(folder, name, e));
              }
              synchronized (progress) {
                progress.at("looking at pictures", done.incrementAndGet(), names.size());
              }
            });
    return broken;
  }

  private static String why(PictureFolder folder, String name, ImagingException e) {
    return folder
        .failure(name)
        .orElseGet(
            () -> Text.without(folder.file(name).toString(), String.valueOf(e.getMessage())));
  }

  private static Map<String, String> read(Path file) {
    try {
      Map<String, String> broken = new TreeMap<>();
      JSON.readTree(file.toFile())
          .path("broken")
          .properties()
          .forEach(entry -> broken.put(entry.getKey(), entry.getValue().asText()));
      return broken;
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private void write(Path file, int checked, Map<String, String> broken) {
    ObjectNode json = JSON.createObjectNode();
    json.put("mark", ResearchMark.NOTICE);
    json.put("checked", checked);
    json.set("broken", JSON.<JsonNode>valueToTree(broken));
    try {
      Files.createDirectories(findings);
    } catch (IOException e) {
      throw DataException.unwritable(findings, e);
    }
    WholeFile.write(
        file, part -> JSON.writerWithDefaultPrettyPrinter().writeValue(part.toFile(), json));
  }
}
