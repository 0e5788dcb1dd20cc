package org.llavamed.study.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.StudyTree.Plane;
import org.llavamed.imaging.StudyTree.Vector;

/** Reads the planes of images (PS3.3 C.7.6.2) and of the frames of enhanced ones (C.7.6.16.2.4). */
final class Planes {
  private static final double SHORTEST_NORMAL = 0.5;

  private Planes() {}

  /** Reads the plane of an image of one frame; empty where the attributes describe none. */
  static Optional<Plane> of(Attributes attributes) {
    return plane(
        attributes.numbers(Tag.ImageOrientationPatient),
        attributes.numbers(Tag.ImagePositionPatient));
  }

  /** Reads the planes of all frames; empty where one of them has none. */
  static List<Plane> ofFrames(Attributes attributes) {
    var planes = new ArrayList<Plane>();
    List<? extends Attributes> shared =
        attributes.items(Tag.SharedFunctionalGroupsSequence).stream().limit(1).toList();
    for (Attributes frame : attributes.items(Tag.PerFrameFunctionalGroupsSequence)) {
      Optional<Plane> plane =
          plane(
              numbers(frame, shared, Tag.PlaneOrientationSequence, Tag.ImageOrientationPatient),
              numbers(frame, shared, Tag.PlanePositionSequence, Tag.ImagePositionPatient));
      if (plane.isEmpty()) {
        return List.of();
      }
      planes.add(plane.get());
    }
    return planes;
  }

  private static List<Double> numbers(
      Attributes frame, List<? extends Attributes> shared, int sequence, int tag) {
    List<Double> own = numbers(frame, sequence, tag);
    return own.isEmpty() && !shared.isEmpty() ? numbers(shared.get(0), sequence, tag) : own;
  }

  private static List<Double> numbers(Attributes groups, int sequence, int tag) {
    List<? extends Attributes> items = groups.items(sequence);
    return items.isEmpty() ? List.of() : items.get(0).numbers(tag);
  }

  private static Optional<Plane> plane(List<Double> orientation, List<Double> position) {
    if (orientation.size() != 6 || position.size() != 3) {
      return Optional.empty();
    }
    Vector row = vector(orientation, 0);
    Vector column = vector(orientation, 3);
    Vector across = row.cross(column);
    double length = Math.sqrt(across.dot(across));
    Vector normal = new Vector(across.x() / length, across.y() / length, across.z() / length);
    Plane plane = new Plane(row, column, vector(position, 0), normal);
    return length > SHORTEST_NORMAL && Double.isFinite(plane.distance())
        ? Optional.of(plane)
        : Optional.empty();
  }

  private static Vector vector(List<Double> numbers, int first) {
    return new Vector(numbers.get(first), numbers.get(first + 1), numbers.get(first + 2));
  }
}
