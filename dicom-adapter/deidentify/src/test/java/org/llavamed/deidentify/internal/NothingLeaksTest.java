package org.llavamed.deidentify.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.deidentification.Policy;
import org.llavamed.deidentification.ProfileOption;
import org.llavamed.deidentification.ProjectSecret;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;

/**
 * The property that counts: what was planted in an original is nowhere in the bytes of the copy.
 */
class NothingLeaksTest {
  private static final ProjectSecret SECRET =
      ProjectSecret.of("a secret for tests".getBytes(StandardCharsets.UTF_8));

  @TempDir Path folder;

  private final Markers markers = new Markers();

  static Stream<Set<ProfileOption>> policies() {
    Stream<Set<ProfileOption>> single =
        Stream.of(ProfileOption.values()).filter(ProfileOption::isSupported).map(EnumSet::of);
    EnumSet<ProfileOption> all = EnumSet.allOf(ProfileOption.class);
    all.removeIf(option -> !option.isSupported());
    all.remove(ProfileOption.RETAIN_FULL_DATES);
    return Stream.concat(Stream.of(EnumSet.noneOf(ProfileOption.class), all), single);
  }

  /** Plants a value in each attribute of the table, in private and in unknown ones. */
  private void plantAll(DataSet target, String where) {
    for (int tag : Profile.tags()) {
      if (tag >>> 16 != 0 && tag >>> 16 != 0x0002) {
        markers.plant(target, tag, where);
      }
    }
    target
        .putString(0x00090010, Vr.LO, markers.text(where + " creator"))
        .putString(0x00091001, Vr.LO, markers.text(where + " private"))
        .putBytes(0x00091002, Vr.UN, ascii(markers.text(where + " private")))
        .putItems(
            0x00091003,
            new DataSet().putString(Tag.PatientName, Vr.PN, markers.text(where + " private")))
        .putString(0x00190010, Vr.LO, "SIEMENS MR HEADER")
        .putString(0x0019100C, Vr.IS, "1000")
        .putString(0x0019100D, Vr.LO, markers.text(where + " wrong representation"))
        .putString(0x001910FE, Vr.LO, markers.text(where + " not in the table"))
        .putString(0x00087778, Vr.LO, markers.text(where + " unknown"))
        .putBytes(0x0008777A, Vr.UN, ascii(markers.text(where + " unknown")))
        .putString(Tag.InStackPositionNumber, Vr.LO, markers.text(where + " wrong kind"))
        .putBytes(0x60003000, Vr.OB, ascii(markers.text(where + " overlay")))
        .putString(0x60004000, Vr.LT, markers.text(where + " overlay"))
        .putString(0x60001500, Vr.LO, markers.text(where + " overlay"))
        .putBytes(0x50003000, Vr.OB, ascii(markers.text(where + " curve")))
        .putString(0x50002500, Vr.LO, markers.text(where + " curve"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private DataSet object() {
    DataSet deepest = new DataSet();
    plantAll(deepest, " depth 3");
    DataSet deeper = new DataSet().putItems(Tag.PlanePositionSequence, deepest);
    plantAll(deeper, " depth 2");
    DataSet deep = new DataSet().putItems(Tag.PlaneOrientationSequence, deeper);
    plantAll(deep, " depth 1");
    DataSet object = new DataSet().putItems(Tag.SharedFunctionalGroupsSequence, deep);
    plantAll(object, " depth 0");
    return object
        .putString(Tag.SOPClassUID, Vr.UI, Uids.CTImageStorage)
        .putString(Tag.SourceApplicationEntityTitle, Vr.AE, markers.text(" meta"))
        .putString(Tag.SendingApplicationEntityTitle, Vr.AE, markers.text(" meta"))
        .putString(Tag.PrivateInformationCreatorUID, Vr.UI, markers.text("1.9.8.5.1", " meta"))
        .putBytes(Tag.PrivateInformation, Vr.OB, ascii(markers.text(" meta")))
        .putString(Tag.Modality, Vr.CS, "CT")
        .putInts(Tag.BitsAllocated, Vr.US, 8)
        .putBytes(Tag.PixelData, Vr.OB, new byte[4]);
  }

  private byte[] copy(DataSet object, Set<ProfileOption> options, String syntax)
      throws IOException {
    Path file = folder.resolve("original");
    Part10Writer.write(object, syntax, file);
    byte[] original = Files.readAllBytes(file);
    byte[] preamble = ascii(markers.text(" preamble"));
    System.arraycopy(preamble, 0, original, 10, preamble.length);
    Files.write(file, original);
    Policy policy = new Policy(options, SECRET, true);
    Path copy = new ProfileDeidentifier().deidentify(file, folder.resolve("out"), policy).file();
    assertThat(copy.getFileName().toString()).matches("[0-9.]+\\.dcm");
    return Files.readAllBytes(copy);
  }

  /** Returns the attributes that the table lets an option keep, read from the table anew. */
  private static Set<String> kept(Set<ProfileOption> options) {
    List<List<String>> rows = Resources.rows("profile.tsv");
    Set<String> kept = new HashSet<>();
    for (List<String> row : rows.subList(1, rows.size())) {
      for (ProfileOption option : options) {
        int column = rows.get(0).indexOf(option.code());
        if (column >= 0 && row.get(column).equals("K")) {
          kept.add(Dictionary.describe(Integer.parseUnsignedInt(row.get(0), 16)));
        }
      }
    }
    return kept;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void nothingIsFoundButWhatTheTableLetsAnOptionKeep(Set<ProfileOption> options)
      throws IOException {
    DataSet object = object();
    Set<String> allowed = kept(options);
    // The item under a sequence of references keeps what the profile does not name.
    allowed.add("Referenced Image Sequence (0008,1140) meaning");
    allowed.add("Referenced Image Sequence (0008,1140) code");
    allowed.add("Referenced Image Sequence (0008,1140) text");
    allowed.add("Source Image Sequence (0008,2112) meaning");
    allowed.add("Source Image Sequence (0008,2112) code");
    allowed.add("Source Image Sequence (0008,2112) text");
    if (options.contains(ProfileOption.RETAIN_UIDS)) {
      allowed.add("reference");
    }
    if (options.contains(ProfileOption.RETAIN_PATIENT_CHARACTERISTICS)) {
      allowed.add("Patient's Age"); // cleaned: only what is above 89 years changes
    }
    if (options.contains(ProfileOption.RETAIN_MODIFIED_DATES)) {
      allowed.add(" time of day");
    }
    byte[] copy = copy(object, options, Uids.ExplicitVRLittleEndian);
    assertThat(markers.count()).isGreaterThan(3000);
    assertThat(markers.found(copy, allowed)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        Uids.ImplicitVRLittleEndian,
        Uids.ExplicitVRBigEndian,
        Uids.DeflatedExplicitVRLittleEndian
      })
  void nothingIsFoundInOtherSyntaxes(String syntax) throws IOException {
    byte[] copy = copy(object(), Set.of(), syntax);
    // Implicit coding says of no attribute that its value is text where PS3.6 says numbers.
    Set<String> allowed = Set.of("Image Sequence (0008,", "wrong kind");
    assertThat(markers.found(copy, allowed)).isEmpty();
  }

  @Test
  void retainedDatesAreFoundAndModifiedOnesAreNot() throws IOException {
    DataSet object = object().putString(Tag.StudyDate, Vr.DA, "20240229");
    assertThat(text(copy(object, EnumSet.of(ProfileOption.RETAIN_FULL_DATES))))
        .contains("20240229");
    assertThat(text(copy(object, EnumSet.of(ProfileOption.RETAIN_MODIFIED_DATES))))
        .doesNotContain("20240229");
  }

  private byte[] copy(DataSet object, Set<ProfileOption> options) throws IOException {
    try (Stream<Path> old =
        Files.exists(folder.resolve("out")) ? Files.list(folder.resolve("out")) : Stream.empty()) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    return copy(object, options, Uids.ExplicitVRLittleEndian);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ISO 2022 IR 87", "GB18030", "ISO_IR 13", "ISO_IR 192", "ISO_IR 100"})
  void namesAreFoundInNoCharacterSet(String term) throws IOException {
    String name = term.equals("ISO_IR 100") ? "Müßerköm" : "山田太郎";
    DataSet object =
        new DataSet()
            .putString(Tag.SOPClassUID, Vr.UI, Uids.CTImageStorage)
            .putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3")
            .putString(Tag.SpecificCharacterSet, Vr.CS, term)
            .putString(Tag.PatientName, Vr.PN, markers.text(name, " name"))
            .putString(Tag.StudyDescription, Vr.LO, name + " CHEST")
            .putString(Tag.Manufacturer, Vr.LO, "made for " + name);
    byte[] copy = copy(object, EnumSet.of(ProfileOption.CLEAN_DESCRIPTORS));
    assertThat(markers.found(copy, Set.of())).isEmpty();
    assertThat(text(copy)).contains("CHEST");
  }
}
