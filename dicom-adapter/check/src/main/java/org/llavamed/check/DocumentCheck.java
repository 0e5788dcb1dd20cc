package org.llavamed.check;

import java.util.List;
import java.util.Optional;
import org.llavamed.check.internal.ContentRules;
import org.llavamed.check.internal.EvidenceRules;
import org.llavamed.check.internal.FileRules;
import org.llavamed.check.internal.Iods;
import org.llavamed.check.internal.Item;
import org.llavamed.check.internal.ModuleRules;
import org.llavamed.check.internal.Problems;
import org.llavamed.check.internal.Relationships;
import org.llavamed.check.internal.TemplateRules;
import org.llavamed.check.internal.ValueRules;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ObjectCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Checks values of all objects, modules of those that are listed in {@code iods.tsv}, and content
 * trees of SR documents and Key Object Selections. Takes milliseconds a document. Immutable.
 */
@Component(service = ObjectCheck.class)
public final class DocumentCheck implements ObjectCheck {
  /** Makes a check with the tables of the bundle. */
  @Activate
  public DocumentCheck() {}

  @Override
  public List<Problem> check(DicomObject object) {
    Problems problems = new Problems();
    if (object instanceof Part10Object file) {
      new FileRules(problems).check(file);
    }
    check(object.attributes(), problems);
    return problems.list();
  }

  /** As {@link #check(DicomObject)}, for an object in memory. */
  public List<Problem> check(Attributes object) {
    Problems problems = new Problems();
    check(object, problems);
    return problems.list();
  }

  private static void check(Attributes object, Problems problems) {
    String sopClass = object.string(Tag.SOPClassUID).orElse("");
    Optional<Iods.Iod> iod = Iods.of(sopClass);
    new ValueRules(iod.map(Iods.Iod::name).orElse(""), problems).check(object);
    if (iod.isEmpty()) {
      problems.warning(
          Dictionary.describe(Tag.SOPClassUID),
          "is %s, whose modules are not known here: only values were checked"
              .formatted(sopClass.isEmpty() ? "missing" : sopClass),
          "PS3.4 B.5");
      return;
    }
    new ModuleRules(problems).check(object, iod.get());
    Relationships.of(sopClass).ifPresent(rules -> checkContent(object, rules, problems));
  }

  private static void checkContent(Attributes object, Relationships rules, Problems problems) {
    Item root = Item.root(object);
    new ContentRules(rules, problems).check(root);
    new EvidenceRules(problems).check(object, root);
    new TemplateRules(problems).check(root, rules.fixedTemplate());
  }
}
