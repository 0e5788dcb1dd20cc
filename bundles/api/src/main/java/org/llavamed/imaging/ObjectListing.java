package org.llavamed.imaging;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Lists the elements of DICOM files for people, file meta information first. Safe for use by
 * several threads.
 */
@ProviderType
public interface ObjectListing {
  /**
   * One element, or the beginning of a sequence item. Texts are as the file holds them, so that
   * they may hold what steers a terminal.
   *
   * @param depth 0 for the data set; each sequence is one deeper than its element
   * @param tag for example {@code (0008,103E)}
   * @param vr two letters; empty for an item
   * @param value text in brackets, numbers, hexadecimal bytes, or a summary of items and pixel data
   * @param length bytes of the value field, of all fragments together; -1 for sequences and items
   * @param multiplicity number of values; 1 for bulk data and sequences
   * @param name keyword of PS3.6, or what else the element is; empty for an item
   */
  record Line(
      int depth, String tag, String vr, String value, long length, int multiplicity, String name) {}

  /**
   * Lists a file. Nothing is given to the sink where the file cannot be read.
   *
   * @param whole whether values are given whole; else they are cut to 64 characters
   * @throws ImagingException if the file cannot be read
   */
  void list(Path file, boolean whole, Consumer<Line> sink);

  /**
   * Returns the values of some attributes of a file, one text for each place where the attribute
   * stands, its values joined by backslashes.
   *
   * @param selectors each a tag ({@code 0008103E}, {@code 0008,103E}) or a keyword; attributes
   *     within sequences are reached through all items by dots, for example {@code
   *     ReferencedSeriesSequence.SeriesInstanceUID}
   * @return for each selector the texts, none where the attribute is absent
   * @throws ImagingException if the file cannot be read
   * @throws IllegalArgumentException if a selector is neither tag nor keyword
   */
  List<List<String>> select(Path file, List<String> selectors);

  /**
   * Checks the name of an attribute, as {@link #select} takes it.
   *
   * @throws IllegalArgumentException if it is neither tag nor keyword
   */
  void checkSelector(String selector);
}
