package org.llavamed.annotator.internal;

import java.util.List;
import java.util.Optional;
import org.llavamed.imaging.Attributes;

/**
 * Where a slice lies in the patient (PS3.3 C.7.6.2): unit normal of its plane and distance of the
 * plane from the origin along it.
 *
 * @param nx normal towards the patient's left
 * @param ny normal towards the patient's back
 * @param nz normal towards the patient's head
 * @param position Image Position (Patient) projected on the normal, in millimetres
 */
record Slice(double nx, double ny, double nz, double position) {
  /** Cosine between two normals above which two slices are parallel: 2.5 degrees. */
  private static final double PARALLEL = 0.999;

  /** Reads the slice; empty where the attributes are absent or describe no plane. */
  static Optional<Slice> of(Attributes attributes) {
    List<Double> o = attributes.numbers(Tags.IMAGE_ORIENTATION);
    List<Double> p = attributes.numbers(Tags.IMAGE_POSITION);
    if (o.size() != 6 || p.size() != 3) {
      return Optional.empty();
    }
    double nx = o.get(1) * o.get(5) - o.get(2) * o.get(4);
    double ny = o.get(2) * o.get(3) - o.get(0) * o.get(5);
    double nz = o.get(0) * o.get(4) - o.get(1) * o.get(3);
    double length = Math.sqrt(nx * nx + ny * ny + nz * nz);
    double position = (nx * p.get(0) + ny * p.get(1) + nz * p.get(2)) / length;
    return length > 0.5 && Double.isFinite(position)
        ? Optional.of(new Slice(nx / length, ny / length, nz / length, position))
        : Optional.empty();
  }

  boolean isParallelTo(Slice other) {
    return nx * other.nx + ny * other.ny + nz * other.nz > PARALLEL;
  }
}
