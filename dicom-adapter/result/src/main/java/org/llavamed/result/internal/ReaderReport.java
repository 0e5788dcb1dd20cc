package org.llavamed.result.internal;

import static org.llavamed.result.internal.ContentItem.code;
import static org.llavamed.result.internal.ContentItem.container;
import static org.llavamed.result.internal.ContentItem.image;
import static org.llavamed.result.internal.ContentItem.percent;
import static org.llavamed.result.internal.ContentItem.text;

import java.util.ArrayList;
import java.util.List;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.result.internal.ContentItem.Relationship;

/**
 * The content tree for readers, of a shape that viewers show in full: every container SEPARATE,
 * every contained item named, the question as text beside its answer, and pictures only as what an
 * answer is inferred from.
 */
final class ReaderReport {
  private final Provenance provenance;

  ReaderReport(Provenance provenance) {
    this.provenance = provenance;
  }

  /** Returns the root of the tree. */
  ContentItem root() {
    List<ContentItem> children = new ArrayList<>();
    children.add(text(Relationship.CONTAINS, Concepts.NOTICE, ResearchMark.NOTICE));
    children.addAll(Observer.context(provenance));
    provenance.annotation().readings().forEach(reading -> children.add(picture(reading)));
    children.add(text(Relationship.CONTAINS, Concepts.PROVENANCE, provenance.sentence()));
    return container(Concepts.REPORT_TITLE, children);
  }

  private static ContentItem picture(Reading reading) {
    List<ContentItem> children = new ArrayList<>();
    children.add(text(Relationship.CONTAINS, Concepts.HEADER, Words.header(reading)));
    reading.findings().forEach(finding -> children.add(finding(reading, finding)));
    return container(Concepts.PICTURE, children);
  }

  private static ContentItem finding(Reading reading, Finding finding) {
    List<ContentItem> sources =
        PictureReference.of(reading)
            .map(picture -> image(Relationship.INFERRED_FROM, null, picture))
            .map(List::of)
            .orElse(List.of());
    List<ContentItem> children = new ArrayList<>();
    children.add(
        text(Relationship.CONTAINS, Concepts.QUESTION, Words.lines(finding.question().text())));
    children.add(
        text(Relationship.CONTAINS, Concepts.ANSWER, Words.answer(finding.answer())).with(sources));
    finding
        .code()
        .ifPresent(
            answer -> children.add(code(Relationship.CONTAINS, Concepts.CODED_ANSWER, answer)));
    children.add(percent(Concepts.PROBABILITY, Words.percent(finding.answer().probability())));
    return container(Concepts.FINDING, children);
  }
}
