package org.llavamed.result.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Code;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;

/**
 * What results take over from the source: the attributes of patient, study and institution, those
 * only whose values the standard allows. What is left out is told in {@link #warnings}.
 */
final class SourceHeader {
  /** Date of results whose source has no date at all, where the standard demands one. */
  static final String NO_DATE = "19000101";

  private static final String MIDNIGHT = "000000";

  /** Attributes of type 2: empty where the source has no valid value. */
  private static final int[] TYPE_2 = {
    Tag.StudyDate,
    Tag.StudyTime,
    Tag.AccessionNumber,
    Tag.ReferringPhysicianName,
    Tag.PatientName,
    Tag.PatientID,
    Tag.PatientBirthDate,
    Tag.PatientSex,
    Tag.StudyID
  };

  /** Attributes of type 3: absent where the source has no valid value. */
  private static final int[] TYPE_3 = {
    Tag.InstitutionName,
    Tag.InstitutionAddress,
    Tag.TimezoneOffsetFromUTC,
    Tag.StudyDescription,
    Tag.InstitutionalDepartmentName,
    Tag.IssuerOfPatientID,
    Tag.PatientBirthTime,
    Tag.PatientAge,
    Tag.PatientSize,
    Tag.PatientWeight,
    Tag.EthnicGroup,
    Tag.PatientComments,
    Tag.PatientIdentityRemoved,
    Tag.DeidentificationMethod
  };

  /** Sequences of codes of type 3: absent where an item of the source is not valid. */
  private static final int[] CODES = {
    Tag.ProcedureCodeSequence, Tag.DeidentificationMethodCodeSequence
  };

  /** Pairs of date and time, best first. */
  private static final int[][] MOMENTS = {
    {Tag.StudyDate, Tag.StudyTime},
    {Tag.SeriesDate, Tag.SeriesTime},
    {Tag.AcquisitionDate, Tag.AcquisitionTime},
    {Tag.ContentDate, Tag.ContentTime},
    {Tag.InstanceCreationDate, Tag.InstanceCreationTime}
  };

  private final DataSet copied = new DataSet();
  private final List<String> warnings = new ArrayList<>();
  private final List<Code> procedures = new ArrayList<>();
  private final Path file;
  private final Attributes source;
  private final String studyInstanceUid;
  private String date = "";
  private String time = "";

  /** Reads and checks the source of an annotation. */
  SourceHeader(Annotation annotation) {
    this.file = annotation.readings().get(0).object().file();
    this.source = annotation.source();
    this.studyInstanceUid = study(annotation);
    for (int tag : TYPE_2) {
      copied.putString(tag, Dictionary.vr(tag), valid(tag));
    }
    for (int tag : TYPE_3) {
      List<String> values = valid(tag);
      if (!values.isEmpty()) {
        copied.putString(tag, Dictionary.vr(tag), values);
      }
    }
    for (int tag : CODES) {
      List<Code> codes = codes(tag);
      if (!codes.isEmpty()) {
        copied.putItems(tag, codes.stream().map(ContentItem::code).toList());
      }
      if (tag == Tag.ProcedureCodeSequence) {
        procedures.addAll(codes);
      }
    }
    requireDeidentificationMethod();
    takeMoment();
    annotation.readings().stream()
        .flatMap(r -> PictureReference.problems(r).stream())
        .distinct()
        .forEach(warnings::add);
  }

  private String study(Annotation annotation) {
    String uid = annotation.studyInstanceUid();
    if (uid.isBlank()) {
      warn(Tag.StudyInstanceUID, "is missing, so the results get one of their own");
      return Hashes.uid(
          "study",
          source.string(Tag.SeriesInstanceUID).orElse(""),
          source.string(Tag.SOPInstanceUID).orElse(""));
    }
    UidForm.problem(uid)
        .ifPresent(
            problem ->
                warn(
                    Tag.StudyInstanceUID,
                    problem + "; it is kept, so that the results stay in their study"));
    return uid;
  }

  /** Returns the values where they are such as the standard allows; warns where they are not. */
  private List<String> valid(int tag) {
    List<String> values = source.strings(tag);
    if (values.stream().allMatch(String::isBlank)) {
      return List.of();
    }
    boolean one = Dictionary.entry(tag).filter(entry -> entry.vm().equals("1")).isPresent();
    Optional<String> problem =
        one && values.size() > 1
            ? Optional.of("has %d values, expected one".formatted(values.size()))
            : values.stream()
                .map(value -> problem(tag, value))
                .flatMap(Optional::stream)
                .findFirst();
    problem.ifPresent(found -> warn(tag, found + ", so the results leave it out"));
    return problem.isPresent() ? List.of() : values;
  }

