package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.llavamed.model.internal.VerifiedFiles.Stamp;

/**
 * Copies of large graphs with their weights as ONNX Runtime packs them for this processor. Weights
 * that lie in such a file are mapped: they are shared between processes, and the system may drop
 * and read them again, where packed ones would be memory of the process. A copy is about twice as
 * large as the graph and good for one version of ONNX Runtime on one kind of processor: others are
 * made beside it. A copy is used only where it gives the same numbers as the graph.
 */
final class PrepackedCache {
  /** Least bytes of a graph's weights. */
  static final long LARGE = 500_000_000;

  private static final Logger LOG = System.getLogger("org.llavamed.model");
  private static final String GRAPH = "graph.onnx";
  private static final String WEIGHTS = "graph.onnx_data";

  /**
   * Least bytes of a weight that is saved packed. ONNX Runtime begins weights of this size on a
   * page of the file and smaller ones anywhere, while its kernels for 4 and 8 bits lay out what
   * they pack by the address that it has: a packed weight that is mapped to an address of another
   * alignment gives other numbers.
   */
  private static final long LEAST_WEIGHT = 1L << 20;

  private static final String COMPLETE = "complete.json";
  private static final String REJECTED = "rejected";
  private static final String HALF = ".half-";
  private static final String LOCK = ".lock";
  private static final String IN_USE =
      "{0} is written by another program now: a graph is loaded without packed weights";
  private static final int KEY = 16;

  /** One copy is made at a time. */
  private static final Object MAKING = new Object();

  /** Room on the disk, in sizes of the graph. */
  private static final double ROOM = 2.5;

  private final Path folder;
  private final String environment;
  private final long large;

  /** What loads graphs. */
  interface Maker {
    /** Loads a graph, which writes what the options say. */
    void make(Path graph, Sessions.Change change) throws OrtException;

    /** Returns what a graph makes of numbers that are always the same. */
    FloatBuffer probe(Path graph) throws OrtException;
  }

  /**
   * Uses a folder, which need not exist.
   *
   * @param version of ONNX Runtime
   * @param features of the processor
   */
  PrepackedCache(Path folder, String version, List<String> features) {
    this(folder, version, features, LARGE);
  }

  /**
   * Uses a folder, which need not exist.
   *
   * @param large least bytes of a graph that is copied
   */
  PrepackedCache(Path folder, String version, List<String> features, long large) {
    this.folder = folder;
    this.environment = "ort" + version + "-" + hash(String.join(" ", features));
    this.large = large;
  }

