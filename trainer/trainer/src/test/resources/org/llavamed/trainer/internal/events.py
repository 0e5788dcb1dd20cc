"""Makes and reads event files with TensorBoard's own code (pip install tensorboard; made with 2.21.0).

  events.py make          writes events.golden, which EventFileTest holds the writer against
  events.py read FOLDER   prints the curves of a run as TensorBoard understands them
"""

import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

WALL_TIME = 1767323045.25


def make():
    with open(Path(__file__).with_name("events.golden"), "wb") as file:
        records = RecordWriter(file)

        def write(**fields):
            records.write(Event(wall_time=WALL_TIME, **fields).SerializeToString())

        write(file_version="brain.Event:2")
        write(step=301, session_log=SessionLog(status=SessionLog.START))
        for step, values in ((301, {"loss/training": 1.5}), (302, {"loss/training": 0.1, "rate/décodeur": -2e-5})):
            scalars = [Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()]
            write(step=step, summary=Summary(value=scalars))


def read(folder):
    events = EventAccumulator(folder)
    events.Reload()
    for tag in events.Tags()["scalars"]:
        print(tag, [(event.step, round(event.value, 6)) for event in events.Scalars(tag)])


if __name__ == "__main__":
    make() if sys.argv[1] == "make" else read(sys.argv[2])
