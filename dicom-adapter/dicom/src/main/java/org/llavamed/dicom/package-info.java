/**
 * DICOM objects in memory and in files. {@link org.llavamed.dicom.DataSet} holds the attributes of
 * PS3.5 section 7 with their value representations; {@link org.llavamed.dicom.Part10Writer} and
 * {@link org.llavamed.dicom.Part10Reader} take them to and from files of PS3.10 in all transfer
 * syntaxes, {@link org.llavamed.dicom.DicomJson} to and from the JSON model of PS3.18 annex F.
 * {@link org.llavamed.dicom.Dictionary} is the registry of PS3.6; the constants of {@code Tag} and
 * {@code Uids} are generated from the same tables, named by the standard's keywords.
 *
 * <p>The reader takes what other programs wrote: data sets without preamble, header or transfer
 * syntax, values of odd length, mixed codings, wrong offset tables, zeros behind the last element.
 * It refuses with a named error what would have to be guessed. Pixel data stays in the file and is
 * read by position when asked for; everything else is held in memory within limits that follow from
 * the heap.
 *
 * <p>{@link org.llavamed.dicom.BitmapFont} is what text is burned into pixels with.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.dicom;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
