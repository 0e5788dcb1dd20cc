package org.llavamed.deidentify.internal;

import java.util.List;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.deidentification.ProjectSecret;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;

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
  private static final int[] IDENTIFIERS = {
    Tag.PatientName,
    Tag.PatientID,
    Tag.OtherPatientIDs,
    Tag.OtherPatientNames,
    Tag.PatientBirthName,
    Tag.PatientMotherBirthName,
    Tag.PatientBirthDate,
    Tag.PatientAddress,
    Tag.PatientTelephoneNumbers,
    Tag.AccessionNumber,
    Tag.ReferringPhysicianName,
    Tag.PerformingPhysicianName,
    Tag.PhysiciansOfRecord,
    Tag.NameOfPhysiciansReadingStudy,
    Tag.RequestingPhysician,
    Tag.OperatorsName,
    Tag.ResponsiblePerson
  };

  static Subject of(DataSet object, ProjectSecret secret) {
    Words words = new Words();
    for (int tag : IDENTIFIERS) {
      object.strings(tag).forEach(words::forbid);
    }
    String key =
        object
            .string(Tag.PatientID)
            .map(id -> "ID " + id)
            .or(() -> object.string(Tag.PatientName).map(name -> "name " + name))
            .orElseGet(() -> "study " + object.string(Tag.StudyInstanceUID).orElse(""));
    return new Subject(new Pseudonyms(secret), key, words, ResearchMark.isOurs(object));
  }

  /** Returns what stands for the patient's name. */
  String pseudonym() {
    return pseudonyms.name("Patient", key);
  }

  /** Returns what stands for the Patient ID of a data set, which may be of an item. */
  String pseudonym(DataSet dataSet) {
    return pseudonyms.name("Patient", "ID " + dataSet.string(Tag.PatientID).orElse(""));
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
