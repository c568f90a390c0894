"""How long reading TensorBoard's event files takes, beside `EventAccumulator` and tbparse.

    python tests/bench/read_tensorboard.py [--tags 20] [--steps 50000] [--form simple|tensor] [--tbparse PYTHON]

Every reading is a process of its own: its processor seconds (other programs on the machine hardly count), and how much its
memory grows at the peak. The fastest of three counts for reportgen, the others read once. tbparse is measured when `--tbparse`
names a Python that has it (`python -m venv x; x/bin/pip install tbparse`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

_BARS = {"EventAccumulator": 20, "tbparse": 30}

_MEASURED = {
    "reportgen": """
import reportgen as rg
rg.load(small, cache=False)
def read(): return sum(len(series) for run in rg.load(log, cache=False) for series in run.history.values())
""",
    "EventAccumulator": """
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray
limits = dict.fromkeys(("scalars", "images", "audio", "histograms", "compressedHistograms", "tensors"), 0)
def read():
    reader = EventAccumulator(log, limits).Reload()
    tensors = sum(len([make_ndarray(one.tensor_proto) for one in reader.Tensors(tag)]) for tag in reader.Tags()["tensors"])
    return tensors + sum(len(reader.Scalars(tag)) for tag in reader.Tags()["scalars"])
""",
    "tbparse": """
from tbparse import SummaryReader
def read():
    reader = SummaryReader(log)
    return len(reader.scalars) + len(reader.tensors)
""",
}

_AROUND = """
import json, resource, sys, time
log, small = sys.argv[1:3]
{reader}
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
count = read()
seconds, after = time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([count, seconds, (after - before) * 1024]))
"""


def write(folder: Path, tags: int, steps: int, form: str) -> Path:
    """A log by TensorBoard's own classes: `tags` metrics at each of `steps` steps."""
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
    from tensorboard.summary.writer.record_writer import RecordWriter

    scalars = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="scalars"))
    path = folder / "events.out.tfevents.1700000000.bench.1.0"
    folder.mkdir()
    with path.open("wb") as file:
        writer = RecordWriter(file)
        writer.write(Event(wall_time=1.7e9, file_version="brain.Event:2").SerializeToString())
        for step in range(steps):
            for i in range(tags):
                value = Summary.Value(tag=f"train/metric_{i}")
                if form == "simple":
                    value.simple_value = (step + 1) / (i + 3)
                else:
                    tensor = TensorProto(dtype=1, tensor_shape=TensorShapeProto(), float_val=[(step + 1) / (i + 3)])
                    value.tensor.CopyFrom(tensor)
                    value.metadata.CopyFrom(scalars)
                event = Event(wall_time=1.7e9 + step + i / 1000, step=step, summary=Summary(value=[value]))
                writer.write(event.SerializeToString())
    return path


def measured(reader: str, python: str, log: Path, small: Path) -> tuple[int, float, float]:
    """Values, processor seconds, and bytes of memory at the peak beyond what was there before."""
    program = _AROUND.format(reader=_MEASURED[reader])
    done = subprocess.run([python, "-c", program, str(log), str(small)], capture_output=True, text=True, check=True)
    count, seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return count, seconds, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tags", type=int, default=20)
    parser.add_argument("--steps", type=int, default=50_000)
    parser.add_argument("--form", choices=("simple", "tensor"), default="simple")
    parser.add_argument("--tbparse", metavar="PYTHON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = write(Path(folder) / "small", 2, 10, options.form)
        log = write(Path(folder) / "log", options.tags, options.steps, options.form)
        print(f"{options.tags} tags x {options.steps:,} steps, {options.form}: {log.stat().st_size / 1e6:.0f} MB")
        ours = min((measured("reportgen", sys.executable, log.parent, small.parent) for _ in range(3)), key=lambda one: one[1])
        print(f"reportgen         {ours[1]:7.2f} s  {ours[2] / ours[0]:6.0f} bytes a point (bar: 100)")
        peers = {"EventAccumulator": sys.executable} | ({"tbparse": options.tbparse} if options.tbparse else {})
        for reader, python in peers.items():
            theirs = measured(reader, python, log.parent, small.parent)
            if theirs[0] != ours[0]:
                raise SystemExit(f"{reader} read {theirs[0]:,} values and reportgen {ours[0]:,}")
            slower = f"{theirs[1] / ours[1]:.1f} times slower (bar: {_BARS[reader]})"
            print(f"{reader:17} {theirs[1]:7.2f} s  {theirs[2] / theirs[0]:6.0f} bytes a point; {slower}")


if __name__ == "__main__":
    main()
