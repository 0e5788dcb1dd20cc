package org.llavamed.deidentify.internal;

import java.util.ArrayList;
import java.util.List;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.deidentification.Policy;
import org.llavamed.deidentification.ProfileOption;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/**
 * What a de-identified object says about itself, beside what earlier programs said: PS3.15 section
 * E.1.1, PS3.3 section C.7.1.1.
 */
final class Marks {
  private static final String METHOD =
      "LLaVA-Med for DICOM 0.1, PS3.15 E.1-1 2026c, research use only";

  private Marks() {}

  static void put(DataSet dataSet, Policy policy, Subject subject) {
    dataSet.putString(Tag.PatientIdentityRemoved, Vr.CS, "YES");
    List<String> methods = new ArrayList<>(dataSet.strings(Tag.DeidentificationMethod));
    methods.removeAll(List.of(METHOD, Dummies.TEXT));
    methods.removeIf(text -> Vr.LO.problem(text).isPresent());
    methods.add(METHOD);
    dataSet.putString(Tag.DeidentificationMethod, Vr.LO, methods);
    List<DataSet> codes = new ArrayList<>(dataSet.items(Tag.DeidentificationMethodCodeSequence));
    List<DataSet> own = codes(policy);
    codes.removeAll(own);
    codes.addAll(own);
    dataSet.putItems(Tag.DeidentificationMethodCodeSequence, codes);
    dataSet.putString(Tag.LongitudinalTemporalInformationModified, Vr.CS, dates(policy));
    if (subject.ours()) {
      dataSet
          .putString(Tag.Manufacturer, Vr.LO, ResearchMark.MANUFACTURER)
          .putString(
              Tag.SeriesDescription, Vr.LO, ResearchMark.SERIES_DESCRIPTION + "de-identified");
    }
  }

  private static List<DataSet> codes(Policy policy) {
    List<DataSet> codes = new ArrayList<>();
    codes.add(code("113100", "Basic Application Confidentiality Profile"));
    for (ProfileOption option : ProfileOption.values()) {
      if (policy.has(option)) {
        codes.add(code(option.code(), option.meaning()));
      }
    }
    return codes;
  }

  private static String dates(Policy policy) {
    if (policy.has(ProfileOption.RETAIN_FULL_DATES)) {
      return "UNMODIFIED";
    }
    return policy.has(ProfileOption.RETAIN_MODIFIED_DATES) ? "MODIFIED" : "REMOVED";
  }

  private static DataSet code(String value, String meaning) {
    return new DataSet()
        .putString(Tag.CodeValue, Vr.SH, value)
        .putString(Tag.CodingSchemeDesignator, Vr.SH, "DCM")
        .putString(Tag.CodeMeaning, Vr.LO, meaning);
  }
}
