package org.llavamed.evaluation.internal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import org.llavamed.data.VqaQuestion;
import org.llavamed.imaging.Picture;

/**
 * The pictures that a model is shown: those of the questions, and those of the controls. Equal
 * questions always give equal pictures.
 */
final class Sights {
  /** Side of made pictures, in pixels: a square tells nothing of the true picture's shape. */
  private static final int SIDE = 336;

  /** Squares of noise along a side: finer noise is grey to a model that makes pictures small. */
  private static final int SQUARES = 14;

  private static final int CHANNELS = 3;

  /** The mean colour of the pictures that CLIP was trained on, R, G, B: the tower's zero. */
  private static final byte[] GREY = {123, 117, 104};

  private static final long SEED = 1;

  private final Map<String, Path> files = new TreeMap<>();
  private final Function<Path, Picture> reader;

  /**
   * Takes the pictures of questions.
   *
   * @param reader reads a picture's file
   */
  Sights(List<VqaQuestion> questions, Function<Path, Picture> reader) {
    this.reader = reader;
    questions.forEach(one -> files.put(one.pictureId(), one.picture()));
  }

  /** Returns how many pictures there are. */
  int pictures() {
    return files.size();
  }

  /** Shows each question its picture. */
  Sight own() {
    return sight(VqaQuestion::pictureId, this::read, this::hash);
  }

  /**
   * Shows what a control shows.
   *
   * @param control one that needs a model
   */
  Sight of(Control control) {
    return switch (control) {
      case BLANK -> made(question -> "blank", name -> blank());
      case NOISE -> made(VqaQuestion::pictureId, Sights::noise);
      case OTHER_PICTURE -> {
        Map<String, String> others = others();
        yield sight(
            question -> others.getOrDefault(question.pictureId(), ""), this::read, this::hash);
      }
      case MOST_FREQUENT,
          MOST_FREQUENT_BY_TYPE,
          NEAREST_QUESTION,
          NEAREST_QUESTION_SAME_PICTURE,
          CONSTANT ->
          throw new IllegalArgumentException(control + " needs no model");
    };
  }

  private Picture read(String name) {
    return reader.apply(file(name));
  }

  private String hash(String name) {
    return PictureHash.of(file(name));
  }

  private Path file(String name) {
    return files.getOrDefault(name, Path.of(name));
  }

  /** Deals the pictures in a ring, in random order, and gives each the next one. */
  private Map<String, String> others() {
    List<String> ring = new ArrayList<>(files.keySet());
    Collections.shuffle(ring, new Random(SEED));
    Map<String, String> others = new HashMap<>();
    for (int i = 0; i < ring.size(); i++) {
      others.put(ring.get(i), ring.get((i + 1) % ring.size()));
    }
    return others;
  }

  private static Picture blank() {
    byte[] pixels = new byte[SIDE * SIDE * CHANNELS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = GREY[i % CHANNELS];
    }
    return picture(pixels);
  }

  private static Picture noise(String name) {
    byte[] colours = new byte[SQUARES * SQUARES * CHANNELS];
    new SplittableRandom(SEED + name.hashCode()).nextBytes(colours);
    byte[] pixels = new byte[SIDE * SIDE * CHANNELS];
    for (int i = 0; i < pixels.length; i++) {
      int x = i / CHANNELS % SIDE * SQUARES / SIDE;
      int y = i / CHANNELS / SIDE * SQUARES / SIDE;
      pixels[i] = colours[(y * SQUARES + x) * CHANNELS + i % CHANNELS];
    }
    return picture(pixels);
  }

  private static Picture picture(byte[] pixels) {
    return new Picture(SIDE, SIDE, CHANNELS, ByteBuffer.wrap(pixels));
  }

  private static Sight made(Function<VqaQuestion, String> name, Function<String, Picture> picture) {
    return sight(name, picture, shown -> PictureHash.of(picture.apply(shown)));
  }

  private static Sight sight(
      Function<VqaQuestion, String> name,
      Function<String, Picture> picture,
      Function<String, String> hash) {
    Map<String, String> hashes = new HashMap<>();
    return new Sight() {
      @Override
      public String name(VqaQuestion question) {
        return name.apply(question);
      }

      @Override
      public Picture picture(String shown) {
        return picture.apply(shown);
      }

      @Override
      public String hash(VqaQuestion question) {
        return hashes.computeIfAbsent(name(question), hash);
      }
    };
  }
}
