package org.llavamed.study.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llavamed.imaging.StudyTree;
import org.llavamed.imaging.StudyTree.Instance;
import org.llavamed.imaging.StudyTree.Patient;
import org.llavamed.imaging.StudyTree.Plane;
import org.llavamed.imaging.StudyTree.Series;
import org.llavamed.imaging.StudyTree.Stack;
import org.llavamed.imaging.StudyTree.Study;
import org.llavamed.imaging.StudyTree.Vector;

/** Puts objects together by their identifiers, and remarks on those that contradict each other. */
final class Grouping {
  private static final Comparator<Instance> BY_NUMBER =
      Comparator.<Instance>comparingLong(instance -> orLast(instance.number()))
          .thenComparing(Instance::uid);

  private static final Comparator<Series> SERIES =
      Comparator.<Series>comparingLong(series -> orLast(series.number()))
          .thenComparing(Series::uid);

  private final Remarks remarks;

  Grouping(Remarks remarks) {
    this.remarks = remarks;
  }

  /** Puts the objects together, in the order in which they were found. */
  StudyTree tree(Collection<Header> headers) {
    remarkOnSharedUids(headers);
    List<Patient> patients =
        by(headers, Header::patient).values().stream()
            .map(
                ofPatient ->
                    new Patient(
                        ofPatient.get(0).patientId(),
                        ofPatient.get(0).patientName(),
                        by(ofPatient, Header::studyUid).values().stream()
                            .map(this::study)
                            .toList()))
            .toList();
    remarkOnMissingIds(headers);
    return new StudyTree(patients, remarks.list());
  }

  private static Map<String, List<Header>> by(
      Collection<Header> headers, Function<Header, String> key) {
    return headers.stream()
        .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
  }

  private Study study(List<Header> headers) {
    Header first = headers.get(0);
    return new Study(
        first.studyUid(),
        first.patientId(),
        first.studyDate(),
        first.studyDescription(),
        by(headers, Header::seriesUid).values().stream().map(this::series).sorted(SERIES).toList());
  }

  private Series series(List<Header> headers) {
    Header first = headers.get(0);
    List<Instance> instances = sorted(headers.stream().map(Header::instance).toList());
    String place = "Series " + first.seriesUid();
    remarkWhereDifferent(headers, place, "modalities", header -> header.instance().modality());
    remarkWhereDifferent(headers, place, "frames of reference", Header::frameOfReference);
    return new Series(
        first.seriesUid(),
        instances.get(0).seriesNumber(),
        first.seriesDescription(),
        instances.get(0).modality(),
        instances,
        stacks(headers, instances, place));
  }

  private List<Stack> stacks(List<Header> headers, List<Instance> instances, String place) {
    List<Plane> slices =
        byNumber(instances).stream().flatMap(instance -> instance.plane().stream()).toList();
    var stacks =
        new ArrayList<Stack>(new Stacks(instances.get(0).file(), place, remarks).of(slices));
    for (Header header : headers) {
      stacks.addAll(
          new Stacks(header.instance().file(), "Object " + header.instance().uid(), remarks)
              .of(header.frames()));
    }
    return stacks;
  }

  private static List<Instance> sorted(List<Instance> instances) {
    List<Instance> byNumber = byNumber(instances);
    if (!areParallel(byNumber)) {
      return byNumber;
    }
    Vector normal = byNumber.get(0).plane().orElseThrow().normal();
    return byNumber.stream()
        .sorted(
            Comparator.comparingDouble(
                instance -> instance.plane().orElseThrow().distanceAlong(normal)))
        .toList();
  }

  private static List<Instance> byNumber(List<Instance> instances) {
    return instances.stream().sorted(BY_NUMBER).toList();
  }

  private static boolean areParallel(List<Instance> instances) {
    return instances.get(0).plane().isPresent()
        && instances.stream()
            .allMatch(
                instance ->
                    instance
                        .plane()
                        .filter(instances.get(0).plane().get()::isParallelTo)
                        .isPresent());
  }

  private void remarkWhereDifferent(
      List<Header> headers, String place, String what, Function<Header, String> value) {
    List<String> values =
        headers.stream().map(value).filter(text -> !text.isEmpty()).distinct().toList();
    if (values.size() > 1) {
      remarks.inconsistent(
          headers.get(0).instance().file(),
          "%s: its objects have %d %s (%s). Look whether they belong together."
              .formatted(place, values.size(), what, String.join(", ", values)));
    }
  }

  private void remarkOnMissingIds(Collection<Header> headers) {
    List<Header> without = headers.stream().filter(header -> header.patientId().isEmpty()).toList();
    List<String> names = without.stream().map(Header::patientName).distinct().toList();
    if (names.size() > 1) {
      remarks.inconsistent(
          without.get(0).instance().file(),
          "%d patients have no Patient ID (0010,0020) and are told apart by their names ('%s'). Give them a Patient ID."
              .formatted(names.size(), String.join("', '", names)));
    }
  }

  private void remarkOnSharedUids(Collection<Header> headers) {
    remarkOnShared(headers, "Study", Header::studyUid, Header::patient, "patients");
    remarkOnShared(headers, "Series", Header::seriesUid, Header::studyUid, "studies");
  }

  /** Remarks on each UID that stands below several others. */
  private void remarkOnShared(
      Collection<Header> headers,
      String level,
      Function<Header, String> uid,
      Function<Header, String> above,
      String several) {
    Map<String, String> seen = new HashMap<>();
    for (Header header : headers) {
      String before = seen.putIfAbsent(uid.apply(header), above.apply(header));
      if (before != null && !before.equals(above.apply(header))) {
        remarks.inconsistent(
            header.instance().file(),
            "%s %s: its objects belong to several %s ('%s' and '%s'). Each is kept with its own; correct the identifiers."
                .formatted(level, uid.apply(header), several, before, above.apply(header)));
      }
    }
  }

  private static long orLast(OptionalInt number) {
    return number.isPresent() ? number.getAsInt() : Long.MAX_VALUE;
  }
}
