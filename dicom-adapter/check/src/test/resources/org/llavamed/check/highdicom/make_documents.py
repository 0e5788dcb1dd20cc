#!/usr/bin/env python3
"""Writes valid documents with highdicom 0.28.2 (MIT), beside this script.

    python make_documents.py

The pictures that they refer to are made up and not written.
"""

import datetime
import pathlib

import highdicom as hd
import numpy as np
from highdicom import ko, sc, sr
from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

HERE = pathlib.Path(__file__).parent
ROOT = "1.2.826.0.1.3680043.10.1561.1."
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"


def picture(number):
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID = CTImageStorage
    image.SOPInstanceUID = ROOT + "3.%d" % number
    image.StudyInstanceUID = ROOT + "1"
    image.SeriesInstanceUID = ROOT + "2"
    image.FrameOfReferenceUID = ROOT + "4"
    image.PatientName = "Made^Up"
    image.PatientID = "1"
    image.PatientBirthDate = "19700101"
    image.PatientSex = "O"
    image.StudyDate = image.SeriesDate = image.ContentDate = image.AcquisitionDate = "20240101"
    image.StudyTime = image.SeriesTime = image.ContentTime = image.AcquisitionTime = "120000"
    image.StudyID = "1"
    image.AccessionNumber = "A1"
    image.ReferringPhysicianName = ""
    image.Modality = "CT"
    image.Manufacturer = "None"
    image.SeriesNumber = 1
    image.InstanceNumber = number
    image.Rows = image.Columns = 16
    image.SamplesPerPixel = 1
    image.PhotometricInterpretation = "MONOCHROME2"
    image.BitsAllocated = image.BitsStored = 16
    image.HighBit = 15
    image.PixelRepresentation = 0
    image.PixelSpacing = [1.0, 1.0]
    image.SliceThickness = 1.0
    image.ImagePositionPatient = [0.0, 0.0, float(number)]
    image.ImageOrientationPatient = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    image.PixelData = bytes(512)
    return image


IMAGES = [picture(1), picture(2)]
SEGMENT_FRAME = sr.ReferencedSegmentationFrame(
    sop_class_uid=SEGMENTATION,
    sop_instance_uid=ROOT + "5.1",
    frame_number=1,
    segment_number=1,
    source_image=sr.SourceImageForSegmentation(CTImageStorage, IMAGES[0].SOPInstanceUID),
)
SEGMENT = sr.ReferencedSegment(
    sop_class_uid=SEGMENTATION,
    sop_instance_uid=ROOT + "5.1",
    segment_number=1,
    source_images=[
        sr.SourceImageForSegmentation(CTImageStorage, image.SOPInstanceUID) for image in IMAGES
    ],
)


def segmentation():
    image = picture(3)
    image.SOPClassUID = SEGMENTATION
    image.SOPInstanceUID = ROOT + "5.1"
    image.SeriesInstanceUID = ROOT + "5"
    image.Modality = "SEG"
    return image


def context(person):
    device = sr.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=sr.DeviceObserverIdentifyingAttributes(
            uid=ROOT + "6", name="model", manufacturer_name="None", model_name="m"
        ),
    )
    reader = sr.ObserverContext(
        observer_type=codes.DCM.Person,
        observer_identifying_attributes=sr.PersonObserverIdentifyingAttributes(name="Foo^Bar"),
    )
    return sr.ObservationContext(
        observer_person_context=reader if person else None,
        observer_device_context=device,
        subject_context=sr.SubjectContext(
            subject_class=codes.DCM.Fetus,
            subject_class_specific_context=sr.SubjectContextFetus(subject_id="1"),
        )
        if person
        else None,
    )


def measurement(name, value, unit, **more):
    return sr.Measurement(name=name, value=value, unit=unit, **more)


AREA = measurement(
    codes.SCT.Area,
    12.5,
    codes.UCUM.SquareMillimeter,
    derivation=codes.SCT.Mean,
    algorithm_id=sr.AlgorithmIdentification(name="area", version="2"),
    properties=sr.MeasurementProperties(normality=codes.SCT.Normal),
)
VOLUME = measurement(
    codes.SCT.Volume,
    99.0,
    codes.UCUM.CubicMillimeter,
    method=CodedConcept("m1", "99TEST", "a method"),
    finding_sites=[sr.FindingSite(codes.SCT.Lung, laterality=codes.SCT.Right)],
)
EVALUATION = sr.QualitativeEvaluation(codes.SCT.Lesion, codes.SCT.Yes)
ALGORITHM = sr.AlgorithmIdentification(name="model", version="1.0", parameters=["a=1", "b=2"])


def tracking(number):
    return sr.TrackingIdentifier(uid=ROOT + "7.%d" % number, identifier="finding %d" % number)


def qualitative():
    return sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=tracking(1),
        algorithm_id=ALGORITHM,
        finding_type=codes.SCT.Nodule,
        finding_category=codes.SCT.MorphologicallyAbnormalStructure,
        qualitative_evaluations=[EVALUATION],
        source_images=[sr.SourceImageForMeasurementGroup.from_source_image(IMAGES[0])],
    )


