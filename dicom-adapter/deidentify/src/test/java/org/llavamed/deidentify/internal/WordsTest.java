package org.llavamed.deidentify.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  /** Frequent surnames of several countries that are words of English as well. */
  private static final Set<String> SURNAMES =
      Set.of(
          "an", "baker", "black", "brown", "carter", "church", "clay", "cook", "cross", "day",
          "fisher", "fox", "france", "gray", "green", "hand", "hill", "king", "lane", "lao", "long",
          "may", "miller", "page", "park", "price", "rice", "rich", "rose", "short", "small",
          "smith", "song", "stone", "sun", "taylor", "van", "wall", "white", "wolf", "wood",
          "young");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "born 12.03.65, tel 06 12 34 56 78|''",
        "chest 12.03.65, tel 06 12 34 56 78|chest [...]",
        "chest 06 12 34 56 78 mm|chest [...]",
        "chest 5|chest [...]",
        "chest 5mm, 1.5 T, 2,5 mm and 120kV|chest 5mm 1.5 T 2,5 mm and 120kV",
        "chest 12.03 cm|chest [...]",
        "chest 65 mm|chest [...]",
        "chest 1965|chest [...]",
        "chest 12-03-65 mm|chest [...]",
        "Pneumonia excluded.|Pneumonia [...].",
        "Pneumonia excluded. Heart is normal.|Pneumonia [...]. Heart is normal.",
        "Heart. Mrs Smith. Lung|Heart. [...]. Lung",
        "CT by Schmidt of Lung|CT by [...] of Lung",
        "Schmidt|''"
      })
  void whatIsDroppedLeavesAMarkAndNumbersNeedAUnit(String text, String clean) {
    Words words = new Words();
    words.forbidBirth(LocalDate.of(1965, 3, 12));
    assertThat(words.clean(text)).isEqualTo(clean);
  }

  @Test
  void theVocabularyHoldsNoFrequentSurname() {
    List<String> vocabulary = Resources.lines("vocabulary.txt");
    assertThat(vocabulary).doesNotContainAnyElementsOf(SURNAMES);
  }
}
