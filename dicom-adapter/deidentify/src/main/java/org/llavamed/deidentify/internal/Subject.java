package org.llavamed.deidentify.internal;

import java.util.List;
import java.util.Set;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.deidentification.ProjectSecret;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/**
 * Whom an object is about. Patients are told apart by Patient ID, without one by Patient's Name,
 * without both by Study Instance UID.
 *
 * @param pseudonyms new names
 * @param key what tells the patient apart
 * @param words cleans text, and knows the patient's name and numbers
 * @param ours whether the object is a result of this product, whose marks have to stay
 */
record Subject(Pseudonyms pseudonyms, String key, Words words, boolean ours) {
  /** The patient's own names, of which short words count too. */
  private static final Set<Integer> OWN =
      Set.of(
          Tag.PatientName,
          Tag.OtherPatientNames,
          Tag.PatientBirthName,
          Tag.PatientMotherBirthName,
          Tag.ResponsiblePerson);

  private static final Set<Integer> NUMBERS =
      Set.of(
          Tag.PatientID,
          Tag.OtherPatientIDs,
          Tag.PatientAddress,
          Tag.PatientTelephoneNumbers,
          Tag.AccessionNumber,
          Tag.AdmissionID,
          Tag.PlacerOrderNumberImagingServiceRequest,
          Tag.FillerOrderNumberImagingServiceRequest);

  static Subject of(DataSet object, ProjectSecret secret) {
    Words words = new Words();
    forbid(object, words);
    String key =
        object
            .string(Tag.PatientID)
            .map(id -> id(object, id))
            .or(() -> object.string(Tag.PatientName).map(name -> "name " + name))
            .orElseGet(() -> "study " + object.string(Tag.StudyInstanceUID).orElse(""));
    return new Subject(new Pseudonyms(secret), key, words, ResearchMark.isOurs(object));
  }

  /** Forbids what identifies, at whatever depth it stands. */
  private static void forbid(DataSet dataSet, Words words) {
    for (int tag : dataSet.tags()) {
      List<String> values = dataSet.strings(tag);
      Vr vr = Dictionary.vr(tag);
      if (vr == Vr.PN || Representations.found(dataSet, tag) == Vr.PN) {
        values.forEach(value -> words.forbid(value, OWN.contains(tag)));
      } else if (NUMBERS.contains(tag)) {
        values.forEach(value -> words.forbid(value, false));
      } else if (tag == Tag.PatientBirthDate) {
        values.forEach(value -> Dates.day(value).ifPresent(words::forbidBirth));
      } else if (vr == Vr.DA || vr == Vr.DT) {
        values.forEach(value -> Dates.day(value).ifPresent(words::forbidDate));
      }
      dataSet.items(tag).forEach(item -> forbid(item, words));
    }
  }

  /** Returns what stands for the patient's name. */
  String pseudonym() {
    return pseudonyms.name("Patient", key);
  }

  /** Returns what stands for the Patient ID of a data set, which may be of an item. */
  String pseudonym(DataSet dataSet) {
    return pseudonyms.name("Patient", id(dataSet, dataSet.string(Tag.PatientID).orElse("")));
  }

  /** Returns a Patient ID with its issuer: another's patient of the same number is another one. */
  private static String id(DataSet dataSet, String id) {
    return dataSet
        .string(Tag.IssuerOfPatientID)
        .map(issuer -> "ID " + id + " of " + issuer)
        .orElse("ID " + id);
  }

  /** Returns by how many days the patient's dates are moved into the past. */
  int days() {
    return pseudonyms.days(key);
  }

  /** Returns whether text is nothing but the notice that marks research. */
  boolean isNotice(List<String> texts) {
    return texts.equals(List.of(ResearchMark.NOTICE));
  }

  /** Returns what stands for removed text in a content tree. */
  String text() {
    return ours ? ResearchMark.NOTICE : Dummies.TEXT;
  }
}