def measured():
    # Without method=: highdicom gives it CONTAINS where TID 1501 row 5 has HAS CONCEPT MOD.
    return sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=tracking(2),
        time_point_context=sr.TimePointContext("baseline"),
        finding_sites=[
            sr.FindingSite(
                codes.SCT.Lung,
                laterality=codes.SCT.Left,
                topographical_modifier=CodedConcept("46053002", "SCT", "Distal"),
            )
        ],
        measurements=[AREA, VOLUME],
    )


def region(graphic="POLYGON", image=None):
    image = IMAGES[0] if image is None else image
    points = {"POLYGON": [[1, 1], [1, 9], [9, 9], [1, 1]], "POINT": [[4, 4]]}[graphic]
    return sr.ImageRegion(
        graphic_type=getattr(sr.GraphicTypeValues, "POLYLINE" if graphic == "POLYGON" else graphic),
        graphic_data=np.array(points, dtype=float),
        source_image=sr.SourceImageForRegion.from_source_image(image),
    )


def planar(**where):
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=tracking(3),
        finding_type=codes.SCT.Nodule,
        measurements=[AREA],
        qualitative_evaluations=[EVALUATION],
        algorithm_id=ALGORITHM,
        **where,
    )


def volumetric(**where):
    return sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=tracking(4),
        finding_type=codes.SCT.Nodule,
        finding_sites=[sr.FindingSite(codes.SCT.Lung)],
        measurements=[VOLUME],
        qualitative_evaluations=[EVALUATION],
        **where,
    )


def surface():
    return sr.VolumeSurface(
        graphic_type=sr.GraphicTypeValues3D.POINT,
        graphic_data=np.array([[1.0, 2.0, 3.0]]),
        frame_of_reference_uid=IMAGES[0].FrameOfReferenceUID,
        source_images=[
            sr.SourceImageForSegmentation(CTImageStorage, image.SOPInstanceUID)
            for image in IMAGES
        ],
    )


def report(groups, person=False, library=False):
    return sr.MeasurementReport(
        observation_context=context(person),
        procedure_reported=codes.LN.CTUnspecifiedBodyRegion,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
        language_of_content_item_and_descendants=sr.LanguageOfContentItemAndDescendants(
            CodedConcept("en-US", "RFC5646", "English (United States)")
        ),
        referenced_images=IMAGES if library else None,
    )


def common(number):
    return {
        "series_instance_uid": ROOT + "8.%d" % number,
        "series_number": 100 + number,
        "sop_instance_uid": ROOT + "9.%d" % number,
        "instance_number": 1,
        "manufacturer": "None",
    }


def write(name, kind, content, evidence, number):
    document = kind(
        evidence=evidence,
        content=content if not isinstance(content, sr.MeasurementReport) else content[0],
        is_complete=True,
        is_final=True,
        is_verified=False,
        institution_name="None",
        performed_procedure_codes=[],
        record_evidence=True,
        **common(number),
    )
    save(name, document)


def save(name, document):
    document.ContentDate = "20240102"
    document.ContentTime = "120000"
    document.InstanceCreationDate = "20240102"
    document.InstanceCreationTime = "120000"
    document.save_as(HERE / (name + ".dcm"), enforce_file_format=True)


def main():
    both = [sr.Comprehensive3DSR, sr.ComprehensiveSR]
    seg = segmentation()
    write("qualitative", both[0], report([qualitative()], True, True), IMAGES, 1)
    write("measured", both[1], report([measured()]), IMAGES[:1], 2)
    write("planar-region", both[0], report([planar(referenced_region=region())]), IMAGES[:1], 3)
    write(
        "planar-segment", both[1],
        report([planar(referenced_segment=SEGMENT_FRAME)]), [IMAGES[0], seg], 4,
    )
    write(
        "volumetric-segment", both[0],
        report([volumetric(referenced_segment=SEGMENT)], library=True), [*IMAGES, seg], 5,
    )
    write(
        "volumetric-regions", both[1],
        report([volumetric(referenced_regions=[region(), region("POINT", IMAGES[1])])]), IMAGES, 6,
    )
    write(
        "volumetric-surface", both[0],
        report([volumetric(referenced_volume_surface=surface()), qualitative(), measured()]),
        IMAGES, 7,
    )
    write_key_objects()
    write_capture()


def write_key_objects():
    content = ko.KeyObjectSelection(
        document_title=codes.DCM.Manifest,
        referenced_objects=IMAGES,
        description="pictures that were read",
    )
    save("key-objects", ko.KeyObjectSelectionDocument(evidence=IMAGES, content=content, **common(8)))


def write_capture():
    capture = sc.SCImage.from_ref_dataset(
        ref_dataset=IMAGES[0],
        pixel_array=np.zeros((8, 8), dtype=np.uint8),
        photometric_interpretation="MONOCHROME2",
        bits_allocated=8,
        coordinate_system="PATIENT",
        patient_orientation=["L", "P"],
        **common(9),
    )
    save("secondary-capture", capture)


main()
