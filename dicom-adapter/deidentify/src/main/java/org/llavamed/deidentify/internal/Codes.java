package org.llavamed.deidentify.internal;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.llavamed.deidentification.Policy;
import org.llavamed.deidentification.ProfileOption;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/** Codes (PS3.3 section 8.8) and content items (PS3.3 section C.17.3) of a cleaned object. */
record Codes(Subject subject) {
  private static final int[] VALUES = {Tag.CodeValue, Tag.LongCodeValue, Tag.URNCodeValue};

  /** Schemes that are published: their codes name concepts, not people. */
  private static final Set<String> SCHEMES =
      Set.of(
          "DCM",
          "SCT",
          "SRT",
          "SNM3",
          "UCUM",
          "LN",
          "RADLEX",
          "UMLS",
          "MDC",
          "NCIt",
          "FMA",
          "ACR",
          "BI",
          "I9",
          "I10",
          "ICD10",
          "ICD11",
          "ISO639_1",
          "ISO639_2",
          "ISO3166_1",
          "RFC5646",
          "RADELEMENT",
          "NDC",
          "RXNORM",
          "IBSI",
          "DCMR");

  /** What codes look like: no more than four letters in a row, which hardly name anybody. */
  private static final Pattern FORM =
      Pattern.compile("(?=.{1,18}$)[A-Za-z]{0,4}(?:[-_.0-9]++[A-Za-z]{0,4})*");

  private static final Pattern VERSION = Pattern.compile("[A-Za-z]{0,4}[-_./: 0-9]{0,14}");

  private static final String OWN_SCHEME = "99LLAVAMED";

  /** Name, ID, birth date and age of the subject, accession number; and the subject's sex. */
  private static final Set<String> SUBJECT =
      Set.of("121029", "121030", "121031", "121033", "121022");

  private static final String SEX = "121032";

  /** Returns whether a sequence item is a code. */
  static boolean isCode(DataSet item) {
    for (int tag : VALUES) {
      if (item.contains(tag)) {
        return true;
      }
    }
    return false;
  }

  /** Returns what stays of a code within content that is cleaned or replaced. */
  DataSet clean(DataSet code, Cleaner.Mode mode) {
    String value = value(code);
    String scheme = code.string(Tag.CodingSchemeDesignator).orElse("");
    String meaning = code.string(Tag.CodeMeaning).orElse("");
    if (mode == Cleaner.Mode.DUMMY) {
      return code(Dummies.TEXT, OWN_SCHEME, Dummies.TEXT);
    }
    Words words = subject.words();
    String known = CodeTable.meaning(scheme, value);
    if (known.equalsIgnoreCase(meaning) && !known.isEmpty()) {
      return copy(code).copyFrom(code, Tag.CodeMeaning);
    }
    String text = known.isEmpty() ? words.clean(meaning, Vr.LO) : known;
    String said = text.isEmpty() ? Dummies.TEXT : text;
    if (!known.isEmpty()
        || (SCHEMES.contains(scheme) && FORM.matcher(value).matches() && !words.names(value))) {
      return copy(code).putString(Tag.CodeMeaning, Vr.LO, said);
    }
    return code(subject.pseudonyms().name("Code", value).substring(0, 16), OWN_SCHEME, said);
  }

  private static DataSet copy(DataSet code) {
    DataSet copy = new DataSet().copyFrom(code, VALUES);
    copy.copyFrom(code, Tag.CodingSchemeDesignator);
    boolean version =
        code.string(Tag.CodingSchemeVersion)
            .filter(text -> VERSION.matcher(text).matches())
            .isPresent();
    return version ? copy.copyFrom(code, Tag.CodingSchemeVersion) : copy;
  }

  private static String value(DataSet code) {
    for (int tag : VALUES) {
      if (code.string(tag).isPresent()) {
        return code.string(tag).get();
      }
    }
    return "";
  }

  private static DataSet code(String value, String scheme, String meaning) {
    return new DataSet()
        .putString(Tag.CodeValue, Vr.SH, value)
        .putString(Tag.CodingSchemeDesignator, Vr.SH, scheme)
        .putString(Tag.CodeMeaning, Vr.LO, meaning);
  }

  /** Returns an item that stands for a whole content tree, or for the annotations of a waveform. */
  DataSet dummyItem(int tag) {
    DataSet item = new DataSet();
    if (tag == Tag.ContentSequence) {
      item.putString(Tag.RelationshipType, Vr.CS, "CONTAINS")
          .putString(Tag.ValueType, Vr.CS, "TEXT")
          .putItems(Tag.ConceptNameCodeSequence, code("121106", "DCM", "Comment"))
          .putString(Tag.TextValue, Vr.UT, subject.text());
    } else {
      item.putString(Tag.UnformattedTextValue, Vr.ST, subject.text())
          .putInts(Tag.ReferencedWaveformChannels, Vr.US, 1, 0);
    }
    return item;
  }

  /** Returns a content item; one about the patient, which becomes text that says nothing. */
  DataSet subject(DataSet source, DataSet target, Policy policy) {
    List<DataSet> names = source.items(Tag.ConceptNameCodeSequence);
    String concept = names.isEmpty() ? "" : value(names.get(0));
    boolean about =
        SUBJECT.contains(concept)
            || (concept.equals(SEX) && !policy.has(ProfileOption.RETAIN_PATIENT_CHARACTERISTICS));
    if (!about) {
      return target;
    }
    return new DataSet()
        .copyFrom(target, Tag.RelationshipType, Tag.ConceptNameCodeSequence)
        .putString(Tag.ValueType, Vr.CS, "TEXT")
        .putString(Tag.TextValue, Vr.UT, Dummies.TEXT);
  }
}
