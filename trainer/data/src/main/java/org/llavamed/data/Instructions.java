package org.llavamed.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Requests for a description, which turn a picture and its caption into a question and its answer:
 * 16 that ask for detail and 11 that ask for brevity. A caption of fewer than {@value #BRIEF_BELOW}
 * words is a brief answer, a longer one a detailed. Which request of a kind is taken follows from
 * the seed and the sample's id.
 */
public final class Instructions {
  /** Words from which on a caption is a detailed description. */
  public static final int BRIEF_BELOW = 30;

  private static final List<String> DETAILED = lines("instructions-detailed.txt");
  private static final List<String> BRIEF = lines("instructions-brief.txt");

  private Instructions() {}

  /** Returns the requests for a detailed description. */
  public static List<String> detailed() {
    return DETAILED;
  }

  /** Returns the requests for a brief description. */
  public static List<String> brief() {
    return BRIEF;
  }

  /** Returns whether a caption is short enough to answer a request for brevity. */
  public static boolean isBrief(String caption) {
    return caption.strip().split("\\s+").length < BRIEF_BELOW;
  }

  /** Returns the request that a caption answers. */
  public static String of(String caption, long seed, String id) {
    List<String> kind = isBrief(caption) ? BRIEF : DETAILED;
    return kind.get(Chance.of("instruction", seed, id).below(kind.size()));
  }

  private static List<String> lines(String resource) {
    try (InputStream in = Instructions.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("The bundle lacks its resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("The resource " + resource + " cannot be read", e);
    }
  }
}