  private static Optional<String> problem(int tag, String value) {
    Set<String> terms =
        switch (tag) {
          case Tag.PatientSex -> Set.of("M", "F", "O");
          case Tag.PatientIdentityRemoved -> Set.of("YES", "NO");
          default -> Set.of();
        };
    return terms.isEmpty() || terms.contains(value)
        ? Dictionary.vr(tag).problem(value)
        : Optional.of("'%s' is none of %s".formatted(Words.line(value), new TreeSet<>(terms)));
  }

  private List<Code> codes(int tag) {
    List<Code> codes = new ArrayList<>();
    for (Attributes item : source.items(tag)) {
      Optional<Code> code = code(item);
      if (code.isEmpty()) {
        warn(tag, "has an item without a valid code, so the results leave it out");
        return List.of();
      }
      codes.add(code.get());
    }
    return codes;
  }

  private static Optional<Code> code(Attributes item) {
    Optional<String> value = item.string(Tag.CodeValue);
    Optional<String> scheme = item.string(Tag.CodingSchemeDesignator);
    Optional<String> meaning = item.string(Tag.CodeMeaning);
    boolean valid = isFilled(Vr.SH, value) && isFilled(Vr.SH, scheme) && isFilled(Vr.LO, meaning);
    return valid
        ? Optional.of(new Code(value.orElseThrow(), scheme.orElseThrow(), meaning.orElseThrow()))
        : Optional.empty();
  }

  private static boolean isFilled(Vr vr, Optional<String> value) {
    return value.filter(text -> !text.isBlank() && vr.problem(text).isEmpty()).isPresent();
  }

  /** Patient Identity Removed YES demands a method (PS3.3 section C.7.1.1); without one, no YES. */
  private void requireDeidentificationMethod() {
    if (copied.string(Tag.PatientIdentityRemoved).filter("YES"::equals).isPresent()
        && !copied.contains(Tag.DeidentificationMethod)
        && !copied.contains(Tag.DeidentificationMethodCodeSequence)) {
      copied.remove(Tag.PatientIdentityRemoved);
      warn(
          Tag.PatientIdentityRemoved,
          "is YES without De-identification Method (0012,0063), so the results leave it out");
    }
  }

  private void takeMoment() {
    for (int[] moment : MOMENTS) {
      Optional<String> day =
          source.string(moment[0]).filter(value -> Vr.DA.problem(value).isEmpty());
      if (day.isPresent()) {
        date = day.get();
        time =
            source
                .string(moment[1])
                .filter(value -> Vr.TM.problem(value).isEmpty())
                .orElse(MIDNIGHT);
        return;
      }
    }
    warnings.add(
        "%s: the header has no valid date, so Content Date (0008,0023) of the SR documents, which must have one, is %s."
            .formatted(file, NO_DATE));
  }

  /** Adds a sentence to the warnings. */
  void warn(String sentence) {
    warnings.add(sentence);
  }

  private void warn(int tag, String problem) {
    warnings.add("%s: %s %s.".formatted(file, Dictionary.describe(tag), problem));
  }

  /** Returns Study Instance UID, as in the source even where it is illegal. */
  String studyInstanceUid() {
    return studyInstanceUid;
  }

  /**
   * Returns what tells the study from any other: its UID and, since two patients' studies may bear
   * one UID, Patient ID (0010,0020) with Issuer of Patient ID (0010,0021). No line feed is in it.
   */
  String studyKey() {
    return Words.line(studyInstanceUid)
        + '\t'
        + key(Tag.PatientID)
        + '\t'
        + key(Tag.IssuerOfPatientID);
  }

  private String key(int tag) {
    return Words.line(source.string(tag).orElse(""));
  }

  /** Returns a value that was taken over. */
  Optional<String> value(int tag) {
    return copied.string(tag);
  }

  /** Returns the procedures that were performed, as far as the source codes them. */
  List<Code> procedures() {
    return List.copyOf(procedures);
  }

  /** Returns one sentence for each value that was left out or kept although it is not valid. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Returns the best date of the source, as DA; empty where it has none. */
  Optional<String> date() {
    return Optional.of(date).filter(text -> !text.isEmpty());
  }

  /** Returns the time of {@link #date}, as TM; midnight where the source has none. */
  String time() {
    return time.isEmpty() ? MIDNIGHT : time;
  }

  /** Puts patient, study and institution into an object. */
  void putInto(DataSet object) {
    object.copyFrom(copied, copied.tags().stream().mapToInt(Integer::intValue).toArray());
    putStudyUid(object);
  }

  /** Puts Study Instance UID; its bytes, since an illegal one is kept. */
  void putStudyUid(DataSet object) {
    object.putBytes(Tag.StudyInstanceUID, Vr.UI, studyInstanceUid.getBytes(StandardCharsets.UTF_8));
  }
}
