package org.llavamed.dicomweb.internal;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.Dictionary;
import org.llavamed.network.NetworkException;
import org.llavamed.network.WebDataSet;
import org.llavamed.network.WebQuery;

/** One search by QIDO-RS (PS3.18 section 10.6), page by page. */
final class Search {
  /** Matches of a page. */
  static final int PAGE = 500;

  private static final Pattern UID = Pattern.compile("[0-9.]{1,64}");
  private static final Pattern TAG = Pattern.compile("[0-9A-Fa-f]{8}");

  private final Exchange exchange;
  private final WebQuery query;
  private final Consumer<WebDataSet> match;
  private final String path;
  private final String parameters;
  private long found;
  private long ofPage;
  private String firstOfPage = "";

  /**
   * Makes a search.
   *
   * @throws NetworkException if a name is that of no attribute
   */
  Search(Exchange exchange, WebQuery query, Consumer<WebDataSet> match) {
    this.exchange = exchange;
    this.query = query;
    this.match = match;
    Map<String, String> keys = new LinkedHashMap<>();
    query.match().forEach((name, value) -> keys.put(name(name), value));
    this.path = path(query.level(), keys);
    this.parameters = parameters(keys);
  }

  /** Asks for pages until there are no more matches. */
  void run() {
    boolean more = true;
    String before = "";
    while (more) {
      long left = query.limit() == 0 ? PAGE : Math.min(PAGE, query.limit() - found);
      ofPage = 0;
      URI uri =
          exchange.below(
              path + "?" + parameters + "limit=" + left + "&offset=" + (query.offset() + found));
      boolean cut = exchange.get(uri, MediaType.JSON, this::page);
      if (ofPage > 0 && firstOfPage.equals(before)) {
        throw NetworkException.failed(
            exchange.peer(),
            "the service gave the same page twice: it does not know 'offset'",
            "Narrow the search to at most %d matches".formatted(PAGE));
      }
      before = firstOfPage;
      more = ofPage > 0 && ofPage <= left && (ofPage == left || cut) && !isDone();
    }
  }

  private boolean isDone() {
    return query.limit() > 0 && found >= query.limit();
  }

  /** Reads a page; returns whether the service says that it has left something out. */
  private boolean page(Answer answer) throws IOException {
    try {
      DataSets.read(answer, exchange.peer().limits().objects(), this::take);
    } catch (IOException e) {
      if (ofPage > 0) { // what was handed over is not taken back
        throw exchange.failure(answer.uri(), e, 1);
      }
      throw e;
    }
    return answer.header("Warning").filter(text -> text.startsWith("299")).isPresent();
  }

  /** Takes a match; returns whether more are wanted. */
  private boolean take(WebDataSet dataSet) {
    if (ofPage++ == 0) {
      String last = firstOfPage;
      firstOfPage = dataSet.json();
      if (firstOfPage.equals(last)) {
        return false; // run() names it
      }
    }
    found++;
    match.accept(dataSet);
    return !isDone();
  }

  /** A single UID of a level above goes into the path, and is taken from the keys. */
  private static String path(WebQuery.Level level, Map<String, String> keys) {
    String path = "";
    if (level != WebQuery.Level.STUDY && isUid(keys.get("StudyInstanceUID"))) {
      path = "/studies/" + keys.remove("StudyInstanceUID");
      if (level == WebQuery.Level.INSTANCE && isUid(keys.get("SeriesInstanceUID"))) {
        path += "/series/" + keys.remove("SeriesInstanceUID");
      }
    }
    return path
        + switch (level) {
          case STUDY -> "/studies";
          case SERIES -> "/series";
          case INSTANCE -> "/instances";
        };
  }

  private static boolean isUid(@Nullable String value) {
    return value != null && UID.matcher(value).matches();
  }

  private String parameters(Map<String, String> keys) {
    StringBuilder text = new StringBuilder();
    keys.forEach((name, value) -> append(text, name, value));
    for (String field : query.include()) {
      append(text, "includefield", field.equals("all") ? field : name(field));
    }
    if (query.fuzzy()) {
      append(text, "fuzzymatching", "true");
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String name, String value) {
    String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    text.append(name).append('=').append(encoded).append('&');
  }

  /**
   * Returns a name as the query has it: keywords, and upper-case tags where there is no keyword.
   */
  private static String name(String text) {
    List<String> names = new ArrayList<>();
    for (String each : text.split("\\.", -1)) {
      if (TAG.matcher(each).matches()) {
        int tag = Integer.parseUnsignedInt(each, 16);
        names.add("%08X".formatted(tag));
        Dictionary.entry(tag)
            .map(Dictionary.Entry::keyword)
            .filter(keyword -> Dictionary.byKeyword(keyword).isPresent())
            .ifPresent(keyword -> names.set(names.size() - 1, keyword));
      } else if (Dictionary.byKeyword(each).isPresent()) {
        names.add(each);
      } else {
        throw NetworkException.failed(
            "The search",
            "'%s' is neither a keyword of PS3.6 nor a tag of 8 hexadecimal digits".formatted(text),
            "Correct the name, as in PatientID or 00100020");
      }
    }
    return String.join(".", names);
  }
}
