package org.llavamed.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.ObjectCheck.Problem;

/** Whatever a document holds, the check says what is wrong and fails with nothing. */
class HostileDocumentsTest {
  private static final long SEED = 20261124;
  private static final int ROUNDS = 50;
  private static final int MOST_FAULTS = 6;

  static List<String> documents() {
    return Documents.NAMES;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void documentsWithRandomFaultsAreChecked(String name) {
    System.out.println("seed " + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    DataSet valid = Documents.read(name);
    DocumentCheck check = new DocumentCheck();
    int found = 0;
    for (int round = 0; round < ROUNDS; round++) {
      DataSet object = DataSet.copyOf(valid);
      for (int i = random.nextInt(MOST_FAULTS); i >= 0; i--) {
        damage(object, random);
      }
      List<Problem> problems = new ArrayList<>();
      assertThatCode(() -> problems.addAll(check.check(object)))
          .as("round %d", round)
          .doesNotThrowAnyException();
      found += problems.isEmpty() ? 0 : 1;
    }
    assertThat(found).isGreaterThan(ROUNDS / 2);
  }

  @Test
  void aReferenceIsReadOnceHoweverManyRulesFollowIt() {
    DataSet object = Documents.read("qualitative");
    new Tree(object).find("126010").add(Tree.reference("CONTAINS", 1, 13, 1));
    AtomicInteger read = new AtomicInteger();
    new DocumentCheck().check(counting(object, read));
    assertThat(read.get()).isEqualTo(1);
  }

  /** Returns attributes that count how often the identifier of a reference is read as numbers. */
  private static Attributes counting(Attributes attributes, AtomicInteger read) {
    return (Attributes)
        Proxy.newProxyInstance(
            HostileDocumentsTest.class.getClassLoader(),
            new Class<?>[] {Attributes.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("numbers")
                  && arguments[0].equals(Tag.ReferencedContentItemIdentifier)) {
                read.incrementAndGet();
              }
              Object result = method.invoke(attributes, arguments);
              return method.getName().equals("items")
                  ? ((List<?>) result)
                      .stream().map(item -> counting((Attributes) item, read)).toList()
                  : result;
            });
  }

  /** Goes down to some item and damages one of its attributes. */
  private static void damage(DataSet object, SplittableRandom random) {
    List<Integer> tags = List.copyOf(object.tags());
    if (tags.isEmpty()) {
      return;
    }
    int tag = tags.get(random.nextInt(tags.size()));
    List<DataSet> items = object.items(tag);
    if (!items.isEmpty() && random.nextInt(8) > 0) {
      damage(items.get(random.nextInt(items.size())), random);
      return;
    }
    switch (random.nextInt(7)) {
      case 0 -> object.remove(tag);
      case 1 -> object.putEmpty(tag, Vr.of(object.vr(tag).orElseThrow()).orElseThrow());
      case 2 -> object.putBytes(tag, Vr.LO, new byte[] {'\\', '\\', 27, (byte) 0xFF});
      case 3 -> object.putItems(tag, new DataSet(), DataSet.copyOf(object));
      case 4 ->
          object.putDoubles(
              Tag.ReferencedContentItemIdentifier, Vr.FD, 1, Double.NaN, random.nextInt(9));
      case 5 -> object.putInts(Tag.ReferencedContentItemIdentifier, Vr.UL, 1, random.nextInt(9), 1);
      default -> object.putBytes(tag, Vr.CS, "CONTAINER".getBytes(StandardCharsets.US_ASCII));
    }
  }
}