  /** Returns the copy of a graph where there is a whole one. */
  Optional<Path> find(ModelFolder model, String name) {
    Path place = place(model, name);
    try {
      Path complete = place.resolve(COMPLETE);
      if (Files.isRegularFile(complete)) {
        Stamp stamp = JsonMapper.builder().build().readValue(complete.toFile(), Stamp.class);
        if (Stamp.of(place.resolve(WEIGHTS)).equals(stamp)) { // "null" is read as null
          return Optional.of(place.resolve(GRAPH));
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "{0} is made anew, since it cannot be read: {1}", place, e);
    }
    return Optional.empty();
  }

  /**
   * Returns the copy of a graph, made where it has to be; absent where the graph is small or a copy
   * cannot be made, which is logged.
   */
  Optional<Path> prepare(ModelFolder model, String name, Maker maker) {
    long bytes = model.weightBytes(name);
    if (bytes < large) {
      return Optional.empty();
    }
    Optional<Path> found = find(model, name);
    if (found.isPresent() || Files.exists(place(model, name).resolve(REJECTED))) {
      return found;
    }
    try {
      Files.createDirectories(folder);
      if (hasRoom(bytes)) {
        makeAlone(model, name, maker);
      }
    } catch (IOException | OrtException e) {
      LOG.log(Level.WARNING, "{0} keeps no packed weights: {1}", folder, e);
    }
    return find(model, name);
  }

  private boolean hasRoom(long bytes) {
    long room = folder.toFile().getUsableSpace();
    if (room >= ROOM * bytes) {
      return true;
    }
    LOG.log(
        Level.WARNING,
        "{0} keeps no packed weights: {1} are free, about {2} are needed. Free some, or set"
            + " prepackedCache=off in conf/org.llavamed.model.cfg",
        folder,
        MemoryNeed.gigabytes(room),
        MemoryNeed.gigabytes((long) (ROOM * bytes)));
    return false;
  }

  /** Makes a copy where no other program makes one in this folder. */
  private void makeAlone(ModelFolder model, String name, Maker maker)
      throws IOException, OrtException {
    synchronized (MAKING) {
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock == null) {
          LOG.log(Level.INFO, IN_USE, folder);
        } else if (find(model, name).isEmpty()) {
          deleteAll(other -> other.startsWith(HALF)); // programs that were killed left them
          make(model, name, maker);
        }
      } catch (OverlappingFileLockException e) {
        LOG.log(Level.INFO, IN_USE, folder);
      }
    }
  }

  private void make(ModelFolder model, String name, Maker maker) throws IOException, OrtException {
    Path half = Files.createTempDirectory(folder, HALF);
    try {
      maker.make(model.file(name), options -> saveTo(half, options));
      if (!Files.isRegularFile(half.resolve(WEIGHTS))) {
        throw new IOException("ONNX Runtime wrote no packed weights of " + name);
      }
      if (maker.probe(half.resolve(GRAPH)).equals(maker.probe(model.file(name)))) {
        JsonMapper.builder()
            .build()
            .writeValue(half.resolve(COMPLETE).toFile(), Stamp.of(half.resolve(WEIGHTS)));
      } else {
        reject(model.file(name), half);
      }
      Path place = place(model, name);
      delete(place);
      Files.move(half, place, StandardCopyOption.ATOMIC_MOVE);
      deleteOld(place);
    } finally {
      delete(half);
    }
  }

  /** Keeps no more of a copy than that it is of no use, so that it is not made again. */
  private static void reject(Path graph, Path half) throws IOException {
    LOG.log(
        Level.WARNING,
        "{0} is loaded without packed weights: as ONNX Runtime saves them they give other numbers",
        graph);
    Files.delete(half.resolve(GRAPH));
    Files.delete(half.resolve(WEIGHTS));
    Files.createFile(half.resolve(REJECTED));
  }

  private static void saveTo(Path place, SessionOptions options) throws OrtException {
    options.setOptimizedModelFilePath(place.resolve(GRAPH).toString());
    options.addConfigEntry("session.save_external_prepacked_constant_initializers", "1");
    options.addConfigEntry("session.optimized_model_external_initializers_file_name", WEIGHTS);
    options.addConfigEntry(
        "session.optimized_model_external_initializers_min_size_in_bytes",
        String.valueOf(LEAST_WEIGHT));
  }

  /** Deletes the copies of the same graph that another version of ONNX Runtime made. */
  private void deleteOld(Path place) throws IOException {
    String own = place.getFileName().toString();
    String content = own.substring(0, KEY + 1);
    String version = environment.substring(0, environment.indexOf('-') + 1);
    deleteAll(other -> other.startsWith(content) && !other.startsWith(content + version));
  }

  private void deleteAll(Predicate<String> names) throws IOException {
    List<Path> found;
    try (Stream<Path> places = Files.list(folder)) {
      found = places.filter(place -> names.test(place.getFileName().toString())).toList();
    }
    for (Path place : found) {
      delete(place);
    }
  }

  private Path place(ModelFolder model, String name) {
    var files = model.description().files();
    String content = hash(files.get(name) + files.getOrDefault(name + "_data", ""));
    return folder.resolve(content + "-" + environment);
  }

  private static String hash(String text) {
    return Hashes.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)).substring(0, KEY);
  }

  private static void delete(Path place) throws IOException {
    if (!Files.exists(place)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(place)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
