package org.llavamed.dicom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The registries of PS3.6: data elements and unique identifiers. Immutable, read once from the
 * tables of the bundle.
 */
public final class Dictionary {
  /**
   * A data element of PS3.6.
   *
   * @param tag the tag; of a repeating group the one that was asked for
   * @param vr the value representation; of several the one that implicit coding takes: US of US, SS
   *     and OW, OW of OB and OW
   * @param vrs all value representations that the standard allows
   * @param vm the value multiplicity, as in the standard, for example {@code 1-n}
   * @param keyword for example {@code PatientName}
   * @param name for example {@code Patient's Name}
   * @param retired whether the standard has retired it
   * @param signDependent whether values are US or SS by Pixel Representation (0028,0103)
   */
  public record Entry(
      int tag,
      Vr vr,
      List<Vr> vrs,
      String vm,
      String keyword,
      String name,
      boolean retired,
      boolean signDependent) {
    public Entry {
      vrs = List.copyOf(vrs);
    }
  }

  /**
   * A unique identifier of PS3.6 annex A.
   *
   * @param uid the identifier
   * @param name for example {@code CT Image Storage}
   * @param type for example {@code SOP Class} or {@code Transfer Syntax}
   * @param keyword for example {@code CTImageStorage}
   */
  public record Uid(String uid, String name, String type, String keyword) {}

  private record Mask(int mask, int bits, Entry entry) {}

  private static final Map<Integer, Entry> ELEMENTS = new HashMap<>(8192);
  private static final Map<String, Entry> KEYWORDS = new HashMap<>(8192);
  private static final List<Mask> REPEATING = new ArrayList<>();
  private static final Map<String, Uid> UIDS = new HashMap<>(1024);
  private static final List<Uid> CURRENT_UIDS = new ArrayList<>();

  static {
    load("elements.tsv", Dictionary::element);
    load("uids.tsv", Dictionary::identifier);
  }

  private Dictionary() {}

  private static void element(String[] row) {
    String pattern = row[0];
    Vr vr = row[1].equals("OB or OW") ? Vr.OW : Vr.of(row[1].substring(0, 2)).orElse(Vr.UN);
    int tag = Integer.parseUnsignedInt(pattern.replace('x', '0'), 16);
    Entry entry =
        new Entry(
            tag,
            vr,
            representations(row[1]),
            row[2],
            row[3],
            row[4],
            !row[5].isEmpty(),
            row[1].startsWith("US or SS"));
    if (pattern.indexOf('x') < 0) {
      ELEMENTS.put(tag, entry);
      KEYWORDS.put(row[3], entry);
      return;
    }
    int mask = 0;
    for (int i = 0; i < 8; i++) {
      mask = mask << 4 | (pattern.charAt(i) == 'x' ? 0 : 0xF);
    }
    REPEATING.add(new Mask(mask, tag, entry));
  }

  private static List<Vr> representations(String text) {
    return Stream.of(text.split(" or ", -1)).map(name -> Vr.of(name).orElse(Vr.UN)).toList();
  }

  private static void identifier(String[] row) {
    Uid uid = new Uid(row[0], row[1], row[2], row[3]);
    UIDS.put(row[0], uid);
    if (row[4].isEmpty()) {
      CURRENT_UIDS.add(uid);
    }
  }

  private static void load(String table, Consumer<String[]> row) {
    try (InputStream stream = Dictionary.class.getResourceAsStream(table)) {
      if (stream == null) {
        throw new IllegalStateException(table + " is missing in the bundle; build it again");
      }
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      reader.lines().skip(1).forEach(line -> row.accept(line.split("\t", -1)));
    } catch (IOException e) {
      throw new UncheckedIOException(table + " in the bundle cannot be read; build it again", e);
    }
  }

  /** Returns the entry of a standard data element; empty for private and unknown tags. */
  public static Optional<Entry> entry(int tag) {
    Entry entry = ELEMENTS.get(tag);
    return entry != null ? Optional.of(entry) : repeating(tag);
  }

  private static Optional<Entry> repeating(int tag) {
    if (isPrivate(tag)) {
      return Optional.empty();
    }
    return REPEATING.stream()
        .filter(mask -> (tag & mask.mask()) == mask.bits())
        .map(Mask::entry)
        .map(
            e ->
                new Entry(
                    tag,
                    e.vr(),
                    e.vrs(),
                    e.vm(),
                    e.keyword(),
                    e.name(),
                    e.retired(),
                    e.signDependent()))
        .findFirst();
  }

  /** Returns the entry with this keyword; repeating groups are not found. */
  public static Optional<Entry> byKeyword(String keyword) {
    return Optional.ofNullable(KEYWORDS.get(keyword));
  }

  /**
   * Returns the value representation of a tag where the data set does not say it: UL for group
   * lengths, LO for private creators, UN for other private and unknown tags.
   */
  public static Vr vr(int tag) {
    Entry entry = ELEMENTS.get(tag);
    if (entry != null) {
      return entry.vr();
    }
    if ((tag & 0xFFFF) == 0) {
      return Vr.UL;
    }
    if (isPrivate(tag)) {
      int element = tag & 0xFFFF;
      return element >= 0x10 && element <= 0xFF ? Vr.LO : Vr.UN;
    }
    return repeating(tag).map(Entry::vr).orElse(Vr.UN);
  }

  /** Returns the registered identifier; empty where it is not registered. */
  public static Optional<Uid> uid(String uid) {
    return Optional.ofNullable(UIDS.get(uid));
  }

  /** Returns the identifiers of a type that are not retired, for example {@code SOP Class}. */
  public static List<Uid> currentUids(String type) {
    return CURRENT_UIDS.stream().filter(uid -> uid.type().equals(type)).toList();
  }

  /** Returns a name for people, for example {@code Series Description (0008,103E)}. */
  public static String describe(int tag) {
    String number = text(tag);
    return entry(tag).map(entry -> entry.name() + " " + number).orElse(number);
  }

  /** Returns whether the group is odd. */
  static boolean isPrivate(int tag) {
    return (tag & 0x10000) != 0;
  }

  /** Returns the form {@code (0008,103E)}. */
  static String text(int tag) {
    return "(%04X,%04X)".formatted(tag >>> 16, tag & 0xFFFF);
  }
}
