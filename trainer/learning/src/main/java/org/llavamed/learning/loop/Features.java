package org.llavamed.learning.loop;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.loop.FeatureCache.Kind;
import org.llavamed.learning.model.Llava;
import org.llavamed.learning.model.Part;

/**
 * What a frozen tower makes of pictures: computed once, then read from the disk. Each picture is
 * computed alone, since what it is computed with could change its last digits, and a run that goes
 * on would not be the same.
 */
final class Features implements AutoCloseable {
  private final Engine engine;
  private final Llava model;
  private final PictureStore pictures;
  private final FeatureCache cache;
  private final Kind kind;
  private final Map<Path, String> hashes = new HashMap<>();

  private Features(
      Engine engine, Llava model, PictureStore pictures, FeatureCache cache, Kind kind) {
    this.engine = engine;
    this.model = model;
    this.pictures = pictures;
    this.cache = cache;
    this.kind = kind;
  }

  /**
   * Opens the features of a model's tower.
   *
   * @param folder that keeps them
   * @param process from 0; each has a file of its own
   * @param precision of the computation
   */
  static Features open(
      Engine engine,
      Llava model,
      PictureStore pictures,
      Path folder,
      int process,
      String precision) {
    MessageDigest digest = Hashes.sha256();
    model.parameters().of(Part.TOWER).forEach((name, tensor) -> Hashes.add(digest, name, tensor));
    String tower = "%s %s %s".formatted(Hashes.hex(digest), precision, model.config().vision());
    var kind = new Kind(tower, model.config().vision().tokens(), model.config().vision().hidden());
    FeatureCache cache = FeatureCache.open(folder, "features-" + process, kind);
    return new Features(engine, model, pictures, cache, kind);
  }

  /** Returns the features of pictures, [N, G, V]. */
  Tensor of(List<Path> files) {
    return engine.scoped(() -> engine.cat(0, files.stream().map(this::of).toList()));
  }

  private Tensor of(Path file) {
    String hash = hashes.computeIfAbsent(file, this::hash);
    ByteBuffer features = cache.find(hash).orElseGet(() -> compute(file, hash));
    return engine.tensor(DType.F32, features, 1, kind.positions(), kind.width());
  }

  private ByteBuffer compute(Path file, String hash) {
    ByteBuffer features = ByteBuffer.allocateDirect(kind.bytes());
    engine.inScope(
        () -> {
          int side = pictures.preparation().side();
          Tensor pixels = engine.floats(pixels(file), 1, 3, side, side);
          model.features(pixels).to(DType.F32).read(0, features);
          return Optional.empty();
        });
    cache.put(hash, features.flip());
    return features;
  }

  private String hash(Path file) {
    FloatBuffer pixels = pixels(file);
    ByteBuffer bytes =
        ByteBuffer.allocate(pixels.remaining() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(pixels);
    return Hashes.of(bytes);
  }

  private FloatBuffer pixels(Path file) {
    return pictures.preparation().prepare(pictures.square(file)).values();
  }

  @Override
  public void close() {
    cache.close();
  }
}
