package org.llavamed.result.internal;

import static org.llavamed.result.internal.ContentItem.code;
import static org.llavamed.result.internal.ContentItem.container;
import static org.llavamed.result.internal.ContentItem.image;
import static org.llavamed.result.internal.ContentItem.percent;
import static org.llavamed.result.internal.ContentItem.text;
import static org.llavamed.result.internal.ContentItem.uid;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.Code;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.dicom.Tag;
import org.llavamed.result.internal.ContentItem.Relationship;

/**
 * The content tree for programs: TID 1500 of PS3.16. Each question about each picture has a
 * Measurement Group (TID 1501) of its own, so that answer, code, probability and picture belong
 * together without a guess. No regions: a model that answers questions marks none.
 */
final class MeasurementReport {
  private final Provenance provenance;
  private final SourceHeader source;

  MeasurementReport(Provenance provenance, SourceHeader source) {
    this.provenance = provenance;
    this.source = source;
  }

  /** Returns the root of the tree. */
  ContentItem root() {
    List<ContentItem> children = new ArrayList<>(Observer.context(provenance));
    children.addAll(Observer.details(provenance));
    procedures()
        .forEach(
            procedure ->
                children.add(
                    code(Relationship.HAS_CONCEPT_MOD, Concepts.PROCEDURE_REPORTED, procedure)));
    List<ContentItem> library = library();
    if (!library.isEmpty()) {
      children.add(
          container(
              Concepts.IMAGE_LIBRARY, List.of(container(Concepts.IMAGE_LIBRARY_GROUP, library))));
    }
    children.add(container(Concepts.IMAGING_MEASUREMENTS, groups()));
    return container(Concepts.MEASUREMENT_REPORT, children);
  }

  private List<Code> procedures() {
    List<Code> procedures = source.procedures();
    return procedures.isEmpty() ? List.of(Concepts.IMAGING_PROCEDURE) : procedures;
  }

  /** TID 1601: each picture read, with its modality. */
  private List<ContentItem> library() {
    Set<ContentItem> entries = new LinkedHashSet<>();
    for (Reading reading : provenance.annotation().readings()) {
      Optional<Code> modality =
          reading.object().attributes().string(Tag.Modality).flatMap(Concepts::modality);
      List<ContentItem> descriptors =
          modality
              .map(term -> code(Relationship.HAS_ACQ_CONTEXT, Concepts.MODALITY, term))
              .map(List::of)
              .orElse(List.of());
      PictureReference.of(reading)
          .filter(PictureReference::isImage)
          .map(picture -> image(Relationship.CONTAINS, null, picture).with(descriptors))
          .ifPresent(entries::add);
    }
    return List.copyOf(entries);
  }

  private List<ContentItem> groups() {
    List<ContentItem> groups = new ArrayList<>();
    for (Reading reading : provenance.annotation().readings()) {
      for (Finding finding : reading.findings()) {
        groups.add(group(reading, finding));
      }
    }
    return groups;
  }

  private ContentItem group(Reading reading, Finding finding) {
    List<ContentItem> children = new ArrayList<>();
    children.add(
        text(
            Relationship.HAS_OBS_CONTEXT,
            Concepts.TRACKING_IDENTIFIER,
            Words.line(finding.question().id() + ": " + Words.header(reading))));
    children.add(
        uid(
            Relationship.HAS_OBS_CONTEXT,
            Concepts.TRACKING_UID,
            provenance.trackingUid(reading, finding)));
    children.addAll(algorithm(reading, finding));
    children.addAll(evaluations(finding));
    children.add(percent(Concepts.PROBABILITY, Words.percent(finding.answer().probability())));
    PictureReference.of(reading)
        .map(picture -> image(Relationship.CONTAINS, Concepts.SOURCE, picture))
        .ifPresent(children::add);
    return container(Concepts.MEASUREMENT_GROUP, children);
  }

  /** TID 4019. */
  private List<ContentItem> algorithm(Reading reading, Finding finding) {
    List<ContentItem> items = new ArrayList<>();
    items.add(text(Relationship.HAS_CONCEPT_MOD, Concepts.ALGORITHM_NAME, provenance.modelName()));
    items.add(
        text(Relationship.HAS_CONCEPT_MOD, Concepts.ALGORITHM_VERSION, provenance.modelVersion()));
    for (String parameter : provenance.parameters(reading, finding)) {
      items.add(
          text(Relationship.HAS_CONCEPT_MOD, Concepts.ALGORITHM_PARAMETERS, Words.line(parameter)));
    }
    return items;
  }

  /** The notice, the whole question, the answer as text and, where it has one, as a code. */
  private static List<ContentItem> evaluations(Finding finding) {
    Code concept = Concepts.of(finding.question());
    List<ContentItem> items = new ArrayList<>();
    items.add(text(Relationship.CONTAINS, Concepts.NOTICE, ResearchMark.NOTICE));
    items.add(
        text(Relationship.CONTAINS, Concepts.QUESTION, Words.lines(finding.question().text())));
    items.add(text(Relationship.CONTAINS, concept, Words.said(finding.answer())));
    finding.code().ifPresent(answer -> items.add(code(Relationship.CONTAINS, concept, answer)));
    return items;
  }
}
