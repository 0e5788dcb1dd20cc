package org.llavamed.imaging;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Patients, studies, series and instances (PS3.3 section 7.3.1), as found in files. Only a few
 * numbers and names of each object are kept, so that a folder of many thousand files fits into
 * memory.
 *
 * @param patients in the order in which their first object was found
 * @param remarks what was left out, what failed and what does not fit together
 */
public record StudyTree(List<Patient> patients, List<Remark> remarks) {
  public StudyTree {
    patients = List.copyOf(patients);
    remarks = List.copyOf(remarks);
  }

  /** Returns the studies of all patients. */
  public Stream<Study> studies() {
    return patients.stream().flatMap(patient -> patient.studies().stream());
  }

  /**
   * A patient.
   *
   * @param id Patient ID (0010,0020); empty where absent
   * @param name Patient's Name (0010,0010); empty where absent
   * @param studies at least one
   */
  public record Patient(String id, String name, List<Study> studies) {
    public Patient {
      studies = List.copyOf(studies);
    }
  }

  /**
   * A study. Objects of two patients that carry one Study Instance UID are two studies.
   *
   * @param uid Study Instance UID (0020,000D)
   * @param patientId Patient ID (0010,0020); empty where absent
   * @param date Study Date (0008,0020), as it stands; empty where absent
   * @param description Study Description (0008,1030); empty where absent
   * @param series at least one, by Series Number, those without a number last
   */
  public record Study(
      String uid, String patientId, String date, String description, List<Series> series) {
    public Study {
      series = List.copyOf(series);
    }
  }

  /**
   * A series.
   *
   * @param uid Series Instance UID (0020,000E)
   * @param number Series Number (0020,0011)
   * @param description Series Description (0008,103E); empty where absent
   * @param modality Modality (0008,0060) of its first instance
   * @param instances at least one. Parallel slices go by their position along the normal of that
   *     with the least Instance Number; where positions are missing or planes differ, and among
   *     equals, objects go by Instance Number, those without a number last, then by SOP Instance
   *     UID
   * @param stacks the parallel slices of the series, of each orientation those of several images or
   *     frames
   */
  public record Series(
      String uid,
      OptionalInt number,
      String description,
      String modality,
      List<Instance> instances,
      List<Stack> stacks) {
    public Series {
      instances = List.copyOf(instances);
      stacks = List.copyOf(stacks);
    }
  }

  /**
   * An object.
   *
   * @param file where it lies
   * @param uid SOP Instance UID (0008,0018)
   * @param sopClassUid SOP Class UID (0008,0016); empty where absent
   * @param modality Modality (0008,0060), upper case; {@code OT} where absent
   * @param bodyPart Body Part Examined (0018,0015), upper case; empty where absent
   * @param seriesNumber Series Number (0020,0011)
   * @param number Instance Number (0020,0013)
   * @param frames Number of Frames (0028,0008), at least 1
   * @param content what kind of object it is
   * @param plane where it lies in the patient, for objects of one frame
   */
  public record Instance(
      Path file,
      String uid,
      String sopClassUid,
      String modality,
      String bodyPart,
      OptionalInt seriesNumber,
      OptionalInt number,
      int frames,
      Content content,
      Optional<Plane> plane) {}

  /** What kind of object an instance is. */
  public enum Content {
    /** It has pixels. */
    PICTURE,
    /** It has pixels, and Image Type (0008,0008) calls it a localizer. */
    LOCALIZER,
    /** It has no pixels. */
    NO_PIXELS,
    /** It is a result of this program. */
    RESULT
  }

  /**
   * A direction, or a point of the patient coordinate system, in millimetres: x to the left hand, y
   * to the back, z to the head (PS3.3 C.7.6.2.1.1).
   */
  public record Vector(double x, double y, double z) {
    /** Returns the scalar product. */
    public double dot(Vector other) {
      return x * other.x + y * other.y + z * other.z;
    }

    /** Returns the vector product. */
    public Vector cross(Vector other) {
      return new Vector(
          y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x);
    }
  }

  /**
   * The plane of an image (PS3.3 C.7.6.2).
   *
   * @param row direction of the rows: first three values of Image Orientation (Patient) (0020,0037)
   * @param column direction of the columns: last three values
   * @param position centre of the first pixel: Image Position (Patient) (0020,0032)
   * @param normal unit normal, {@code row x column}
   */
  public record Plane(Vector row, Vector column, Vector position, Vector normal) {
    /** Cosine between two normals above which two planes are parallel: 2.5 degrees. */
    private static final double PARALLEL = 0.999;

    /** Returns the position projected on the plane's own normal, in millimetres. */
    public double distance() {
      return distanceAlong(normal);
    }

    /** Returns the position projected on a unit normal, that of a stack, in millimetres. */
    public double distanceAlong(Vector unitNormal) {
      return unitNormal.dot(position);
    }

    /** Returns whether another plane faces the same way, within 2.5 degrees. */
    public boolean isParallelTo(Plane other) {
      return normal.dot(other.normal) > PARALLEL;
    }
  }

  /**
   * Parallel slices.
   *
   * @param normal unit normal of the slice with the least Instance Number, or of the first frame
   * @param positions how many different positions along the normal there are
   * @param volumes how many slices each position has; 0 where their numbers differ
   * @param spacing median distance of neighbouring positions, in millimetres; empty for one
   *     position
   */
  public record Stack(Vector normal, int positions, int volumes, OptionalDouble spacing) {
    /** Returns whether a plane faces the way of the stack, within 2.5 degrees. */
    public boolean isParallelTo(Plane plane) {
      return normal.dot(plane.normal()) > Plane.PARALLEL;
    }
  }

  /**
   * Something to be said about an input.
   *
   * @param kind what it is about
   * @param file the file, or the folder or archive that it is about
   * @param text for {@link Kind#LEFT_OUT} a reason in a few words, else a sentence that says where,
   *     what and what to do
   */
  public record Remark(Kind kind, Path file, String text) {
    /** What a remark is about. */
    public enum Kind {
      /** A file that was left out, and that is no error. */
      LEFT_OUT,
      /** A file that could not be read or used. */
      FAILED,
      /** Objects that were taken but do not fit together. */
      INCONSISTENT,
      /** A stack with missing, surplus or unevenly spaced slices. */
      GEOMETRY
    }
  }
}
