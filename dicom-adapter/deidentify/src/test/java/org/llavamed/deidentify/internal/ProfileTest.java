package org.llavamed.deidentify.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.deidentification.Policy;
import org.llavamed.deidentification.ProfileOption;
import org.llavamed.deidentification.ProjectSecret;

class ProfileTest {
  private static Action action(int tag, ProfileOption... options) {
    return Profile.rule(tag)
        .orElseThrow()
        .action(new Policy(Set.of(options), ProjectSecret.random(), false));
  }

  @Test
  void theTableHasTheRowsOfTheStandard() {
    assertThat(Profile.tags()).hasSize(652 + 30); // and three repeating groups; 30 of extra.tsv
    assertThat(Profile.rule(0x00280010)).isEmpty();
    assertThat(Profile.rule(0x60023000)).isPresent();
    assertThat(Profile.rule(0x50020005)).isPresent();
  }

  /** Rows of PS3.15 table E.1-1. */
  @ParameterizedTest
  @CsvSource({
    "00100010, EMPTY", // Patient's Name Z
    "00100020, DUMMY", // Patient ID Z/D
    "00080018, UID", // SOP Instance UID U
    "0008103E, REMOVE", // Series Description X
    "00080022, EMPTY", // Acquisition Date X/Z
    "00181000, DUMMY", // Device Serial Number X/Z/D
    "00081140, UID", // Referenced Image Sequence X/Z/U*
    "0040A730, DUMMY", // Content Sequence D
    "00181030, DUMMY", // Protocol Name X/D
    "00080050, EMPTY", // Accession Number Z
  })
  void theBasicProfileIsThatOfTheStandard(String tag, Action action) {
    assertThat(action(Integer.parseUnsignedInt(tag, 16))).isEqualTo(action);
  }

  @Test
  void eachOptionHasItsColumn() {
    assertThat(action(0x00080020, ProfileOption.RETAIN_FULL_DATES)).isEqualTo(Action.KEEP);
    assertThat(action(0x00080020, ProfileOption.RETAIN_MODIFIED_DATES)).isEqualTo(Action.CLEAN);
    assertThat(action(0x00100030, ProfileOption.RETAIN_FULL_DATES)).isEqualTo(Action.EMPTY);
    assertThat(action(0x0008103E, ProfileOption.CLEAN_DESCRIPTORS)).isEqualTo(Action.CLEAN);
    assertThat(action(0x0040A730, ProfileOption.CLEAN_STRUCTURED_CONTENT)).isEqualTo(Action.CLEAN);
    assertThat(action(0x00700001, ProfileOption.CLEAN_GRAPHICS)).isEqualTo(Action.CLEAN);
    assertThat(action(0x00100040, ProfileOption.RETAIN_PATIENT_CHARACTERISTICS))
        .isEqualTo(Action.KEEP);
    assertThat(action(0x00181000, ProfileOption.RETAIN_DEVICE_IDENTITY)).isEqualTo(Action.KEEP);
    assertThat(action(0x00080080, ProfileOption.RETAIN_INSTITUTION_IDENTITY))
        .isEqualTo(Action.KEEP);
    assertThat(action(0x00080018, ProfileOption.RETAIN_UIDS)).isEqualTo(Action.KEEP);
  }

  @Test
  void ofSeveralOptionsTheOneThatRetainsTheMostCounts() {
    assertThat(
            new Profile.Rule(
                    Action.REMOVE,
                    Map.of(
                        ProfileOption.CLEAN_DESCRIPTORS, Action.CLEAN,
                        ProfileOption.RETAIN_DEVICE_IDENTITY, Action.KEEP))
                .action(
                    new Policy(
                        Set.of(
                            ProfileOption.CLEAN_DESCRIPTORS, ProfileOption.RETAIN_DEVICE_IDENTITY),
                        ProjectSecret.random(),
                        false)))
        .isEqualTo(Action.KEEP);
  }

  @Test
  void datesMoveByWholeDaysAndTimesStay() {
    assertThat(Dates.date("20240301", 1)).contains("20240229");
    assertThat(Dates.date("2024.03.01", 366)).contains("20230301");
    assertThat(Dates.date("20240231", 1)).isEmpty();
    assertThat(Dates.date("00010101", 1)).isEmpty();
    assertThat(Dates.date("yesterday", 1)).isEmpty();
    assertThat(Dates.dateTime("20240301123456.789+0100", 1)).contains("20240229123456.789+0100");
    assertThat(Dates.dateTime("202403", 1)).isEmpty();
  }

  /** Golden values of Python: hmac.new(secret, b"UID\\0" + uid, "sha256"), see pseudonyms.py. */
  @Test
  void newUidsAreHmacsWithTheSecret() {
    Pseudonyms pseudonyms = new Pseudonyms(ProjectSecret.of(new byte[16]));
    assertThat(pseudonyms.uid("1.2.3")).isEqualTo("2.25.189930617286463471911940358502936374901");
    assertThat(pseudonyms.name("Patient", "ID 1CT1")).isEqualTo("P27B531111B4358C4");
    assertThat(pseudonyms.days("ID 1CT1")).isEqualTo(1041);
    assertThat(new Pseudonyms(ProjectSecret.random()).uid("1.2.3"))
        .isNotEqualTo(pseudonyms.uid("1.2.3"));
  }

  @Test
  void cleanTextHoldsWordsOfTheVocabularyAndShortNumbersOnly() {
    Words words = new Words();
    words.forbid("Chest^Miller 4711");
    assertThat(words.clean("CT ABDOMEN/PELVIS 5mm, Herr Miller, tel 0815-4711, chest"))
        .isEqualTo("CT ABDOMEN PELVIS 5mm [...]");
    assertThat(words.clean("Schmidt")).isEmpty();
    assertThat(words.clean("20240301")).isEmpty();
    assertThat(words.names("made by miller")).isTrue();
    assertThat(words.names("made by millers")).isFalse();
  }

  @Test
  void theVocabularyIsSortedAndHasNoWordTwice() {
    List<String> words = Resources.lines("vocabulary.txt");
    assertThat(words).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(400);
  }
}
