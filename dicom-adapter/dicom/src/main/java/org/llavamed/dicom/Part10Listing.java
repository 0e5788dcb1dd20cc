package org.llavamed.dicom;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectListing;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Lists what {@link Part10Reader} reads. Without state, safe for use by several threads. */
@Component(service = ObjectListing.class)
public final class Part10Listing implements ObjectListing {
  private static final int LONGEST = 64;
  private static final int MOST_BYTES = 16;
  private static final int NO_LENGTH = -1;
  private static final Pattern TAG = Pattern.compile("\\(?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})\\)?");

  /** A whole listing takes some twenty times its bytes as text on its way to a terminal. */
  private static final int MEMORY_SHARE = 64;

  private final Part10Reader reader;
  private final long mostBytes;

  /** Makes a listing. */
  @Activate
  public Part10Listing() {
    this(Runtime.getRuntime().maxMemory() / MEMORY_SHARE);
  }

  Part10Listing(long mostBytes) {
    this.reader = new Part10Reader();
    this.mostBytes = mostBytes;
  }

  @Override
  public void list(Path file, boolean whole, Consumer<Line> sink) {
    Part10Object object = reader.read(file);
    if (whole) {
      checkLength(file, object.attributes(), mostBytes);
    }
    Walk walk = new Walk(whole, sink);
    walk.list(object.fileMeta(), 0, null);
    walk.list(object.attributes(), 0, object.storedPixels());
  }

  /** Returns what is left of the bytes that may be listed. */
  private long checkLength(Path file, DataSet dataSet, long most) {
    long left = most;
    for (Map.Entry<Integer, Element> entry : dataSet.entries()) {
      left -= entry.getValue().bytes().remaining();
      if (left < 0) {
        throw ImagingException.unsupported(
            "%s, %s".formatted(file, Dictionary.describe(entry.getKey())),
            "Listing more than %d bytes of values".formatted(mostBytes),
            "Leave --long out, or give the JVM more memory (-Xmx)");
      }
      for (DataSet item : entry.getValue().items()) {
        left = checkLength(file, item, left);
      }
    }
    return left;
  }

  /** One listing. */
  private record Walk(boolean whole, Consumer<Line> sink) {
    void list(DataSet dataSet, int depth, @Nullable StoredPixels pixels) {
      StoredPixels left = pixels;
      for (Map.Entry<Integer, Element> entry : dataSet.entries()) {
        int tag = entry.getKey();
        if (left != null && Integer.compareUnsigned(left.tag(), tag) < 0) {
          sink.accept(pixels(left));
          left = null;
        }
        sink.accept(line(depth, tag, entry.getValue()));
        List<DataSet> items = entry.getValue().items();
        for (int i = 0; i < items.size(); i++) {
          String number = "item " + (i + 1);
          sink.accept(new Line(depth + 1, Dictionary.text(Tag.Item), "", number, NO_LENGTH, 1, ""));
          list(items.get(i), depth + 2, null);
        }
      }
      if (left != null) {
        sink.accept(pixels(left));
      }
    }

    private Line line(int depth, int tag, Element element) {
      List<String> values = element.strings();
      boolean sequence = element.vr() == Vr.SQ;
      long length = sequence ? NO_LENGTH : element.bytes().remaining();
      return new Line(
          depth,
          Dictionary.text(tag),
          element.vr().name(),
          value(element, values),
          length,
          element.vr().isBulk() || sequence ? 1 : values.size(),
          name(tag));
    }

    private String value(Element element, List<String> values) {
      Vr vr = element.vr();
      if (vr == Vr.SQ) {
        return count(element.items().size(), "item");
      }
      if (element.value() instanceof Element.Fragments fragments) {
        return count(fragments.list().size(), "fragment");
      }
      if (vr.isBulk()) {
        return hexadecimal(element.bytes());
      }
      String text = cut(String.join("\\", values));
      Optional<String> uid =
          vr == Vr.UI && values.size() == 1
              ? Dictionary.uid(values.get(0)).map(known -> " " + known.name())
              : Optional.empty();
      return vr.isText() ? "[" + text + "]" + uid.orElse("") : text;
    }

    private String cut(String text) {
      return whole || text.codePointCount(0, text.length()) <= LONGEST
          ? text
          : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "...";
    }

    private String hexadecimal(ByteBuffer bytes) {
      boolean all = whole || bytes.remaining() <= MOST_BYTES;
      byte[] start = new byte[all ? bytes.remaining() : MOST_BYTES];
      bytes.get(start);
      return HexFormat.ofDelimiter(" ").formatHex(start) + (all ? "" : " ...");
    }

    private Line pixels(StoredPixels pixels) {
      String value =
          pixels.encapsulated()
              ? "encapsulated, " + count(pixels.fragments(), "fragment")
              : "native";
      return new Line(
          0,
          Dictionary.text(pixels.tag()),
          pixels.vr(),
          value,
          pixels.length(),
          1,
          name(pixels.tag()));
    }
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String name(int tag) {
    Optional<String> keyword = Dictionary.entry(tag).map(Dictionary.Entry::keyword);
    if (keyword.isPresent()) {
      return keyword.get();
    }
    int element = tag & 0xFFFF;
    if (element == 0) {
      return "GroupLength";
    }
    if (!Dictionary.isPrivate(tag)) {
      return "Unknown";
    }
    return element >= 0x10 && element <= 0xFF ? "PrivateCreator" : "Private";
  }

  @Override
  public List<List<String>> select(Path file, List<String> selectors) {
    List<List<Integer>> paths = selectors.stream().map(Part10Listing::path).toList();
    Part10Object object = reader.read(file);
    List<List<String>> selected = new ArrayList<>();
    for (List<Integer> path : paths) {
      List<String> texts = new ArrayList<>();
      StoredPixels pixels = object.storedPixels();
      if (pixels != null && path.equals(List.of(pixels.tag()))) {
        texts.add(count((int) Math.min(Integer.MAX_VALUE, pixels.length()), "byte"));
      } else if (path.get(0) >>> 16 == 0x0002) {
        select(object.fileMeta(), path, texts);
      } else {
        select(object.attributes(), path, texts);
      }
      selected.add(texts);
    }
    return selected;
  }

  @Override
  public void checkSelector(String selector) {
    path(selector);
  }

  private static void select(DataSet dataSet, List<Integer> path, List<String> texts) {
    Element element = dataSet.get(path.get(0));
    if (element == null) {
      return;
    }
    if (path.size() > 1) {
      List<Integer> rest = path.subList(1, path.size());
      element.items().forEach(item -> select(item, rest, texts));
    } else if (element.vr() == Vr.SQ) {
      texts.add(count(element.items().size(), "item"));
    } else if (element.vr().isBulk()) {
      texts.add(count(element.bytes().remaining(), "byte"));
    } else {
      texts.add(String.join("\\", element.strings()));
    }
  }

  private static List<Integer> path(String selector) {
    List<Integer> path = new ArrayList<>();
    for (String part : selector.split("\\.", -1)) {
      Matcher tag = TAG.matcher(part);
      path.add(
          tag.matches()
              ? Integer.parseUnsignedInt(tag.group(1) + tag.group(2), 16)
              : Dictionary.byKeyword(part)
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "'%s' is neither a tag nor a keyword of PS3.6".formatted(part)))
                  .tag());
    }
    return path;
  }
}
