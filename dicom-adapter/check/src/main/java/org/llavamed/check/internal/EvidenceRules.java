package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;

/** What a document says of others: its evidence, and the coding schemes that are its own. */
public final class EvidenceRules {
  private static final String SECTION = "PS3.3 C.17.2.3";
  private static final String PRIVATE = "99";
  private static final int[] SEQUENCES = {
    Tag.CurrentRequestedProcedureEvidenceSequence, Tag.PertinentOtherEvidenceSequence
  };

  private final Problems problems;

  /** Makes the rules. */
  public EvidenceRules(Problems problems) {
    this.problems = problems;
  }

  /** Checks that the evidence sequences list what the tree refers to, and that schemes are told. */
  public void check(Attributes object, Item root) {
    Map<String, String> evidence = new HashMap<>();
    for (int sequence : SEQUENCES) {
      object.items(sequence).stream()
          .flatMap(study -> study.items(Tag.ReferencedSeriesSequence).stream())
          .flatMap(series -> series.items(Tag.ReferencedSOPSequence).stream())
          .forEach(instance -> take(evidence, instance, sequence));
    }
    Set<String> unused = new HashSet<>(evidence.keySet());
    root.forEach(
        item -> {
          for (Attributes reference : references(item)) {
            checkReference(item, reference, evidence);
            unused.remove(reference.string(Tag.ReferencedSOPInstanceUID).orElse(""));
          }
        });
    unused.stream()
        .sorted()
        .forEach(
            uid ->
                problems.warning(
                    Dictionary.describe(SEQUENCES[0]),
                    "lists %s, to which the content tree does not refer".formatted(uid),
                    SECTION));
    checkSchemes(object, root);
  }

  /** Returns what an item refers to, and the presentation states of these (PS3.3 C.18.4). */
  private static List<Attributes> references(Item item) {
    List<Attributes> references = new ArrayList<>();
    for (Attributes reference : item.data().items(Tag.ReferencedSOPSequence)) {
      references.add(reference);
      references.addAll(reference.items(Tag.ReferencedSOPSequence));
    }
    return references;
  }

  private void take(Map<String, String> evidence, Attributes instance, int sequence) {
    String uid = instance.string(Tag.ReferencedSOPInstanceUID).orElse("");
    String other = evidence.put(uid, instance.string(Tag.ReferencedSOPClassUID).orElse(""));
    if (other != null) {
      problems.warning(
          Dictionary.describe(sequence), "lists %s a second time".formatted(uid), SECTION);
    }
  }

  private void checkReference(Item item, Attributes reference, Map<String, String> evidence) {
    String uid = reference.string(Tag.ReferencedSOPInstanceUID).orElse("");
    String sopClass = reference.string(Tag.ReferencedSOPClassUID).orElse("");
    String listed = evidence.get(uid);
    if (uid.isEmpty()) {
      return;
    }
    if (listed == null) {
      problems.error(
          item.place(),
          "refers to %s, which neither %s nor %s lists"
              .formatted(uid, Dictionary.describe(SEQUENCES[0]), Dictionary.describe(SEQUENCES[1])),
          SECTION);
    } else if (!listed.equals(sopClass)) {
      problems.error(
          item.place(),
          "refers to %s as an object of class %s, the evidence lists it as of class %s"
              .formatted(uid, sopClass, listed),
          SECTION);
    }
  }

  private void checkSchemes(Attributes object, Item root) {
    Set<String> told = new HashSet<>();
    object
        .items(Tag.CodingSchemeIdentificationSequence)
        .forEach(item -> item.string(Tag.CodingSchemeDesignator).ifPresent(told::add));
    root.forEach(
        item ->
            List.of(item.name(), item.code(), Quantities.unit(item)).stream()
                .flatMap(term -> term.stream())
                .map(Term::scheme)
                .filter(scheme -> scheme.startsWith(PRIVATE) && told.add(scheme))
                .forEach(
                    scheme ->
                        problems.warning(
                            Dictionary.describe(Tag.CodingSchemeIdentificationSequence),
                            "does not tell what the private scheme %s is"
                                .formatted(Problems.quote(scheme)),
                            "PS3.3 C.12.1")));
  }
}
