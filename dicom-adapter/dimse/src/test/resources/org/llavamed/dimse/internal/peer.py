"""A peer by pynetdicom for negotiations that other programs cannot do.

Usage: peer.py HOW PORT [FILE]; HOW is one of the names of the functions below.
"""

import sys
import threading
import time

from pydicom import Dataset, dcmread
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE, build_role, evt
from pynetdicom.pdu_primitives import (
    AsynchronousOperationsWindowNegotiation,
    SOPClassExtendedNegotiation,
    UserIdentityNegotiation,
)

CT = "1.2.840.10008.5.1.4.1.1.2"
VERIFICATION = "1.2.840.10008.1.1"
FIND = "1.2.840.10008.5.1.4.1.2.2.1"
GET = "1.2.840.10008.5.1.4.1.2.2.3"
COMMITMENT = "1.2.840.10008.1.20.1"
COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1.1"


def associate(port, items=(), contexts=((CT, (ExplicitVRLittleEndian,)),), maximum=16382):
    ae = AE("PYNETDICOM")
    for abstract, syntaxes in contexts:
        ae.add_requested_context(abstract, list(syntaxes))
    association = ae.associate(
        "127.0.0.1", int(port), ae_title="RECEIVER", ext_neg=list(items), max_pdu=maximum
    )
    assert association.is_established, "no association"
    return association


def odd_negotiation(port, file):
    """Asynchronous operations, user identity, extended negotiation, roles, tiny PDUs."""
    window = AsynchronousOperationsWindowNegotiation()
    window.maximum_number_operations_invoked = 5
    window.maximum_number_operations_performed = 5
    identity = UserIdentityNegotiation()
    identity.user_identity_type = 2
    identity.primary_field = b"user"
    identity.secondary_field = b"secret"
    identity.positive_response_requested = True
    extended = SOPClassExtendedNegotiation()
    extended.sop_class_uid = CT
    extended.service_class_application_information = b"\x02\x00\x03\x00\x01\x00"
    contexts = [(CT, (ExplicitVRLittleEndian, ImplicitVRLittleEndian))]
    contexts += [("1.2.826.0.1.3680043.9.3811.%d" % i, (ImplicitVRLittleEndian,)) for i in range(1, 100)]
    contexts += [(VERIFICATION, (ImplicitVRLittleEndian,))]
    roles = build_role(CT, scu_role=True, scp_role=True)
    association = associate(port, (window, identity, extended, roles), contexts, 64)
    accepted = {context.abstract_syntax: context for context in association.accepted_contexts}
    answers = association.acceptor.primitive.user_information
    windows = [i for i in answers if isinstance(i, AsynchronousOperationsWindowNegotiation)]
    assert len(windows) == 1, answers
    assert windows[0].maximum_number_operations_invoked == 1, windows
    assert windows[0].maximum_number_operations_performed == 1, windows
    assert set(accepted) == {CT, VERIFICATION}, accepted
    assert not accepted[CT].as_scp, "we are provider, not user"
    assert association.send_c_echo().Status == 0
    assert association.send_c_store(dcmread(file)).Status == 0
    association.release()
    assert association.is_released


def early_release(port, file):
    """Nothing but association and release."""
    association = associate(port)
    association.release()
    assert association.is_released


def abort_in_transfer(port, file):
    """An abort after the first parts of an object."""
    association = associate(port)
    sent = []

    def cut(event):
        sent.append(event)
        if len(sent) == 20:
            association.dul.socket.send(b"\x07\0\0\0\0\4\0\0\0\0")

    association.bind(evt.EVT_DATA_SENT, cut)
    status = association.send_c_store(dcmread(file))
    assert "Status" not in status, status
    assert len(sent) > 20, len(sent)


def serve_implicit(port, file):
    """A provider that takes CT images in Implicit VR Little Endian alone, once."""
    done = []

    def store(event):
        dataset = event.dataset
        dataset.file_meta = event.file_meta
        dataset.save_as(file, write_like_original=False)
        return 0x0000

    ae = AE("RECEIVER")
    ae.add_supported_context(CT, ImplicitVRLittleEndian)
    handlers = [(evt.EVT_C_STORE, store), (evt.EVT_RELEASED, done.append)]
    server = ae.start_server(("127.0.0.1", int(port)), block=False, evt_handlers=handlers)
    end = time.time() + 60
    while not done and time.time() < end:
        time.sleep(0.05)
    server.shutdown()


