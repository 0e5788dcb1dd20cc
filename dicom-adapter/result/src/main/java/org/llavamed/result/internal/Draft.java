package org.llavamed.result.internal;

import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.DataSet;

/**
 * An object that is complete but for its place in the series and its UID.
 *
 * @param format what it is
 * @param kind the end of its file's name, for example {@code sr.dcm}
 * @param object its attributes
 */
record Draft(Format format, String kind, DataSet object) {}
