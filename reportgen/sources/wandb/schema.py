"""The protobuf messages of a W&B log, as far as they are read.

The numbers are those of `wandb_internal.proto` of the W&B SDK 0.31, and files of 0.13 were written with the same ones.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from reportgen.sources import protobuf

_PACKAGE = "reportgen.wandb"

# History and Update are read as bytes first, because most of them need no protobuf (see `items.py`).
_MESSAGES = """
Record: 1 num int64, 2 history |bytes, 3 summary |bytes, 4 output |Output, 5 config |bytes, 7 stats |Stats,
    8 artifact |Artifact, 12 metric |Metric, 13 output_raw |Output, 17 run |Run, 18 exit |Exit, 21 header |Header,
    25 use_artifact |UseArtifact, 26 environment |Environment
Header: 1 version_info Version
Version: 1 producer string, 2 min_consumer string
Time: 1 seconds int64, 2 nanos int32
Item: 1 key string, 2 nested_key string*, 16 value_json string
Update: 1 update Item*, 2 remove Item*
History: 1 item Item*, 2 step Step
Step: 1 num int64
Output: 1 output_type int32, 2 timestamp Time, 3 line string
Stats: 1 stats_type int32, 2 timestamp Time, 3 item StatsItem*
StatsItem: 1 key string, 16 value_json string
Exit: 1 exit_code int32, 2 runtime int32, 3 not_complete bool
Git: 1 remote_url string, 2 commit string
Telemetry: 4 python_version string, 5 cli_version string
Run: 1 run_id string, 2 entity string, 3 project string, 4 config bytes, 5 summary bytes, 6 run_group string,
    7 job_type string, 8 display_name string, 9 notes string, 10 tags string*, 12 sweep_id string, 13 host string,
    17 start_time Time, 19 telemetry Telemetry, 20 runtime int32, 21 git Git
Metric: 1 name string, 2 glob_name string, 4 step_metric string, 5 step_metric_index int32, 6 options MetricOptions,
    7 summary MetricSummary, 8 goal int32, 10 expanded_from_glob bool
MetricOptions: 1 step_sync bool, 2 hidden bool, 3 defined bool
MetricSummary: 1 min bool, 2 max bool, 3 mean bool, 4 best bool, 5 last bool, 6 none bool, 7 copy bool, 8 first bool
Artifact: 1 run_id string, 2 project string, 3 entity string, 4 type string, 5 name string, 6 digest string,
    7 description string, 8 metadata string, 10 use_after_commit bool, 11 aliases string*, 12 manifest Manifest,
    15 client_id string
Manifest: 1 version int32, 4 contents ManifestEntry*
ManifestEntry: 1 path string, 2 digest string, 3 ref string, 4 size int64, 6 local_path string
UseArtifact: 1 id string, 2 type string, 3 name string
Environment: 1 os string, 2 python string, 3 started_at Time, 4 docker string, 5 args string*, 6 program string,
    9 git Git, 10 email string, 12 host string, 13 username string, 16 cpu_count uint32, 17 cpu_count_logical uint32,
    18 gpu_type string, 19 gpu_count uint32, 21 memory Memory, 22 cpu Cpu, 23 apple Apple, 24 gpu_nvidia Gpu*,
    25 cuda_version string
Memory: 1 total uint64
Cpu: 1 count uint32, 2 count_logical uint32, 3 model string
Apple: 1 name string
Gpu: 1 name string, 2 memory_total uint64, 4 architecture string
"""


@cache
def message_class(name: str) -> Any:
    """The class of a message: "Record" (its `WhichOneof("record_type")` names the field that is set), "History", "Update"."""
    return protobuf.message_class(_PACKAGE, _MESSAGES, name)