def serve_abort(port, file):
    """A provider that aborts when an object comes."""

    def store(event):
        event.assoc.abort()
        return 0x0000

    ae = AE("RECEIVER")
    ae.add_supported_context(CT, ExplicitVRLittleEndian)
    server = ae.start_server(
        ("127.0.0.1", int(port)), block=False, evt_handlers=[(evt.EVT_C_STORE, store)]
    )
    time.sleep(10)
    server.shutdown()


def serve_get(port, file, find=None):
    """A provider of C-GET that has one object and answers queries in its own way, or has none."""

    def get(event):
        yield 1
        yield 0xFF00, dcmread(file)

    ae = AE("RECEIVER")
    ae.add_supported_context(GET, ExplicitVRLittleEndian)
    ae.add_supported_context(CT, ExplicitVRLittleEndian, scu_role=False, scp_role=True)
    handlers = [(evt.EVT_C_GET, get)]
    if find:
        ae.add_supported_context(FIND, ExplicitVRLittleEndian)
        handlers.append((evt.EVT_C_FIND, find))
    server = ae.start_server(("127.0.0.1", int(port)), block=False, evt_handlers=handlers)
    time.sleep(60)
    server.shutdown()


def serve_get_failing_find(port, file):
    def find(event):
        yield 0xC000, None

    serve_get(port, file, find)


def serve_get_aborting_find(port, file):
    def find(event):
        event.assoc.abort()
        yield 0x0000, None

    serve_get(port, file, find)


def serve_get_find_without_classes(port, file):
    """Each query has one match, which has the unique keys and no SOP class."""

    def find(event):
        match = Dataset()
        held = dcmread(file)
        match.QueryRetrieveLevel = event.identifier.QueryRetrieveLevel
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            if keyword in event.identifier:
                setattr(match, keyword, held[keyword].value)
        yield 0xFF00, match

    serve_get(port, file, find)


def serve_get_find_of_another_class(port, file):
    def find(event):
        match = Dataset()
        match.QueryRetrieveLevel = "STUDY"
        match.StudyInstanceUID = event.identifier.StudyInstanceUID
        match.SOPClassesInStudy = [VERIFICATION, "1.2.3"]
        yield 0xFF00, match

    serve_get(port, file, find)


def serve_commit(port, lost, after):
    """A provider of storage commitment, once, which reports on the association of the request."""
    statuses = []
    over = threading.Event()

    def report(association, action):
        result = Dataset()
        result.TransactionUID = action.TransactionUID
        items = action.ReferencedSOPSequence
        result.ReferencedSOPSequence = [i for i in items if i.ReferencedSOPInstanceUID != lost]
        result.FailedSOPSequence = [i for i in items if i.ReferencedSOPInstanceUID == lost]
        for item in result.FailedSOPSequence:
            item.FailureReason = 0x0112
        answer, _ = association.send_n_event_report(result, 2, COMMITMENT, COMMITMENT_INSTANCE)
        statuses.append(answer.get("Status"))

    def act(event):
        arguments = (event.assoc, event.action_information)
        if after is None:
            report(*arguments)
        else:
            threading.Timer(after, report, arguments).start()
        return 0x0000, None

    ae = AE("RECEIVER")
    ae.add_supported_context(COMMITMENT, ExplicitVRLittleEndian)
    handlers = [(evt.EVT_N_ACTION, act), (evt.EVT_RELEASED, lambda event: over.set())]
    server = ae.start_server(("127.0.0.1", int(port)), block=False, evt_handlers=handlers)
    released = over.wait(30)
    server.shutdown()
    assert released, "not released"
    assert statuses == [0x0000], statuses


def serve_commit_later(port, lost):
    serve_commit(port, lost, 0.3)


def serve_commit_within(port, lost):
    """The report comes before the response to the request."""
    serve_commit(port, lost, None)


def serve_relational(port, model):
    """A provider of an information model that has nothing and accepts relational queries, once."""
    proposed = {}
    over = threading.Event()

    def negotiate(event):
        proposed.update(event.app_info)
        return {model: b"\x01"}

    def act(event):
        if model == GET:
            yield 0

    def released(event):
        if proposed:
            over.set()

    ae = AE("RECEIVER")
    ae.add_supported_context(model, ExplicitVRLittleEndian)
    handlers = [
        (evt.EVT_SOP_EXTENDED, negotiate),
        (evt.EVT_C_FIND, act),
        (evt.EVT_C_GET, act),
        (evt.EVT_RELEASED, released),
    ]
    server = ae.start_server(("127.0.0.1", int(port)), block=False, evt_handlers=handlers)
    ended = over.wait(30)
    server.shutdown()
    assert ended, "not released"
    assert proposed == {model: b"\x01"}, proposed


if __name__ == "__main__":
    globals()[sys.argv[1]](sys.argv[2], sys.argv[3])
