package org.llavamed.result.internal;

import static org.llavamed.result.internal.ContentItem.container;
import static org.llavamed.result.internal.ContentItem.image;
import static org.llavamed.result.internal.ContentItem.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.result.internal.ContentItem.Relationship;

/**
 * The content tree that names the pictures read: TID 2010 of PS3.16, under the title For Research
 * of CID 7010.
 */
final class KeyObjects {
  private final Provenance provenance;

  KeyObjects(Provenance provenance) {
    this.provenance = provenance;
  }

  /** Returns the root of the tree. */
  ContentItem root() {
    List<ContentItem> children = new ArrayList<>(Observer.context(provenance));
    children.add(
        text(
            Relationship.CONTAINS,
            Concepts.KEY_OBJECT_DESCRIPTION,
            ResearchMark.NOTICE
                + ". Pictures that were read, "
                + Words.line(provenance.annotation().selectionRule())
                + ". "
                + provenance.sentence()));
    provenance.annotation().readings().stream()
        .map(PictureReference::of)
        .flatMap(Optional::stream)
        .distinct()
        .forEach(picture -> children.add(image(Relationship.CONTAINS, null, picture)));
    return container(Concepts.FOR_RESEARCH, children);
  }
}
