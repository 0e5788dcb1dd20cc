package org.llavamed.check;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/** Valid documents with one small fault each, and what the check has to say of it. */
final class Mutants {
  private static final String QUALITATIVE = "qualitative";
  private static final String MEASURED = "measured";
  private static final String GROUP = "125007";

  /**
   * A mutant.
   *
   * @param name what is wrong
   * @param document the valid document
   * @param fault makes it wrong
   * @param expected a part of the problem, as text with severity in front
   */
  record Mutant(String name, String document, Consumer<DataSet> fault, String expected) {
    /** Returns the document with its fault. */
    DataSet make() {
      DataSet object = Documents.read(document);
      fault.accept(object);
      return object;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private Mutants() {}

  static List<Mutant> all() {
    List<Mutant> mutants = new ArrayList<>();
    mutants.addAll(templates());
    mutants.addAll(groups());
    mutants.addAll(regions());
    mutants.addAll(contents());
    mutants.addAll(evidence());
    mutants.addAll(modules());
    return mutants;
  }

  private static Mutant tree(String name, Consumer<Tree> fault, String expected) {
    return new Mutant(name, QUALITATIVE, object -> fault.accept(new Tree(object)), expected);
  }

  private static Mutant tree(String name, String document, Consumer<Tree> fault, String expected) {
    return new Mutant(name, document, object -> fault.accept(new Tree(object)), expected);
  }

  private static Mutant object(String name, Consumer<DataSet> fault, String expected) {
    return new Mutant(name, QUALITATIVE, fault, expected);
  }

  private static List<Mutant> templates() {
    return List.of(
        tree(
            "Imaging Measurements missing",
            tree -> tree.remove("126010"),
            "ERROR content item 1 'Imaging Measurement Report': has no CONTAINER (126010, DCM,"),
        tree(
            "Imaging Measurements renamed",
            tree -> tree.find("126010").rename("126999", "DCM", "Imaging Findings"),
            "has no CONTAINER (126010, DCM, \"Imaging Measurements\"), which is mandatory"
                + " (PS3.16 TID 1500 row 6)"),
        tree(
            "Imaging Measurements with INFERRED FROM",
            tree -> tree.find("126010").relate("INFERRED FROM"),
            "'Imaging Measurements': has relationship 'INFERRED FROM' with its parent, expected"
                + " CONTAINS (PS3.16 TID 1500 row 6)"),
        tree(
            "Procedure Reported missing",
            tree -> tree.remove("121058"),
            "has no CODE (121058, DCM, \"Procedure reported\"), which is mandatory"
                + " (PS3.16 TID 1500 row 4)"),
        tree(
            "Procedure Reported with CONTAINS",
            tree -> tree.find("121058").relate("CONTAINS"),
            "has relationship 'CONTAINS' with its parent, expected HAS CONCEPT MOD"
                + " (PS3.16 TID 1500 row 4)"),
        tree(
            "language outside its context group",
            tree -> tree.find("121049").code("xx", "99LANG", "Elvish"),
            "expected a language of CID 5000, for example (en, RFC5646) (PS3.16 TID 1204 row 1)"),
        tree(
            "language at the end",
            Tree::rotate,
            "stands behind items of row 6, the order is significant (PS3.16 TID 1204 row 1)"),
        tree(
            "country of the language unknown",
            tree ->
                tree.find("121049")
                    .add(Tree.code("HAS CONCEPT MOD", "121046", "Country of Language", "ZZ")),
            "expected a country of CID 5001"),
        tree(
            "item in a template that may not be extended",
            tree -> tree.find("121049").add(Tree.text("HAS CONCEPT MOD", "111002", "a", "b")),
            "is no item of TID 1204, which may not be extended"),
        object(
            "template id 9999",
            object ->
                object
                    .items(Tag.ContentTemplateSequence)
                    .get(0)
                    .putString(Tag.TemplateIdentifier, Vr.CS, "9999"),
            "follows template 9999, its title belongs to TID 1500 of DCMR"),
        object(
            "template of another mapping resource",
            object ->
                object
                    .items(Tag.ContentTemplateSequence)
                    .get(0)
                    .putString(Tag.MappingResource, Vr.CS, "99LOCAL"),
            "follows template 1500 of 99LOCAL, its title belongs to TID 1500"),
        object(
            "template not told",
            object -> object.remove(Tag.ContentTemplateSequence),
            "follows no template, its title belongs to TID 1500 of DCMR"),
        tree(
            "another title",
            tree -> tree.root().rename("18748-4", "LN", "Diagnostic imaging report"),
            "has a title that is not of CID 7021, though that may be extended (PS3.16 TID 1500 row 1)"),
        tree(
            "observer type outside its context group",
            tree -> tree.find("121005").code("121999", "DCM", "Oracle"),
            "is (121999, DCM, \"Oracle\"), which is not in CID 270 (PS3.16 TID 1002 row 1)"),
        tree(
            "Device Observer UID missing",
            tree -> tree.remove("121012"),
            "has no UIDREF (121012, DCM, \"Device Observer UID\"), which is mandatory"
                + " (PS3.16 TID 1004 row 1)"),
        tree(
            "Person Observer Name as TEXT",
            tree -> tree.find("121008").become("TEXT", Tag.TextValue, Vr.UT, "Foo"),
            "is TEXT, expected PNAME (121008, DCM, \"Person Observer Name\")"),
        tree(
            "modality of a library image outside its context group",
            tree -> tree.find("121139").code("ZZ", "DCM", "Zeppelin"),
            "'Modality': is (ZZ, DCM, \"Zeppelin\"), which is not in"
                + " CID 29, though that may be extended"),
        tree(
            "rows of a library image in millimetres",
            tree -> tree.find("110910").unit("mm"),
            "has unit (mm, UCUM, \"mm\"), expected {pixels},UCUM (PS3.16 TID 1602 row 11)"));
  }

  private static List<Mutant> groups() {
    return List.of(
        tree(
            "Tracking Identifier with CONTAINS",
            tree -> tree.find("112039").relate("CONTAINS"),
            "'Tracking Identifier': has relationship 'CONTAINS' with its parent, expected HAS OBS"
                + " CONTEXT (PS3.16 TID 1501 row 2)"),
        tree(
            "Tracking Identifier twice",
            tree ->
                tree.find(GROUP).add(Tree.text("HAS OBS CONTEXT", "112039", "Tracking", "other")),
            "is item 2 TEXT (112039, DCM, \"Tracking Identifier\"), expected at most 1"
                + " (PS3.16 TID 1501 row 2)"),
        tree(
            "one tracking UID for two things",
            "volumetric-surface",
            tree -> tree.find("126010").child(1).find("112040").uid(tree.find("112040")),
            "has Tracking Unique Identifier 1.2.826.0.1.3680043.10.1561.1.7.4 under Tracking"
                + " Identifier 'finding 1', which is 'finding 4' elsewhere"),
        tree(
            "Algorithm Name missing",
            tree -> tree.remove("111001"),
            "has no TEXT (111001, DCM, \"Algorithm Name\"), which is mandatory"
                + " (PS3.16 TID 4019 row 1)"),
        tree(
            "Algorithm Version missing",
            tree -> tree.remove("111003"),
            "has no TEXT (111003, DCM, \"Algorithm Version\"), which is mandatory"
                + " (PS3.16 TID 4019 row 2)"),
        tree(
            "Algorithm Version with CONTAINS",
            tree -> tree.find("111003").relate("CONTAINS"),
            "'Algorithm Version': has relationship 'CONTAINS' with its parent, expected HAS CONCEPT"
                + " MOD (PS3.16 TID 4019 row 2)"),
        tree(
            "Algorithm Version missing in a measurement",
            MEASURED,
            tree -> tree.remove("111003"),
            "'Area': has no TEXT (111003, DCM, \"Algorithm Version\"), which is mandatory"),
        tree(
            "evaluation with HAS PROPERTIES",
            tree -> tree.find("52988006").relate("HAS PROPERTIES"),
            "is CODE in the relationship HAS PROPERTIES with its parent CONTAINER, which"
                + " Comprehensive 3D SR does not allow"),
        tree(
            "source image with INFERRED FROM",
            tree -> tree.find("260753009").relate("INFERRED FROM"),
            "is IMAGE in the relationship INFERRED FROM with its parent CONTAINER"),
        tree(
            "Tracking Unique Identifier as TEXT",
            tree -> tree.find("112040").become("TEXT", Tag.TextValue, Vr.UT, "1.2.3"),
            "is TEXT, expected UIDREF (112040, DCM, \"Tracking Unique Identifier\")"),
        tree(
            "Finding as TEXT",
            tree -> tree.find("121071").become("TEXT", Tag.TextValue, Vr.UT, "nodule"),
            "'Finding': is TEXT, expected CODE (121071, DCM, \"Finding\"), unless it is an item of any"
                + " name (PS3.16 TID 1501 row 3b)"),
        tree(
            "Measurement Method of a group with CONTAINS, as highdicom 0.28.2 writes it",
            MEASURED,
            tree ->
                tree.find(GROUP)
                    .add(Tree.code("CONTAINS", "370129005", "SCT", "Measurement Method", "M")),
            "has relationship 'CONTAINS' with its parent, expected HAS CONCEPT MOD"
                + " (PS3.16 TID 1501 row 5)"),
        tree(
            "laterality outside its context group",
            MEASURED,
            tree -> tree.find("272741003").code("1", "99X", "upside"),
            "which is not in CID 244 (PS3.16 TID 1501 row 7)"),
        tree(
            "an area in seconds",
            MEASURED,
            tree -> tree.find("42798000").unit("s"),
            "is a measurement of area in 's', a unit of time; expected for example m2, dm2, cm2"),
        tree(
            "a volume in square millimetres",
            MEASURED,
            tree -> tree.find("118565006").unit("mm2"),
            "is a measurement of volume in 'mm2', a unit of area"),
        tree(
            "a probability of our own scheme in cubic millimetres",
            MEASURED,
            tree -> tree.find("118565006").rename("PROBABILITY", "99LLAVAMED", "Probability"),
            "ERROR content item 1.8.1.6 'Probability': is a measurement of probability in 'mm3', a"
                + " unit of volume; expected % (scheme 99LLAVAMED)"),
        tree(
            "a probability of our own scheme in parts per million",
            MEASURED,
            tree -> {
              Tree item = tree.find("118565006");
              item.unit("[ppm]");
              item.rename("PROBABILITY", "99LLAVAMED", "Probability");
            },
            "ERROR content item 1.8.1.6 'Probability': is a measurement of probability in '[ppm]',"
                + " which is no unit of it that is known; expected %"));
  }

  private static List<Mutant> regions() {
    return List.of(
        tree(
            "planar group without a region",
            "planar-region",
            tree -> tree.remove("111030"),
            "has no SCOORD (111030, DCM, \"Image Region\"), which is mandatory"
                + " (PS3.16 TID 1410 row 5)"),
        tree(
            "planar group with region and segment",
            "planar-region",
            tree ->
                tree.find(GROUP).add(Tree.image("121214", "Referenced Segmentation Frame", tree)),
            "has SCOORD (111030, DCM, \"Image Region\"), which is not allowed: condition of the row"
                + " 'none 7 7b'"),
        tree(
            "region that is selected from nothing",
            "planar-region",
            tree -> tree.find("111030").clear(),
            "has no IMAGE of any name, which is mandatory (PS3.16 TID 1410 row 6)"),
        tree(
            "segment without its source images",
            "volumetric-segment",
            tree -> {
              tree.remove("121233");
              tree.remove("121233");
            },
            "has no IMAGE (121233, DCM, \"Source image for segmentation\"), which is mandatory"
                + " (PS3.16 TID 1411 row 11)"),
        tree(
            "source image of a segment renamed",
            "planar-segment",
            tree -> tree.find("121233").rename("121322", "DCM", "Source image"),
            "has no IMAGE (121233, DCM, \"Source image for segmentation\"), which is mandatory"
                + " (PS3.16 TID 1410 row 8)"),
        tree(
            "volume surface without frame of reference",
            "volumetric-surface",
            tree -> tree.find("121231").item().remove(Tag.ReferencedFrameOfReferenceUID),
            "is 'SCOORD3D' without Referenced Frame of Reference UID (3006,0024)"),
        tree(
            "three-dimensional coordinates in a Comprehensive SR",
            "volumetric-surface",
            tree ->
                tree.root()
                    .item()
                    .putString(Tag.SOPClassUID, Vr.UI, "1.2.840.10008.5.1.4.1.1.88.33"),
            "has Value Type (0040,A040) 'SCOORD3D', which Comprehensive SR does not have"));
  }

  private static List<Mutant> contents() {
    return List.of(
        tree(
            "units missing",
            MEASURED,
            tree ->
                tree.find("42798000")
                    .item()
                    .items(Tag.MeasuredValueSequence)
                    .get(0)
                    .remove(Tag.MeasurementUnitsCodeSequence),
            "is 'NUM' without Measurement Units Code Sequence (0040,08EA), which is of type 1"),
        tree(
            "numeric value missing",
            MEASURED,
            tree ->
                tree.find("42798000")
                    .item()
                    .items(Tag.MeasuredValueSequence)
                    .get(0)
                    .putEmpty(Tag.NumericValue, Vr.DS),
            "is 'NUM' without Numeric Value (0040,A30A)"),
        tree(
            "an area in percent",
            MEASURED,
            tree -> tree.find("42798000").unit("%"),
            "WARNING content item 1.8.1.5 'Area': is a measurement of area in '%', which is no unit"
                + " of it that is known"),
        tree(
            "two measured values",
            MEASURED,
            tree -> {
              DataSet item = tree.find("42798000").item();
              DataSet value = item.items(Tag.MeasuredValueSequence).get(0);
              item.putItems(Tag.MeasuredValueSequence, value, DataSet.copyOf(value));
            },
            "has 2 items of Measured Value Sequence (0040,A300), expected at most one"),
        tree(
            "graphic type unknown",
            "planar-region",
            tree -> tree.find("111030").item().putString(Tag.GraphicType, Vr.CS, "BLOB"),
            "has Graphic Type (0070,0023) 'BLOB', expected POINT or MULTIPOINT"),
        tree(
            "circle of three numbers",
            "planar-region",
            tree ->
                tree.find("111030")
                    .item()
                    .putString(Tag.GraphicType, Vr.CS, "CIRCLE")
                    .putDoubles(Tag.GraphicData, Vr.FL, 1, 2, 3),
            "is a CIRCLE of 3 numbers, expected 4 (PS3.3 C.18.6.1.2)"),
        tree(
            "reference to an ancestor",
            tree -> tree.find(GROUP).add(Tree.reference("CONTAINS", 1)),
            "refers to an item that it is below, expected one that is not its ancestor"),
        tree(
            "container by reference",
            tree -> tree.find("126010").add(Tree.reference("CONTAINS", 1, 12)),
            "stands for another item (CONTAINER) in the relationship CONTAINS, which is by value"),
        tree(
            "concept modifier by reference",
            tree -> tree.find(GROUP).add(Tree.reference("HAS CONCEPT MOD", 1, 11)),
            "stands for another item (CODE) in the relationship HAS CONCEPT MOD, which is by value"),
        tree(
            "value type missing",
            tree -> tree.find("112039").item().remove(Tag.ValueType),
            "'Tracking Identifier': has no Value Type (0040,A040)"),
        tree(
            "value type unknown",
            tree -> tree.find("112039").item().putString(Tag.ValueType, Vr.CS, "STRING"),
            "has Value Type (0040,A040) 'STRING', which Comprehensive 3D SR does not have"),
        tree(
            "text missing",
            tree -> tree.find("112039").item().remove(Tag.TextValue),
            "is 'TEXT' without Text Value (0040,A160), which is of type 1"),
        tree(
            "concept name missing",
            tree -> tree.find("111003").item().remove(Tag.ConceptNameCodeSequence),
            "is 'TEXT' without Concept Name Code Sequence (0040,A043)"),
        tree(
            "code meaning missing",
            tree ->
                tree.find("121071")
                    .item()
                    .items(Tag.ConceptCodeSequence)
                    .get(0)
                    .remove(Tag.CodeMeaning),
            "Concept Code Sequence (0040,A168) has no Code Meaning (0008,0104) (PS3.3 8.8)"),
        tree(
            "coding scheme missing",
            tree ->
                tree.find("121071")
                    .item()
                    .items(Tag.ConceptNameCodeSequence)
                    .get(0)
                    .remove(Tag.CodingSchemeDesignator),
            "Concept Name Code Sequence (0040,A043) has no Coding Scheme Designator (0008,0102)"),
        tree(
            "relationship missing",
            tree -> tree.find("112039").item().remove(Tag.RelationshipType),
            "'Tracking Identifier': has no Relationship Type (0040,A010)"),
        tree(
            "Continuity Of Content wrong",
            tree -> tree.find(GROUP).item().putString(Tag.ContinuityOfContent, Vr.CS, "BROKEN"),
            "Continuity Of Content (0040,A050): is 'BROKEN', expected SEPARATE or CONTINUOUS"),
        tree(
            "Continuity Of Content missing",
            tree -> tree.find(GROUP).item().remove(Tag.ContinuityOfContent),
            "is 'CONTAINER' without Continuity Of Content (0040,A050)"),
        tree(
            "reference to an item that is not there",
            tree ->
                tree.find(GROUP)
                    .add(
                        new DataSet()
                            .putString(Tag.RelationshipType, Vr.CS, "CONTAINS")
                            .putInts(Tag.ReferencedContentItemIdentifier, Vr.UL, 1, 99)),
            "refers to a content item that is not in the tree"),
        tree(
            "malformed tracking UID",
            tree ->
                tree.find("112040")
                    .item()
                    .putBytes(Tag.UID, Vr.UI, "1.02.3".getBytes(StandardCharsets.US_ASCII)),
            "'1.02.3' is no valid UI (PS3.5 table 6.2-1)"),
        object(
            "private scheme not told",
            object -> new Tree(object).find("121071").code("1", "99SECRET", "something of our own"),
            "WARNING Coding Scheme Identification Sequence (0008,0110): does not tell what the"
                + " private scheme '99SECRET' is"));
  }

  private static List<Mutant> evidence() {
    return List.of(
        object(
            "evidence missing",
            object -> object.remove(Tag.CurrentRequestedProcedureEvidenceSequence),
            "refers to 1.2.826.0.1.3680043.10.1561.1.3.1, which neither Current Requested Procedure"
                + " Evidence Sequence (0040,A375) nor"),
        tree(
            "picture that is not in the evidence",
            tree ->
                tree.find("260753009")
                    .item()
                    .items(Tag.ReferencedSOPSequence)
                    .get(0)
                    .putString(Tag.ReferencedSOPInstanceUID, Vr.UI, "1.2.3"),
            "refers to 1.2.3, which neither"),
        tree(
            "picture of another class than in the evidence",
            tree ->
                tree.find("260753009")
                    .item()
                    .items(Tag.ReferencedSOPSequence)
                    .get(0)
                    .putString(Tag.ReferencedSOPClassUID, Vr.UI, "1.2.840.10008.5.1.4.1.1.4"),
            "as an object of class 1.2.840.10008.5.1.4.1.1.4, the evidence lists it as of class"
                + " 1.2.840.10008.5.1.4.1.1.2"),
        tree(
            "presentation state that is not in the evidence",
            tree -> {
              DataSet reference =
                  tree.find("260753009").item().items(Tag.ReferencedSOPSequence).get(0);
              reference.putItems(
                  Tag.ReferencedSOPSequence,
                  new DataSet()
                      .putString(Tag.ReferencedSOPClassUID, Vr.UI, "1.2.840.10008.5.1.4.1.1.11.1")
                      .putString(Tag.ReferencedSOPInstanceUID, Vr.UI, "1.2.9"));
            },
            "refers to 1.2.9, which neither"),
        tree(
            "key objects without a picture",
            "key-objects",
            tree -> {
              tree.removeLast();
              tree.removeLast();
            },
            "has no IMAGE of any name, which is mandatory (PS3.16 TID 2010 row 8)"),
        tree(
            "key objects with two descriptions",
            "key-objects",
            tree -> tree.root().add(Tree.text("CONTAINS", "113012", "Key", "x")),
            "is item 2 TEXT (113012, DCM, \"Key Object Description\"), expected at most 1"));
  }

  private static List<Mutant> modules() {
    List<Mutant> mutants = new ArrayList<>();
    mutants.addAll(
        List.of(
            object(
                "Completion Flag wrong",
                object -> object.putString(Tag.CompletionFlag, Vr.CS, "DONE"),
                "Completion Flag (0040,A491): is 'DONE', expected PARTIAL or COMPLETE"
                    + " (PS3.3 C.17.2)"),
            object(
                "modality of another IOD",
                object -> object.putString(Tag.Modality, Vr.CS, "OT"),
                "Modality (0008,0060): is 'OT', expected SR (PS3.3 C.17.1)"),
            object(
                "date that is none",
                object ->
                    object.putBytes(
                        Tag.ContentDate, Vr.DA, "2024-1-2".getBytes(StandardCharsets.US_ASCII)),
                "Content Date (0008,0023): '2024-1-2' is no valid DA (PS3.5 table 6.2-1)"),
            object(
                "two Patient IDs",
                object -> object.putString(Tag.PatientID, Vr.LO, "1", "2"),
                "Patient ID (0010,0020): has 2 values, expected 1 (PS3.6)"),
            object(
                "wrong value representation",
                object -> object.putString(Tag.AccessionNumber, Vr.LO, "A1"),
                "Accession Number (0008,0050): has value representation LO, expected SH (PS3.6)"),
            object(
                "empty attribute of type 1",
                object -> object.putEmpty(Tag.SeriesInstanceUID, Vr.UI),
                "Series Instance UID (0020,000E): has no value, it is of type 1"),
            object(
                "evidence without its series",
                object ->
                    object
                        .items(Tag.CurrentRequestedProcedureEvidenceSequence)
                        .get(0)
                        .items(Tag.ReferencedSeriesSequence)
                        .get(0)
                        .remove(Tag.SeriesInstanceUID),
                "Referenced Series Sequence (0008,1115) item 1 > Series Instance UID (0020,000E):"
                    + " is missing, it is of type 1"),
            object(
                "verified without a verifying observer",
                object -> object.putString(Tag.VerificationFlag, Vr.CS, "VERIFIED"),
                "Verifying Observer Sequence (0040,A073): is missing, it is of type 1C and required"
                    + " where Verification Flag (0040,A493) is VERIFIED (PS3.3 C.17.2)"),
            object(
                "author without a name",
                object ->
                    object.putItems(
                        Tag.AuthorObserverSequence,
                        new DataSet()
                            .putString(Tag.ObserverType, Vr.CS, "PSN")
                            .putEmpty(Tag.InstitutionName, Vr.LO)
                            .putEmpty(Tag.InstitutionCodeSequence, Vr.SQ)
                            .putEmpty(Tag.PersonIdentificationCodeSequence, Vr.SQ)),
                "Author Observer Sequence (0040,A078) item 1 > Person Name (0040,A123): is missing,"
                    + " it is of type 1C and required where Observer Type (0040,A084) is PSN"),
            object(
                "issuer of an accession number without its type",
                object ->
                    object.putItems(
                        Tag.IssuerOfAccessionNumberSequence,
                        new DataSet().putString(Tag.UniversalEntityID, Vr.UT, "1.2.3")),
                "Universal Entity ID Type (0040,0033): is missing, it is of type 1C and required"
                    + " where Universal Entity ID (0040,0032) is there (PS3.3 table 10-17)")));
    mutants.add(
        new Mutant(
            "colours without Planar Configuration",
            "secondary-capture",
            object ->
                object
                    .putInts(Tag.SamplesPerPixel, Vr.US, 3)
                    .putString(Tag.PhotometricInterpretation, Vr.CS, "RGB"),
            "Planar Configuration (0028,0006): is missing, it is of type 1C and required where"
                + " Samples per Pixel (0028,0002) is 3 (PS3.3 C.7.6.3)"));
    mutants.add(missing(QUALITATIVE, Tag.PatientName, "2, module patient"));
    mutants.add(missing(QUALITATIVE, Tag.StudyInstanceUID, "1, module general-study"));
    mutants.add(missing(QUALITATIVE, Tag.SeriesNumber, "1, module sr-document-series"));
    mutants.add(missing(QUALITATIVE, Tag.Manufacturer, "2, module general-equipment"));
    mutants.add(missing(QUALITATIVE, Tag.VerificationFlag, "1, module sr-document-general"));
    mutants.add(missing(QUALITATIVE, Tag.SOPInstanceUID, "1, module sop-common"));
    mutants.add(missing("key-objects", Tag.SeriesNumber, "1, module key-object-document-series"));
    mutants.add(missing("key-objects", Tag.ContentDate, "1, module key-object-document"));
    mutants.add(missing("secondary-capture", Tag.ConversionType, "1, module sc-equipment"));
    mutants.add(missing("secondary-capture", Tag.InstanceNumber, "2, module general-image"));
    mutants.add(missing("secondary-capture", Tag.BitsStored, "1, module image-pixel"));
    return mutants;
  }

  private static Mutant missing(String document, int tag, String typeAndModule) {
    String[] parts = typeAndModule.split(", module ", -1);
    return new Mutant(
        "%s missing in %s".formatted(Dictionary.entry(tag).orElseThrow().name(), document),
        document,
        object -> object.remove(tag),
        "%s: is missing, it is of type %s (PS3.3, module %s)"
            .formatted(Dictionary.describe(tag), parts[0], parts[1]));
  }
}
