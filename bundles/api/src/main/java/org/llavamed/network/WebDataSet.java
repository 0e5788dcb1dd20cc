package org.llavamed.network;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llavamed.imaging.Attributes;

/**
 * A data set that a web service gave as DICOM JSON (PS3.18 annex F).
 *
 * @param attributes the attributes; those that are bulk data have no value
 * @param bulkData where the values of bulk data are, by tag, {@code 7FE00010}; in sequences by
 *     path, {@code 54000100/0/54001010}
 * @param json the text, in one line
 */
public record WebDataSet(Attributes attributes, Map<String, URI> bulkData, String json) {
  public WebDataSet {
    bulkData = Collections.unmodifiableMap(new LinkedHashMap<>(bulkData));
  }
}
